import type { ConsentFact, ConsentRequest } from '@keyturn/contracts';
import type { Identifier } from '../directory/identifier.ts';
import type { Holding } from '../slice.ts';

/** WhatsApp began in 2009: an instant before it is a mistake. */
const EARLIEST = Date.UTC(2009, 0, 1);
/** Why nobody can have said it then; null: they can. An opt-in dated ahead would outrank the stops that are yet to come. */
export function impossibleAt(occurredAt: string, now: Date): string | null {
  const at = Date.parse(occurredAt);
  if (at > now.getTime()) return 'lies in the future: say when the person said so, in UTC, and keep the clock of whatever says it right';
  return at < EARLIEST ? 'is before there was WhatsApp: say when the person said so' : null;
}

/** What was stated as the ledger has it: the same words in another order are the same fact. */
export const statedFact = ({ kind, categories, source, evidence, occurredAt }: ConsentRequest): ConsentFact => ({
  ...{ kind, source, occurredAt },
  categories: [...new Set(categories)].sort(),
  evidence: Object.fromEntries(Object.entries(evidence).sort(([a], [b]) => (a < b ? -1 : 1))),
});

/** Under which identifier a contact was known at an instant, as facts are kept: its number, else an id. Null: it held none then, so nothing
 *  said then was said by it. */
export function heldAt(holdings: readonly Holding[], at: number): Identifier | null {
  const held = holdings.filter(({ from, to }) => from <= at && at < to).map(({ identifier }) => identifier);
  return held.toSorted(inOrder)[0] ?? null;
}
const KINDS = ['w', 'u', 'p'];
const inOrder = (a: Identifier, b: Identifier): number => KINDS.indexOf(a[0] as string) - KINDS.indexOf(b[0] as string) || (a < b ? -1 : 1);
