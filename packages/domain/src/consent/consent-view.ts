import { ConsentCategory, type ConsentSource, type ConsentView } from '@keyturn/contracts';
import { countsNow, type HeldNow } from '../contact/held-now.ts';
import { atOf, type Kept, labelled } from '../contact/kept.ts';
import { instantOf } from '../seconds.ts';

/** What the consent slice keeps of a contact: three registers under each identifier. `held`: under which of them an opt-in counts. */
export type ConsentState = { readonly kept: Kept; readonly held: HeldNow | null };
type Register = 'stop' | 'explicit' | 'thread';
type Said = { readonly register: Register; readonly category: ConsentCategory | null; readonly source: ConsentSource; readonly at: number };
type Shown = ConsentView[ConsentCategory];

/** What a thread that the customer starts is an opt-in for: all but marketing. */
export const THREAD_CATEGORIES: readonly ConsentCategory[] = ['utility', 'authentication', 'service'];

/** Where a register's entries are kept. A thread has no category: which it counts for is said by this release, now and not then. */
export const registerLabel = (register: Register, source: ConsentSource, category?: ConsentCategory): string =>
  register === 'thread' ? `thread:${source}` : `${register}:${source}:${category}`;

/** May we write, per category. Opted out if the latest stop is not older than the latest explicit opt-in; else opted in by that, or by the first
 *  thread where threads count. A stop counts under whatever identifier it came; the rest only under those held now. */
export function consentView({ kept, held }: ConsentState): ConsentView {
  const said = [...saidIn(kept, held)];
  const status = (category: ConsentCategory): Shown => {
    const stop = latest(said.filter((one) => one.register === 'stop' && one.category === category));
    const explicit = latest(said.filter((one) => one.register === 'explicit' && one.category === category));
    if (stop && !(explicit && explicit.at > stop.at)) return shown('opted_out', stop);
    const thread = THREAD_CATEGORIES.includes(category) ? earliest(said.filter((one) => one.register === 'thread')) : undefined;
    const optIn = explicit ?? thread;
    return optIn ? shown('opted_in', optIn) : { status: 'none', source: null, occurredAt: null };
  };
  return {
    marketing: status('marketing'),
    utility: status('utility'),
    authentication: status('authentication'),
    service: status('service'),
  };
}

/** The status of every category, as the view has it. */
export type ConsentStatuses = Readonly<Record<ConsentCategory, Pick<Shown, 'status'>>>;
const OPTED_IN = { status: 'opted_in' } as const;
const OPTED_OUT = { status: 'opted_out' } as const;
const NEVER_ASKED = { status: 'none' } as const;

/** What the view says of each category, its source and time aside, by one look at what is kept; in a fraction of the view's time. */
export function consentStatuses({ kept, held }: ConsentState): ConsentStatuses {
  const named: { readonly register: string; readonly category: string; readonly at: number }[] = []; // of nearly nobody
  let thread = false;
  for (const [as, label, entries] of labelled(kept)) {
    if (label.startsWith('thread:')) {
      thread ||= entries.some((entry) => countsNow(held, as, atOf(entry)));
      continue;
    }
    const [register, , category] = label.split(':') as [Register, ConsentSource, ConsentCategory];
    for (const entry of entries) {
      const at = atOf(entry);
      if (register === 'stop' || countsNow(held, as, at)) named.push({ register, category, at });
    }
  }
  const latestAt = (register: Register, category: ConsentCategory): number => {
    let latest = Number.NEGATIVE_INFINITY;
    for (const one of named) if (one.register === register && one.category === category) latest = Math.max(latest, one.at);
    return latest;
  };
  const status = (category: ConsentCategory): Pick<Shown, 'status'> => {
    const [stop, optIn] = [latestAt('stop', category), latestAt('explicit', category)];
    if (Number.isFinite(stop) && optIn <= stop) return OPTED_OUT;
    return Number.isFinite(optIn) || (thread && THREAD_CATEGORIES.includes(category)) ? OPTED_IN : NEVER_ASKED;
  };
  return {
    marketing: status('marketing'),
    utility: status('utility'),
    authentication: status('authentication'),
    service: status('service'),
  };
}

function* saidIn(kept: Kept, held: HeldNow | null): Generator<Said> {
  for (const [as, label, entries] of labelled(kept)) {
    const [register, source, category] = label.split(':') as [Register, ConsentSource, ConsentCategory?];
    for (const at of entries.map(atOf)) {
      if (register === 'stop' || countsNow(held, as, at)) yield { register, source, at, category: category ?? null };
    }
  }
}

/** Total, so that two sources in one second always show the same one. */
const inOrder = (a: Said, b: Said): number => a.at - b.at || (a.source < b.source ? -1 : Number(a.source > b.source));
const latest = (said: readonly Said[]): Said | undefined => said.toSorted(inOrder).at(-1);
const earliest = (said: readonly Said[]): Said | undefined => said.toSorted(inOrder)[0];
const shown = (status: 'opted_in' | 'opted_out', { source, at }: Said): Shown => ({ status, source, occurredAt: instantOf(at) });

/** Whether any category's answer differs, its source and time aside. */
export const sameStatuses = (a: ConsentView, b: ConsentView): boolean =>
  ConsentCategory.options.every((category) => a[category].status === b[category].status);
