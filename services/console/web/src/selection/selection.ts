/** A change as it was seen when it was selected: a decision on it is on exactly this. */
type Seen = { readonly keyHash: string | null; readonly version: number };
/** Which changes are selected, wherever they are shown. `anchor`: from where a range goes on. `dropped`: how many left it by themselves. */
export type Selection = { readonly seen: ReadonlyMap<string, Seen>; readonly anchor: string | null; readonly dropped: number };
/** A change as a list shows it, as far as selecting it goes. */
export type Selectable = {
  readonly change: { readonly contactId: string; readonly identity: Seen };
  readonly isGone: boolean;
};

/** As many as one decision takes. */
export const SELECTED_MAX = 10_000;
/** Nothing is selected. */
export const nothing: Selection = { seen: new Map(), anchor: null, dropped: 0 };

/** The row is selected, or no longer so where it was; with `isRange` so is every row from the last one that was touched. */
export function toggle(selection: Selection, rows: readonly Selectable[], contactId: string, isRange: boolean): Selection {
  const { seen, anchor } = selection;
  const from = isRange && anchor !== null && placeOf(rows, anchor) >= 0 ? anchor : contactId;
  const touched = between(rows, from, contactId);
  return { ...(seen.has(contactId) ? without(selection, touched) : including(selection, touched)), anchor: contactId };
}

/** Going from a row to the next one takes it along; going back gives up the row that is left, as in every list. */
export function extend(selection: Selection, rows: readonly Selectable[], from: string, to: string): Selection {
  const isOn = selection.anchor !== null && between(rows, selection.anchor, from).every(isIn(selection));
  const anchor = isOn && selection.anchor !== null && placeOf(rows, selection.anchor) >= 0 ? selection.anchor : from;
  const away = (contactId: string) => Math.abs(placeOf(rows, contactId) - placeOf(rows, anchor));
  const next = away(to) < away(from) ? without(selection, between(rows, from, from)) : including(selection, between(rows, anchor, to));
  return { ...next, anchor };
}

/** Whether every one of these that can be selected is: `some` where only some are. */
export function howMany(selection: Selection, rows: readonly Selectable[]): 'none' | 'some' | 'all' {
  const open = rows.filter(({ isGone }) => !isGone);
  const count = open.filter(isIn(selection)).length;
  return count === 0 ? 'none' : count < open.length ? 'some' : 'all';
}
/** All of these are selected beside what is; where they are already, none of them is. */
export const toggleAll = (selection: Selection, rows: readonly Selectable[]): Selection =>
  howMany(selection, rows) === 'all' ? without(selection, rows) : including(selection, rows);

/** What is selected without what is no longer as it was seen: decided on, out of the list, or moved on. */
export function stillSo(selection: Selection, rows: readonly Selectable[]): Selection {
  const over = rows.filter(({ change: { contactId, identity }, isGone }) => {
    const seen = selection.seen.get(contactId);
    return seen !== undefined && (isGone || identity.version > seen.version);
  });
  return dropping(selection, over.map(idOf));
}
/** The same by what the stream says of one contact. */
export function heard(
  selection: Selection,
  { contactId, version, status }: { contactId: string; version: number; status: string },
): Selection {
  const seen = selection.seen.get(contactId);
  return seen !== undefined && (status !== 'blocked' || version > seen.version) ? dropping(selection, [contactId]) : selection;
}

/** Each of them as it was seen, as the dry run takes it. */
export const changesOf = ({ seen }: Selection): (Seen & { contactId: string })[] =>
  [...seen].map(([contactId, { keyHash, version }]) => ({ contactId, keyHash, version }));

const idOf = ({ change }: Selectable): string => change.contactId;
const placeOf = (rows: readonly Selectable[], contactId: string): number => rows.findIndex((row) => idOf(row) === contactId);
const isIn =
  ({ seen }: Selection) =>
  (row: Selectable) =>
    row.isGone || seen.has(idOf(row));

function between(rows: readonly Selectable[], one: string, other: string): Selectable[] {
  const places = [placeOf(rows, one), placeOf(rows, other)];
  return rows.slice(Math.min(...places), Math.max(...places) + 1).filter(({ isGone }) => !isGone);
}

function including(selection: Selection, rows: readonly Selectable[]): Selection {
  const seen = new Map(selection.seen);
  for (const { change, isGone } of rows) {
    if (seen.size >= SELECTED_MAX) break;
    const { keyHash, version } = change.identity;
    if (!isGone && !seen.has(change.contactId)) seen.set(change.contactId, { keyHash, version });
  }
  return { ...selection, seen };
}

function without(selection: Selection, rows: readonly Selectable[]): Selection {
  const seen = new Map(selection.seen);
  for (const row of rows) seen.delete(idOf(row));
  return { ...selection, seen };
}

function dropping(selection: Selection, contactIds: readonly string[]): Selection {
  if (contactIds.length === 0) return selection;
  const seen = new Map(selection.seen);
  for (const contactId of contactIds) seen.delete(contactId);
  return { ...selection, seen, dropped: selection.dropped + contactIds.length };
}
