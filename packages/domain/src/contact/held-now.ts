import type { Identifier } from '../directory/identifier.ts';
import type { Holding, Who } from '../slice.ts';

/** From when on what is kept under an identifier counts for what is not carried across a number change (opt-ins, windows); null: always.
 *  An identifier that is not in it was left behind. */
export type HeldNow = Readonly<Record<Identifier, number | null>>;

/** The identifiers that the contact holds now and still will, each from when it got it or from its latest number change, whichever is later:
 *  a BSUID may stay with a person whose number did not (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/system, read 2026-05). Null where nothing was ever left behind: then all counts. */
export function heldNow({ holdings, signals }: Pick<Who, 'holdings' | 'signals'>): HeldNow | null {
  if (signals.length === 0 && holdings.every(isAlways)) return null; // as of nearly everybody
  const changedAt = Math.max(
    Number.NEGATIVE_INFINITY,
    ...signals.filter(({ signal }) => signal.startsWith('number_change')).map(({ at }) => at),
  );
  const open = holdings.filter(({ to }) => to === Number.POSITIVE_INFINITY);
  const since = open.map(({ identifier, from }): [Identifier, number] => [identifier, Math.max(from, changedAt)]);
  const always = holdings.every(({ identifier }) => open.some((one) => one.identifier === identifier));
  if (always && since.every(([, from]) => from === Number.NEGATIVE_INFINITY)) return null;
  return Object.fromEntries(since.map(([identifier, from]) => [identifier, Number.isFinite(from) ? from : null]));
}

const isAlways = ({ from, to }: Holding): boolean => from === Number.NEGATIVE_INFINITY && to === Number.POSITIVE_INFINITY;

/** Whether what was said under `as` at `at` belongs to the contact as it can be written to now. */
export const countsNow = (held: HeldNow | null, as: Identifier, at: number): boolean =>
  held === null || (Object.hasOwn(held, as) && at >= (held[as] ?? Number.NEGATIVE_INFINITY));

/** Whether both say the same, in whatever order a database gives back the keys. */
export const sameHeld = (a: HeldNow | null, b: HeldNow | null): boolean =>
  a === null || b === null ? a === b : canonical(a) === canonical(b);
const canonical = (held: HeldNow): string => JSON.stringify(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)));
