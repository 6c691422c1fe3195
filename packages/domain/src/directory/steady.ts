import type { Book } from './book.ts';
import type { View } from './derive.ts';
import type { Link } from './facts.ts';
import type { Identifier } from './identifier.ts';
import { type Period, periodIn } from './periods.ts';

/** A link with the instants, from ≤ at < to, at which one more sighting of just this pair (or of a head that came alone) tells nothing
 *  and finds the head with `contactId`. No such instants: from = to. */
export type LinkRow = Link & { readonly steadyFrom: number; readonly steadyTo: number; readonly contactId: string | null };

/** Whether a sighting at that instant only moves the link's `last`. An item is taken so if all of its links are steady. */
export const isSteady = (
  { steadyFrom, steadyTo, contactId }: Pick<LinkRow, 'steadyFrom' | 'steadyTo' | 'contactId'>,
  at: number,
): boolean => contactId !== null && steadyFrom <= at && at < steadyTo;

/** Where a link is steady: around its `last`, within one row of its head's. Until `last` nothing can change; after it, nothing may come
 *  between, neither a boundary of theirs nor another head that came as late, in whatever way reports and splits are read. */
export function steadyLink(view: View, link: Link, headRows: readonly Period[]): LinkRow {
  const row = periodIn(headRows, link.last);
  if (!row || row.contactId === null) return { ...link, steadyFrom: link.last, steadyTo: link.last, contactId: null };
  const to = link.identifier === link.head ? Infinity : steadyTo(view, link);
  return { ...link, steadyFrom: Math.max(link.first, row.from), steadyTo: Math.min(row.to, to), contactId: row.contactId };
}

function steadyTo({ book, drafts }: View, link: Link): number {
  const { identifier, head, last } = link;
  if (isContested(book, link) || drafts.some((draft) => isContested(draft, link))) return last + 1;
  return Math.min(...[identifier, head, ...headsOf(book, head)].map((theirs) => nextBoundary(book, theirs, last)));
}
/** Whether another head came as late, or the head itself has had several. */
const isContested = (book: Book, { identifier, head, last }: Link) =>
  (book.ties.get(identifier) ?? []).some((tie) => tie.head !== head && tie.last >= last) || headsOf(book, head).size > 1;
const headsOf = ({ ties }: Book, identifier: Identifier) => new Set(ties.get(identifier)?.map((tie) => tie.head));
const nextBoundary = ({ boundaries }: Book, identifier: Identifier, after: number) =>
  boundaries.get(identifier)?.find((at) => at > after) ?? Infinity;
