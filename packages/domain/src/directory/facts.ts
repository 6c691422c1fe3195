import type { Carried, Identifier } from './identifier.ts';

/** What one item says of one person, in whole seconds since 1970. */
export type Said = { readonly carried: Carried; readonly at: number };
/** A change from what was carried before to what is carried now, whoever reported it. */
export type Report = { readonly previous: Carried; readonly current: Carried; readonly at: number };
/** `claim` is a shared card, history or state sync: somebody's word about a third person. It never says who is who. */
export type DirectoryFact = ({ readonly type: 'item' | 'claim' | 'split' } & Said) | ({ readonly type: 'report' } & Report);
/** First and last time an identifier came with its head; of a head with itself: came alone. */
export type Link = { readonly identifier: Identifier; readonly head: Identifier; readonly first: number; readonly last: number };
/** All that is stored. It only grows, and its join is union, min and max: no order and no repeat can matter. */
export type Directory = {
  readonly links: Readonly<Record<string, Link>>;
  readonly reports: Readonly<Record<string, Report>>;
  readonly splits: Readonly<Record<string, Said>>;
};

/** The directory that knows nobody. */
export const noDirectory: Directory = { links: {}, reports: {}, splits: {} };
/** The key under which `Directory.links` holds a link. */
export const linkKey = ({ identifier, head }: Pick<Link, 'identifier' | 'head'>): string => `${identifier}>${head}`;
/** The key under which `Directory.reports` holds a report. Reports are equal exactly if their keys are. */
export const reportKey = ({ previous, current, at }: Report): string => `${previous}>${current}@${at}`;
/** The key under which `Directory.splits` holds a split. */
export const splitKey = ({ carried, at }: Said): string => `${carried}@${at}`;

/** All that either knows; the same in any order, any number of times. */
export function joinDirectory(a: Directory, b: Directory): Directory {
  const links = { ...a.links };
  for (const link of Object.values(b.links)) join(links, link);
  return { links, reports: { ...a.reports, ...b.reports }, splits: { ...a.splits, ...b.splits } };
}

/** The directory with this fact in it too. */
export const observeFact = (directory: Directory, fact: DirectoryFact): Directory => observeFacts(directory, [fact]);

/** The directory with all of these facts in it too, whatever their order. */
export function observeFacts(directory: Directory, facts: readonly DirectoryFact[]): Directory {
  const links = { ...directory.links };
  const reports = { ...directory.reports };
  const splits = { ...directory.splits };
  for (const fact of facts) {
    if (fact.type === 'item') for (const link of linksOfItem(fact)) join(links, link);
    if (fact.type === 'report') reports[reportKey(fact)] = { previous: fact.previous, current: fact.current, at: fact.at };
    if (fact.type === 'split') splits[splitKey(fact)] = { carried: fact.carried, at: fact.at };
  }
  return { links, reports, splits };
}

function join(links: Record<string, Link>, link: Link): void {
  const key = linkKey(link);
  const known = links[key] ?? link;
  links[key] = { ...link, first: Math.min(known.first, link.first), last: Math.max(known.last, link.last) };
}

/** The links that one item makes: each of the others with the head, or of a head that came alone, with itself. */
export function linksOfItem({ carried, at }: Said): Link[] {
  const [head] = carried;
  const links = linksTo(head, carried, at);
  return links.length > 0 ? links : [{ identifier: head, head, first: at, last: at }];
}

/** Ties each of these to the head at one instant. A link leads from a parent to a BSUID to a number and never back, so every look-up ends. */
export function linksTo(head: Identifier, carried: Carried, at: number): Link[] {
  const links: Link[] = [];
  for (const identifier of carried) if (rank(identifier) > rank(head)) links.push({ identifier, head, first: at, last: at });
  return links;
}
const rank = (identifier: Identifier) => 'wup'.indexOf(identifier.charAt(0));

/** The identifiers that a fact names, and so ties together. A claim ties nothing. */
export function mentions(fact: DirectoryFact): readonly Identifier[] {
  if (fact.type === 'claim') return [];
  return fact.type === 'report' ? [...fact.previous, ...fact.current] : fact.carried;
}
