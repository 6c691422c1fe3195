import { isSteady, type Link, linkKey, linksOfItem } from '@keyturn/domain';
import type pg from 'pg';
import { doubles, integers, texts } from '../bind.ts';
import { LINK_STATE, type LinkColumns, type StoredLink, storedLink } from './link-rows.ts';
import type { ScopedFact } from './scoped-fact.ts';

/** A pair that an item names, and its key among all pairs of all scopes. */
type Pair = Pick<Link, 'identifier' | 'head'> & { readonly scope: string; readonly key: string };
type Item = { readonly fact: ScopedFact; readonly pairs: readonly Pair[] };
/** An item all of whose links are steady at its instant, and who it is. */
type Hot = { readonly fact: ScopedFact; readonly links: ReadonlyMap<string, StoredLink>; readonly contactId: string };

/** Answers for the items that tell nothing new: one statement reads their links and moves each `last`; one more where others moved some at the same
 *  time. No lock on contacts, nothing told. What is not in the answer is to be taken the long way. */
export async function takeHot(pool: pg.Pool, facts: readonly ScopedFact[]): Promise<Map<ScopedFact, string>> {
  const items = facts.filter(({ fact }) => fact.type === 'item').map((fact): Item => ({ fact, pairs: pairsOf(fact) }));
  if (items.length === 0) return new Map();
  const { known, written } = await sightLinks(pool, items);
  const hot = items.flatMap((item) => hotItem(item, known) ?? []);
  const left = new Map<string, Touch>();
  for (const { fact, links } of hot) {
    for (const [key, link] of links) {
      const isLeft = link.last < fact.at && !written.has(key);
      if (isLeft) left.set(key, { key, link, at: Math.max(fact.at, left.get(key)?.at ?? fact.at) });
    }
  }
  if (left.size > 0) for (const key of await touchLinks(pool, [...left.values()])) written.add(key);
  const stands = ({ fact, links }: Hot) => [...links].every(([key, link]) => link.last >= fact.at || written.has(key));
  return new Map(hot.filter(stands).map(({ fact, contactId }) => [fact, contactId]));
}

type Touch = { readonly key: string; readonly link: StoredLink; readonly at: number };
const pairsOf = ({ scope, fact }: ScopedFact): Pair[] =>
  fact.type === 'item' ? linksOfItem(fact).map((link) => ({ ...link, scope, key: `${scope} ${linkKey(link)}` })) : [];

function hotItem({ fact, pairs }: Item, known: ReadonlyMap<string, StoredLink>): Hot | null {
  const links = new Map<string, StoredLink>();
  let contactId: string | null = null;
  for (const { key } of pairs) {
    const row = known.get(key);
    if (!row || !isSteady(row, fact.at) || (contactId !== null && row.contactId !== contactId)) return null;
    contactId = row.contactId;
    links.set(key, row);
  }
  return contactId ? { fact, links, contactId } : null;
}

type Sighted = Omit<LinkColumns, 'scope' | 'identifier' | 'head'> & { place: number; written: boolean };
/** A pair with the newest instant at which these items name it. */
type Seen = Pair & { readonly at: number };

/** The links as they were, and which of them got their `last` moved: those that are steady then. That is right for whatever item names them, also for
 *  one that another of its links sends the long way: the sighting is part of what it says. Each row is looked up once; a row that somebody else has
 *  changed meanwhile is left as it is. A row names its pair by its place in the question: the texts come back to us by the thousand otherwise. */
async function sightLinks(pool: pg.Pool, items: readonly Item[]): Promise<{ known: Map<string, StoredLink>; written: Set<string> }> {
  const pairs = seenIn(items);
  const { rows } = await pool.query<Sighted>({
    name: 'directory.hot_sight',
    text: `with found as materialized (
             select seen.place, to_timestamp(seen.at) as at, l.ctid as row, l.first, l.last, l.steady_from, l.steady_to, l.contact_id, l.generation
             from unnest($1::text[], $2::text[], $3::text[], $4::float8[]) with ordinality as seen(scope, identifier, head, at, place)
             join directory_link l using (scope, identifier, head), ${WITHOUT_WAITING}),
           written as (
             update directory_link l set last = f.at from found f
             where l.ctid = f.row and f.contact_id is not null and f.steady_from <= f.at and f.at < f.steady_to and f.last < f.at returning f.place)
           select l.place::int as place, written.place is not null as written, ${LINK_STATE} from found l left join written using (place)`,
    values: [
      texts(pairs.map(({ scope }) => scope)),
      texts(pairs.map(({ identifier }) => identifier)),
      texts(pairs.map(({ head }) => head)),
      doubles(pairs.map(({ at }) => at)),
    ],
  });
  const pairOf = ({ place }: Sighted) => pairs[place - 1] as Seen;
  const known = rows.map((row): [string, StoredLink] => {
    const { place: _, written: __, ...state } = row;
    const { key, scope, identifier, head } = pairOf(row);
    return [key, storedLink({ scope, identifier, head, ...state })];
  });
  return { known: new Map(known), written: new Set(rows.filter((row) => row.written).map((row) => pairOf(row).key)) };
}

/** In key order, as everybody locks them. */
function seenIn(items: readonly Item[]): Seen[] {
  const seen = new Map<string, Seen>();
  for (const { fact, pairs } of items) {
    for (const pair of pairs) {
      const before = seen.get(pair.key);
      if (before === undefined || before.at < fact.at) seen.set(pair.key, { ...pair, at: fact.at });
    }
  }
  return [...seen.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Part of a statement that need not wait for the disk: nothing was confirmed yet, and what commits after it and waits, as the batch that it is
 *  read for does, takes it along. */
const WITHOUT_WAITING = "(select set_config('synchronous_commit', 'off', true)) as without_waiting";

/** Moves `last` of rows that nobody has derived anew since they were read, in key order, as everybody locks them; should the server choose another,
 *  whoever is in the other's way starts over (`store.conflict`). Answers with the keys written. */
async function touchLinks(pool: pg.Pool, moved: readonly Touch[]): Promise<Set<string>> {
  const touches = moved.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const { rows } = await pool.query<{ place: number }>({
    name: 'directory.hot_write',
    text: `update directory_link l set last = greatest(l.last, to_timestamp(seen.at))
           from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::float8[]) with ordinality
               as seen(scope, identifier, head, generation, at, place),
             ${WITHOUT_WAITING}
           where l.scope = seen.scope and l.identifier = seen.identifier and l.head = seen.head and l.generation = seen.generation
           returning seen.place::int as place`,
    values: [
      texts(touches.map(({ link }) => link.scope)),
      texts(touches.map(({ link }) => link.identifier)),
      texts(touches.map(({ link }) => link.head)),
      integers(touches.map(({ link }) => link.generation)),
      doubles(touches.map(({ at }) => at)),
    ],
  });
  return new Set(rows.map(({ place }) => (touches[place - 1] as Touch).key));
}
