import type { Identifier } from '../directory/identifier.ts';
import type { Who } from '../slice.ts';

/** From when on what is kept under an identifier counts for what is not carried across a number change (opt-ins, windows); null: always.
 *  An identifier that is not in it was left behind. */
export type HeldNow = Readonly<Record<Identifier, number | null>>;

/** The identifiers that the contact holds now and still will, each from when it got it or from its latest number change, whichever is later:
 *  a BSUID may stay with a person whose number did not (FACTS trap 20). */
export function heldNow({ holdings, signals }: Pick<Who, 'holdings' | 'signals'>): HeldNow {
  const changedAt = Math.max(
    Number.NEGATIVE_INFINITY,
    ...signals.filter(({ signal }) => signal.startsWith('number_change')).map(({ at }) => at),
  );
  const open = holdings.filter(({ to }) => to === Number.POSITIVE_INFINITY);
  return Object.fromEntries(
    open.map(({ identifier, from }) => {
      const since = Math.max(from, changedAt);
      return [identifier, Number.isFinite(since) ? since : null];
    }),
  );
}

/** Whether what was said under `as` at `at` belongs to the contact as it can be written to now. Null, before the directory said anything: yes. */
export const countsNow = (held: HeldNow | null, as: Identifier, at: number): boolean =>
  held === null || (Object.hasOwn(held, as) && at >= (held[as] ?? Number.NEGATIVE_INFINITY));

/** Whether both hold the same identifiers from the same instants on. */
export const sameHeld = (a: HeldNow | null, b: HeldNow | null): boolean => a === b || (a !== null && b !== null && sorted(a) === sorted(b));
const sorted = (held: HeldNow): string => JSON.stringify(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)));
