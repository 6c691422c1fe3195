import { isSteady, linkKey, linksOfItem } from '@keyturn/domain';
import type pg from 'pg';
import { LINK_COLUMNS, type LinkColumns, type StoredLink, storedLink } from './link-rows.ts';
import type { ScopedFact } from './scoped-fact.ts';

/** An item all of whose links are steady at its instant, and who it is. */
type Hot = { readonly fact: ScopedFact; readonly links: readonly StoredLink[]; readonly contactId: string };

/** Answers for the items that tell nothing new: one read, and one write where a `last` moves; no lock on contacts, nothing told. What is not in
 *  the answer is to be taken the long way. */
export async function takeHot(pool: pg.Pool, facts: readonly ScopedFact[]): Promise<Map<ScopedFact, string>> {
  const items = facts.filter(({ fact }) => fact.type === 'item');
  if (items.length === 0) return new Map();
  const known = await readLinks(pool, items);
  const hot = items.flatMap((fact) => hotItem(fact, known) ?? []);
  const moved = new Map<string, Touch>();
  for (const { fact, links } of hot) {
    for (const link of links.filter(({ last }) => last < fact.at)) {
      const key = rowKey(link.scope, link);
      moved.set(key, { link, at: Math.max(fact.at, moved.get(key)?.at ?? fact.at) });
    }
  }
  const written = moved.size === 0 ? new Set<string>() : await touchLinks(pool, [...moved.values()]);
  const stands = ({ fact, links }: Hot) => links.every((link) => link.last >= fact.at || written.has(rowKey(link.scope, link)));
  return new Map(hot.filter(stands).map(({ fact, contactId }) => [fact, contactId]));
}

type Touch = { readonly link: StoredLink; readonly at: number };
const rowKey = (scope: string, link: Parameters<typeof linkKey>[0]) => `${scope} ${linkKey(link)}`;
const linksOf = ({ scope, fact }: ScopedFact) => (fact.type === 'item' ? linksOfItem(fact).map((link) => ({ scope, ...link })) : []);

function hotItem(fact: ScopedFact, known: ReadonlyMap<string, StoredLink>): Hot | null {
  const links: StoredLink[] = [];
  for (const link of linksOf(fact)) {
    const row = known.get(rowKey(fact.scope, link));
    if (!row || !isSteady(row, fact.at)) return null;
    links.push(row);
  }
  const contactId = links[0]?.contactId;
  return contactId && links.every((link) => link.contactId === contactId) ? { fact, links, contactId } : null;
}

async function readLinks(pool: pg.Pool, items: readonly ScopedFact[]): Promise<Map<string, StoredLink>> {
  const pairs = [...new Map(items.flatMap(linksOf).map((link) => [rowKey(link.scope, link), link])).values()];
  const { rows } = await pool.query<LinkColumns>({
    name: 'directory.hot_read',
    text: `select ${LINK_COLUMNS} from directory_link l
           join unnest($1::text[], $2::text[], $3::text[]) as pair(scope, identifier, head) using (scope, identifier, head)`,
    values: [pairs.map(({ scope }) => scope), pairs.map(({ identifier }) => identifier), pairs.map(({ head }) => head)],
  });
  return new Map(rows.map(storedLink).map((link) => [rowKey(link.scope, link), link]));
}

/** Moves `last` of rows that nobody has derived anew since they were read. Locks in key order, as everybody does. Answers with the rows written. */
async function touchLinks(pool: pg.Pool, touches: readonly Touch[]): Promise<Set<string>> {
  const { rows } = await pool.query<Pick<LinkColumns, 'scope' | 'identifier' | 'head'>>({
    name: 'directory.hot_write',
    text: `with locked as (
             select l.scope, l.identifier, l.head, l.generation, seen.at
             from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::float8[]) as seen(scope, identifier, head, generation, at)
             join directory_link l using (scope, identifier, head, generation)
             order by l.scope, l.identifier, l.head for update of l
           )
           update directory_link l set last = greatest(l.last, to_timestamp(locked.at)) from locked
           where l.scope = locked.scope and l.identifier = locked.identifier and l.head = locked.head and l.generation = locked.generation
           returning l.scope, l.identifier, l.head`,
    values: [
      touches.map(({ link }) => link.scope),
      touches.map(({ link }) => link.identifier),
      touches.map(({ link }) => link.head),
      touches.map(({ link }) => link.generation),
      touches.map(({ at }) => at),
    ],
  });
  return new Set(rows.map((row) => rowKey(row.scope, row)));
}
