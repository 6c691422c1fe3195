import { anchor, type Book, bookOf, bounds, type Point, periodAt, periodName, type Tie } from './book.ts';
import { type Change, distinctChanges, inDoubt } from './changes.ts';
import { type Directory, type Link, linksTo, type Report, type Said } from './facts.ts';
import type { Identifier } from './identifier.ts';

/** Who is who. `before`: the period that a number change comes from. A person is such a chain of periods, named by the first of them. */
export type View = {
  readonly book: Book;
  /** The books in which reports and splits were read, before it was known what they come to. */
  readonly drafts: readonly Book[];
  readonly before: ReadonlyMap<string, string>;
  readonly changes: readonly Change[];
  /** Whether a split of that second refuses the change. */
  readonly isSplit: (change: Change) => boolean;
};
type Decided = Said & Point;

/** Who is who, from the facts alone. A person has at most one number at a time; links alone never make two numbers one. */
export function derive(directory: Directory): View {
  const splits = Object.values(directory.splits);
  const named = splits.flatMap(({ carried, at }) => carried.map((identifier) => ({ identifier, at })));
  const said = [...itemTies(directory.links), ...splits.flatMap(({ carried, at }) => ties(linksTo(carried[0], carried, at), true))];
  const reports = Object.values(directory.reports);
  const draft = bookOf([...said, ...reports.flatMap((report) => reportTies(report, report.previous[0], report.current[0]))], named);
  const { changes, placed } = distinctChanges(readReports(reports, draft));
  const settled = [...said, ...placed.flatMap(({ from, to, at, report }) => reportTies({ ...report, at }, from, to))];
  const undecided = splits.length === 0 ? draft : bookOf(settled, named);
  // a split is one of its own number or of the one its BSUID comes with
  const decided = splits.map((split): Decided => ({ ...split, identifier: anchor(undecided, split.carried[0], split.at).identifier }));
  const book = bookOf(
    [...settled, ...decided.flatMap(({ identifier, carried, at }) => ties(linksTo(identifier, carried, at), true))],
    [...named, ...decided, ...changes.flatMap(({ from, to, at }) => [point(from, at), point(to, at)])],
  );
  const splitAt = new Set(decided.map(({ identifier, at }) => periodName(identifier, at)));
  const isSplit = ({ to, at }: Change) => splitAt.has(periodName(to, at));
  return { book, drafts: [draft, undecided], before: chains(book, changes, isSplit), changes, isSplit };
}
const point = (identifier: Identifier, at: number): Point => ({ identifier, at });
const ties = (links: readonly Link[], decided: boolean): Tie[] => links.map((link) => ({ ...link, decided }));
const itemTies = (links: Directory['links']): Tie[] =>
  ties(
    Object.values(links).filter(({ identifier, head }) => identifier !== head),
    false,
  );

/** What came together by a report: the previous until the second before it, the current from it on. */
const reportTies = ({ previous, current, at }: Report, from: Identifier, to: Identifier): Tie[] => [
  ...ties(linksTo(from, previous, at - 1), false),
  ...ties(linksTo(to, current, at), false),
];

/** Where a report names no number, its BSUID tells which: a new BSUID means a new number. */
const readReports = (reports: readonly Report[], draft: Book): Change[] =>
  reports.map((report) => ({
    report,
    at: report.at,
    from: anchor(draft, report.previous[0], report.at - 1).identifier,
    to: anchor(draft, report.current[0], report.at).identifier,
  }));

/** From the period that a change begins on the new number to the one that it ends on the old. */
function chains(book: Book, changes: readonly Change[], isSplit: View['isSplit']): Map<string, string> {
  const doubted = inDoubt(changes);
  const joining = changes.filter((change) => !isSplit(change) && !doubted(change));
  return new Map(joining.map(({ from, to, at }) => [periodAt(book, to, at), periodAt(book, from, at - 1)]));
}

/** The number, or whatever stands for it, that an identifier denotes at an instant, and since when that number's period runs. */
export function locate({ book }: View, identifier: Identifier, at: number): { number: Identifier; from: number } {
  const point = anchor(book, identifier, at);
  return { number: point.identifier, from: bounds(book, point.identifier, point.at).from };
}

/** The person to whom a period of a number belongs. */
export function holder({ before }: View, number: Identifier, from: number): string {
  let first = periodName(number, from);
  for (let earlier = before.get(first); earlier !== undefined; earlier = before.get(first)) first = earlier; // each begins strictly earlier
  return first;
}

/** One name for everything that is one person: equal at two points exactly if the person is. */
export function personAt(view: View, identifier: Identifier, at: number): string {
  const { number, from } = locate(view, identifier, at);
  return holder(view, number, from);
}
