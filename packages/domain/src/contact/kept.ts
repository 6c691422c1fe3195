import type { Identifier } from '../directory/identifier.ts';
import type { Whereabouts } from '../slice.ts';

/** One thing that was said: its instant in whole seconds, with an id where two of one second must stay apart. */
export type Entry = number | readonly [at: number, id: string];
/** What was said under each identifier, by label (`window:<our number>`, `stop:marketing:platform`, …). Plain JSON, entries in order. */
export type Kept = Readonly<Record<Identifier, Readonly<Record<string, readonly Entry[]>>>>;

/** How many entries a label keeps: the earliest, and the newest of the rest. Up to here a boundary learned late divides exactly as if
 *  it had been known; beyond, each side keeps what it still has: nothing that was not said is ever made up. */
export const ENTRIES_MAX = 32;

/** When it was said. */
export const atOf = (entry: Entry): number => (typeof entry === 'number' ? entry : entry[0]);
const idOf = (entry: Entry): string => (typeof entry === 'number' ? '' : entry[1]);
/** Total, since whole seconds tie all the time. */
const inOrder = (a: Entry, b: Entry): number => atOf(a) - atOf(b) || (idOf(a) < idOf(b) ? -1 : Number(idOf(a) > idOf(b)));

/** The union, in order, each entry once, bounded. Which entries go over the bound depends on the set alone, never on the order of arrival. */
function union(a: readonly Entry[], b: readonly Entry[]): readonly Entry[] {
  const [newest, only] = [a.at(-1), b[0]];
  const isNewest = b.length === 1 && only !== undefined && (newest === undefined || inOrder(newest, only) < 0); // as almost always
  const entries = isNewest
    ? [...a, only]
    : [...a, ...b].sort(inOrder).filter((entry, i, all) => i === 0 || inOrder(entry, all[i - 1] as Entry) !== 0);
  return entries.length > ENTRIES_MAX ? [...entries.slice(0, 1), ...entries.slice(1 - ENTRIES_MAX)] : entries;
}

/** With these entries kept too. The very same object where that changes nothing: said already, or older than what is kept. */
export function keep(kept: Kept, as: Identifier, label: string, ...entries: readonly Entry[]): Kept {
  const known = kept[as]?.[label] ?? [];
  const next = union(known, entries);
  const same = next.length === known.length && next.every((entry, i) => inOrder(entry, known[i] as Entry) === 0);
  return same ? kept : { ...kept, [as]: { ...kept[as], [label]: next } };
}

/** What is kept, as a list. */
export type Labelled = readonly (readonly [as: Identifier, label: string, entries: readonly Entry[]])[];
/** All that is kept, label by label. The order says nothing: a database gives back keys in its own. */
export function labelled(kept: Kept): Labelled {
  const all: Labelled[number][] = [];
  for (const as in kept) {
    const labels = kept[as as Identifier] as Readonly<Record<string, readonly Entry[]>>;
    for (const label in labels) all.push([as as Identifier, label, labels[label] as readonly Entry[]]);
  }
  return all;
}

/** Who held an identifier at an instant; null: the directory says nothing of it. */
export const holderAt = ({ periods }: Pick<Whereabouts, 'periods'>, as: Identifier, at: number): string | null =>
  periods.get(as)?.find(({ from, to }) => from <= at && at < to)?.contactId ?? null;

/** Each entry with whoever held its identifier at its instant. It stays where it is if the directory says nothing of the identifier then, or
 *  names a contact that was not loaded. */
export function dealOut(kept: ReadonlyMap<string, Kept>, where: Pick<Whereabouts, 'periods'>): ReadonlyMap<string, Kept> {
  const dealt = new Map<string, Kept>([...kept.keys()].map((contactId) => [contactId, {}]));
  for (const [contactId, own] of kept) {
    for (const [as, label, entries] of labelled(own)) {
      for (const [holder, theirs] of Map.groupBy(entries, (entry) => holderAt(where, as, atOf(entry)))) {
        const joins = holder !== null && kept.has(holder) ? holder : contactId;
        dealt.set(joins, keep(dealt.get(joins) ?? {}, as, label, ...theirs));
      }
    }
  }
  return dealt;
}

/** Whether both hold the same, in whatever order a database gives back the keys. */
export const sameKept = (a: Kept, b: Kept): boolean => canonical(a) === canonical(b);
const canonical = (kept: Kept): string =>
  JSON.stringify(
    labelled(kept)
      .map((one) => JSON.stringify(one))
      .sort(),
  );
