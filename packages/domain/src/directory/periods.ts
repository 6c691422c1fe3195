import { ascending } from './book.ts';
import type { Answers } from './contact-at.ts';
import { holder, locate, type View } from './derive.ts';
import type { Directory } from './facts.ts';
import type { Identifier } from './identifier.ts';

/** Whom an identifier denotes with from ≤ at < to, and through which period of which number. An identifier's rows tile all time. */
export type Period = {
  readonly identifier: Identifier;
  readonly from: number;
  readonly to: number;
  /** Null: a person that nothing was needed for yet. */
  readonly contactId: string | null;
  readonly number: Identifier;
  readonly numberFrom: number;
};

/** The instants at which an identifier may begin to denote somebody else, ascending, the first -Infinity. Each is worked out once. */
export function turnsIn({ book }: View): (identifier: Identifier) => readonly number[] {
  const known = new Map<Identifier, readonly number[]>();
  const turns = (identifier: Identifier): readonly number[] => {
    const done = known.get(identifier);
    if (done) return done;
    const ties = book.ties.get(identifier) ?? [];
    const ofHeads = [...new Set(ties.map(({ head }) => head))].flatMap(turns);
    const own = ties.flatMap(({ first, last }) => [first, last + 1]);
    const all = ascending([-Infinity, ...(book.boundaries.get(identifier) ?? []), ...own, ...ofHeads]);
    known.set(identifier, all);
    return all;
  };
  return turns;
}

/** The rows of one identifier. Neighbours that say the same are one row, but a row is always cut at the identifier's own boundaries. */
export function periodsOf(view: View, answers: Answers, identifier: Identifier, turns: readonly number[]): Period[] {
  const own = new Set(view.book.boundaries.get(identifier));
  const rows: Period[] = [];
  for (const [i, from] of turns.entries()) {
    const to = turns[i + 1] ?? Infinity;
    const { number, from: numberFrom } = locate(view, identifier, from);
    const before = rows.at(-1);
    const goesOn = before?.number === number && before.numberFrom === numberFrom && !own.has(from);
    if (goesOn) rows[rows.length - 1] = { ...before, to };
    else rows.push({ identifier, from, to, contactId: answers.of(holder(view, number, numberFrom)) ?? null, number, numberFrom });
  }
  return rows;
}

/** The row that holds at an instant. */
export const periodIn = (rows: readonly Period[], at: number): Period | undefined => rows.find(({ from, to }) => from <= at && at < to);

/** Every identifier that stored facts name. */
export function identifiersOf({ links, reports, splits }: Directory): Set<Identifier> {
  return new Set([
    ...Object.values(links).flatMap(({ identifier, head }) => [identifier, head]),
    ...Object.values(reports).flatMap(({ previous, current }) => [...previous, ...current]),
    ...Object.values(splits).flatMap(({ carried }) => carried),
  ]);
}
