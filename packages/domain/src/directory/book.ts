import type { Link } from './facts.ts';
import type { Identifier } from './identifier.ts';

/** A link as read for looking up. `decided`: by a split, which outranks what else was said in that second. */
export type Tie = Link & { readonly decided: boolean };
/** An identifier at an instant. */
export type Point = { readonly identifier: Identifier; readonly at: number };
/** Links and boundaries by identifier; an identifier's boundaries ascend. */
export type Book = {
  readonly ties: ReadonlyMap<Identifier, readonly Tie[]>;
  readonly boundaries: ReadonlyMap<Identifier, readonly number[]>;
};

/** Orders links and boundaries by identifier, so that a look-up reads its own only. */
export function bookOf(links: readonly Tie[], points: readonly Point[]): Book {
  const ties = new Map<Identifier, Tie[]>();
  for (const link of links) push(ties, link.identifier, link);
  const boundaries = new Map<Identifier, number[]>();
  for (const { identifier, at } of points) push(boundaries, identifier, at);
  for (const [identifier, instants] of boundaries) boundaries.set(identifier, ascending(instants));
  return { ties, boundaries };
}
function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
/** The instants in order, each once. */
export const ascending = (instants: Iterable<number>): number[] => [...new Set(instants)].sort((a, b) => a - b);

/** The period of an identifier at an instant: from its last boundary at or before it to its next one. */
export function bounds({ boundaries }: Book, identifier: Identifier, at: number): { from: number; to: number } {
  const own = boundaries.get(identifier) ?? [];
  const next = own.findIndex((boundary) => boundary > at);
  const begun = next === -1 ? own.length : next;
  return { from: own[begun - 1] ?? -Infinity, to: own[begun] ?? Infinity };
}
/** One name for an identifier's period. */
export const periodName = (identifier: Identifier, from: number): string => `${identifier}@${from}`;
/** The name of an identifier's period at an instant. */
export const periodAt = (book: Book, identifier: Identifier, at: number): string =>
  periodName(identifier, bounds(book, identifier, at).from);

/** The number and the instant that an identifier stands for: the last it came with, else the first; never with one, itself. */
export function anchor(book: Book, identifier: Identifier, at: number): Point {
  const ties = book.ties.get(identifier);
  if (!ties) return { identifier, at };
  const { from, to } = bounds(book, identifier, at);
  let best: Candidate | undefined;
  for (const tie of ties) {
    if (tie.last < from || tie.first >= to) continue;
    const first = Math.max(tie.first, from);
    const past = first <= at;
    const candidate = { head: tie.head, decided: tie.decided, first, past, at: past ? Math.min(tie.last, to - 1, at) : first };
    if (!best || outranks(candidate, best)) best = candidate;
  }
  return best ? anchor(book, best.head, best.at) : { identifier, at };
}
type Candidate = {
  readonly head: Identifier;
  readonly decided: boolean;
  readonly first: number;
  readonly past: boolean;
  readonly at: number;
};
/** What was seen outranks what is still to come, the nearer the farther; in one second, what was decided, then the newer pair. */
function outranks(a: Candidate, b: Candidate): boolean {
  if (a.past !== b.past) return a.past;
  if (a.at !== b.at) return a.past ? a.at > b.at : a.at < b.at;
  if (a.decided !== b.decided) return a.decided;
  if (a.first !== b.first) return a.first > b.first;
  return a.head < b.head;
}
