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

/** Answers for the items that tell nothing new: one read, and one write where a `last` moves; no lock on contacts, nothing told. What is not in
 *  the answer is to be taken the long way. */
export async function takeHot(pool: pg.Pool, facts: readonly ScopedFact[]): Promise<Map<ScopedFact, string>> {
  const items = facts.filter(({ fact }) => fact.type === 'item').map((fact): Item => ({ fact, pairs: pairsOf(fact) }));
  if (items.length === 0) return new Map();
  const known = await readLinks(pool, items);
  const hot = items.flatMap((item) => hotItem(item, known) ?? []);
  const moved = new Map<string, Touch>();
  for (const { fact, links } of hot) {
    for (const [key, link] of links) {
      if (link.last < fact.at) moved.set(key, { key, link, at: Math.max(fact.at, moved.get(key)?.at ?? fact.at) });
    }
  }
  const written = moved.size === 0 ? new Set<string>() : await touchLinks(pool, [...moved.values()]);
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

/** By key. A row names its pair by its place in the question: the texts come back to us by the thousand otherwise. */
async function readLinks(pool: pg.Pool, items: readonly Item[]): Promise<Map<string, StoredLink>> {
  const pairs = [...new Map(items.flatMap((item) => item.pairs).map((pair) => [pair.key, pair])).values()];
  const { rows } = await pool.query<Omit<LinkColumns, 'scope' | 'identifier' | 'head'> & { place: number }>({
    name: 'directory.hot_read',
    text: `select pair.place::int as place, ${LINK_STATE}
           from unnest($1::text[], $2::text[], $3::text[]) with ordinality as pair(scope, identifier, head, place)
           join directory_link l using (scope, identifier, head)`,
    values: [
      texts(pairs.map(({ scope }) => scope)),
      texts(pairs.map(({ identifier }) => identifier)),
      texts(pairs.map(({ head }) => head)),
    ],
  });
  return new Map(
    rows.map(({ place, ...row }) => {
      const { key, scope, identifier, head } = pairs[place - 1] as Pair;
      return [key, storedLink({ scope, identifier, head, ...row })];
    }),
  );
}

/** Moves `last` of rows that nobody has derived anew since they were read, in key order, as everybody locks them; should the server choose another,
 *  whoever is in the other's way starts over (`store.conflict`). It need not wait for the disk: nothing was confirmed yet, and what commits after it and
 *  waits, as the batch that it is read for does, takes it along. Answers with the keys written. */
async function touchLinks(pool: pg.Pool, moved: readonly Touch[]): Promise<Set<string>> {
  const touches = moved.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const { rows } = await pool.query<{ place: number }>({
    name: 'directory.hot_write',
    text: `update directory_link l set last = greatest(l.last, to_timestamp(seen.at))
           from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::float8[]) with ordinality
               as seen(scope, identifier, head, generation, at, place),
             (select set_config('synchronous_commit', 'off', true)) as for_this_statement
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
