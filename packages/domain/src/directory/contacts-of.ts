import type { Identifier } from './identifier.ts';
import { periodIn } from './periods.ts';
import type { Settled } from './settle.ts';

/** What the directory says of one contact. A merged one has nothing: its survivor has it. */
export type ContactEntry = {
  readonly contactId: string;
  readonly mergedInto: string | null;
  readonly identifiers: readonly { readonly identifier: Identifier; readonly from: number; readonly to: number }[];
  readonly signals: readonly { readonly signal: string; readonly at: number }[];
};

/** Every contact of the component, merged ones too; identifiers and signals in an order that depends on nothing but themselves. */
export function contactsOf({ pins, periods, signals }: Pick<Settled, 'pins' | 'periods' | 'signals'>): ContactEntry[] {
  const rows = Map.groupBy(periods, ({ identifier }) => identifier);
  const signalsBy = Map.groupBy(signals, ({ contactId }) => contactId);
  const periodsBy = Map.groupBy(periods, ({ contactId }) => contactId);
  return pins.map(({ contactId, identifier, at }) => {
    const survivor = periodIn(rows.get(identifier) ?? [], at)?.contactId ?? contactId;
    const own = (signalsBy.get(contactId) ?? []).map(({ signal, at: when }) => ({ signal, at: when }));
    return {
      contactId,
      mergedInto: survivor === contactId ? null : survivor,
      identifiers: joinHoldings(periodsBy.get(contactId) ?? []),
      signals: own.sort((a, b) => a.at - b.at || (a.signal < b.signal ? -1 : 1)),
    };
  });
}

type Held = { identifier: Identifier; from: number; to: number };
/** What one contact holds, by identifier and time, each stretch as long as it goes; of each stretch nothing but that. */
export function joinHoldings(periods: readonly Readonly<Held>[]): Held[] {
  if (isOneEach(periods)) return periods.map(({ identifier, from, to }) => ({ identifier, from, to }));
  const joined: Held[] = [];
  const byTime = [...periods].sort((a, b) => (a.identifier === b.identifier ? a.from - b.from : a.identifier < b.identifier ? -1 : 1));
  for (const { identifier, from, to } of byTime) {
    const last = joined.at(-1);
    if (last?.identifier === identifier && last.to === from) last.to = to;
    else joined.push({ identifier, from, to });
  }
  return joined;
}

/** Whether each identifier comes once, in their order: then there is nothing to join, as with nearly everybody. */
function isOneEach(periods: readonly Readonly<Held>[]): boolean {
  for (let i = 1; i < periods.length; i++) if ((periods[i - 1] as Held).identifier >= (periods[i] as Held).identifier) return false;
  return true;
}
