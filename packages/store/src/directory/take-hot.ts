import { isSteady, type Link, linkKey, linksOfItem } from '@keyturn/domain';
import type pg from 'pg';
import { doubles, integers, texts } from '../bind.ts';
import { LINK_STATE, type LinkColumns, type StoredLink, storedLink } from './link-rows.ts';
import type { ScopedFact } from './scoped-fact.ts';

/** A pair that an item names, and its key among all pairs of all scopes. */
type Pair = Pick<Link, 'identifier' | 'head'> & { readonly scope: string; readonly key: string };
type Item = { readonly fact: ScopedFact; readonly pairs: readonly Pair[] };
/** An item all of whose links are steady at its instant, and who it is. `links`: those of them that are not said to stand. */
type Hot = { readonly fact: ScopedFact; readonly links: ReadonlyMap<string, StoredLink>; readonly contactId: string };

/** Answers for the items that tell nothing new: one statement reads their links and moves each `last`; one more where others moved some at the same
 *  time. No lock on contacts, nothing told. What is not in the answer is to be taken the long way. */
export async function takeHot(pool: pg.Pool, facts: readonly ScopedFact[]): Promise<Map<ScopedFact, string>> {
  const items = facts.filter(({ fact }) => fact.type === 'item').map((fact): Item => ({ fact, pairs: pairsOf(fact) }));
  if (items.length === 0) return new Map();
  const { standing, others, written } = await sightLinks(pool, items);
  const hot = items.flatMap((item) => hotItem(item, standing, others) ?? []);
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

function hotItem({ fact, pairs }: Item, standing: ReadonlyMap<string, string>, others: ReadonlyMap<string, StoredLink>): Hot | null {
  const links = new Map<string, StoredLink>();
  let contactId: string | null = null;
  for (const { key } of pairs) {
    const row = others.get(key);
    const holder: string | null = standing.get(key) ?? (row && isSteady(row, fact.at) ? row.contactId : null);
    if (holder === null || (contactId !== null && holder !== contactId)) return null;
    contactId = holder;
    if (row) links.set(key, row);
  }
  return contactId ? { fact, links, contactId } : null;
}

type Sighted = Omit<LinkColumns, 'scope' | 'identifier' | 'head'> & { place: number; written: boolean; standing: string | null };
/** A pair with the first and the newest instant at which these items name it. */
type Seen = Pair & { readonly since: number; readonly at: number };
/** `standing`: who holds each pair that is steady at all of its instants, its `last` as late as the newest: there is no more to ask. `others`: the
 *  rows of those that are there and don't stand so. `written`: which of them got their `last` moved. */
type Sights = {
  readonly standing: ReadonlyMap<string, string>;
  readonly others: ReadonlyMap<string, StoredLink>;
  readonly written: Set<string>;
};

/** The links as they were; each that is steady at the newest instant gets its `last` moved. That is right for whatever item names them, also for
 *  one that another of its links sends the long way: the sighting is part of what it says. Each row is looked up once; a row that somebody else has
 *  changed meanwhile is left as it is. What was written is looked up in a set and not joined: of neither side the server knows how much it is, and it would
 *  compare each with each. A pair is named by its place in the question, and all that stand come back in one text: taking them out of
 *  rows, by the thousand, took longer than looking them up. */
async function sightLinks(pool: pg.Pool, items: readonly Item[]): Promise<Sights> {
  const pairs = seenIn(items);
  const { rows } = await pool.query<Sighted>({
    name: 'directory.hot_sight',
    text: `with found as materialized (
             select seen.place, to_timestamp(seen.since) as since, to_timestamp(seen.at) as at, l.ctid as row, l.first, l.last, l.steady_from,
               l.steady_to, l.contact_id, l.generation
             from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[]) with ordinality
                 as seen(scope, identifier, head, since, at, place)
               join directory_link l using (scope, identifier, head), ${WITHOUT_WAITING}),
           written as (
             update directory_link l set last = f.at from found f
             where l.ctid = f.row and f.contact_id is not null and f.steady_from <= f.at and f.at < f.steady_to and f.last < f.at returning f.place),
           looked as materialized (select f.*, f.place in (select w.place from written w) as written from found f),
           sighted as (
             select *, contact_id is not null and steady_from <= since and at < steady_to and (last >= at or written) as stands from looked)
           select 0 as place, null as written, string_agg(l.place || ' ' || l.contact_id, ' ') as standing, null as first, null as last,
             null as steady_from, null as steady_to, null as contact_id, null as generation from sighted l where l.stands
           union all
           select l.place::int, l.written, null, ${LINK_STATE} from sighted l where not l.stands`,
    values: [
      texts(pairs.map(({ scope }) => scope)),
      texts(pairs.map(({ identifier }) => identifier)),
      texts(pairs.map(({ head }) => head)),
      doubles(pairs.map(({ since }) => since)),
      doubles(pairs.map(({ at }) => at)),
    ],
  });
  const standing = rows.find(({ place }) => place === 0)?.standing ?? '';
  const rest = rows.filter(({ place }) => place > 0);
  const pairAt = (place: number) => pairs[place - 1] as Seen;
  const others = rest.map(({ place, written: _, standing: __, ...state }): [string, StoredLink] => {
    const { key, scope, identifier, head } = pairAt(place);
    return [key, storedLink({ scope, identifier, head, ...state })];
  });
  const written = new Set(rest.filter((row) => row.written).map(({ place }) => pairAt(place).key));
  return { standing: new Map(holdersIn(standing, pairAt)), others: new Map(others), written };
}

/** `<place> <contact id> <place> <contact id> …` */
function* holdersIn(standing: string, pairAt: (place: number) => Seen): Generator<[string, string]> {
  const parts = standing.split(' ');
  for (let i = 0; i + 1 < parts.length; i += 2) yield [pairAt(Number(parts[i])).key, parts[i + 1] as string];
}

/** In key order, as everybody locks them. */
function seenIn(items: readonly Item[]): Seen[] {
  const seen = new Map<string, Seen>();
  for (const { fact, pairs } of items) {
    for (const pair of pairs) {
      const { since, at } = seen.get(pair.key) ?? { since: fact.at, at: fact.at };
      seen.set(pair.key, { ...pair, since: Math.min(since, fact.at), at: Math.max(at, fact.at) });
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
