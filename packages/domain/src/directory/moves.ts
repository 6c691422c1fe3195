import { ascending } from './book.ts';
import type { Directory } from './facts.ts';
import type { Identifier } from './identifier.ts';

/** What slices keep under `identifier` with from ≤ at < to goes from one contact to another. */
export type Move = {
  readonly identifier: Identifier;
  readonly from: number;
  readonly to: number;
  readonly leaves: string;
  readonly joins: string;
};
/** A stretch of time in which something may be kept under an identifier, all of it with one contact; `seen`: its first instant with a sighting. */
export type Kept = { readonly identifier: Identifier; readonly from: number; readonly to: number; readonly seen: number };
type Turns = (identifier: Identifier) => readonly number[];

/** The stretches in which anything can be kept, cut wherever it may change hands, before or after. Facts are kept under their heads. */
export function keptStretches({ links }: Directory, was: Turns, is: Turns): Kept[] {
  return [...Map.groupBy(Object.values(links), ({ head }) => head)].flatMap(([identifier, sightings]) => {
    const turns = ascending([...was(identifier), ...is(identifier)]);
    return turns.flatMap((from, i) => {
      const to = turns[i + 1] ?? Infinity;
      const within = sightings.filter(({ first, last }) => first < to && last >= from);
      return within.length === 0 ? [] : [{ identifier, from, to, seen: Math.max(from, Math.min(...within.map(({ first }) => first))) }];
    });
  });
}

/** Moves that go on where the one before ends are one move. */
export function joinMoves(moves: readonly Move[]): Move[] {
  const joined: Move[] = [];
  for (const move of moves) {
    const last = joined.at(-1);
    const goesOn =
      last?.identifier === move.identifier && last.to === move.from && last.leaves === move.leaves && last.joins === move.joins;
    if (goesOn) joined[joined.length - 1] = { ...last, to: move.to };
    else joined.push(move);
  }
  return joined;
}
