import { counted } from '@keyturn/domain';
import { integers, texts, uuids } from '../bind.ts';
import type { Tx } from '../database.ts';

/** Where a block belongs. `blockedAt` null: nowhere, it awaits no decision. `counts`: under which names it counts, its facets among them. */
export type Sorted = {
  readonly contactId: string;
  readonly version: number;
  readonly consentVersion: number;
  readonly blockedAt: Date | null;
  readonly facets: readonly string[];
  readonly counts: readonly string[];
};
type Entry = { readonly facet: string; readonly blockedAt: Date; readonly contactId: string };
type Known = { contact_id: string; blocked_at: Date; facets: string[] };

/** Puts each block where it belongs, and away from where it was; the counts move by the difference. Under the lock of the queue alone. */
export async function saveSorted(tx: Tx, sorted: readonly Sorted[]): Promise<void> {
  const known = await readKnown(tx, sorted);
  const was = [...known.values()].flatMap(({ contact_id, blocked_at, facets }) => entriesOf(contact_id, blocked_at, facets));
  const is = sorted.flatMap(({ contactId, blockedAt, facets }) => (blockedAt === null ? [] : entriesOf(contactId, blockedAt, facets)));
  const [before, after] = [new Set(was.map(keyOf)), new Set(is.map(keyOf))];
  await takeOut(
    tx,
    was.filter((entry) => !after.has(keyOf(entry))),
  );
  await putIn(
    tx,
    is.filter((entry) => !before.has(keyOf(entry))),
  );
  await saveRows(tx, sorted);
  const countsWere = [...known.values()].flatMap(({ blocked_at, facets }) => [
    ...facets,
    counted.all,
    counted.tenMinutes(blocked_at.toISOString()),
  ]);
  await moveCounts(
    tx,
    differences(
      countsWere,
      sorted.flatMap(({ counts }) => counts),
    ),
  );
}

async function readKnown(tx: Tx, sorted: readonly Sorted[]): Promise<Map<string, Known>> {
  const { rows } = await tx.query<Known>({
    name: 'queue.known',
    text: 'select contact_id, blocked_at, facets from open_change where contact_id = any($1::uuid[])',
    values: [uuids(sorted.map(({ contactId }) => contactId))],
  });
  return new Map(rows.map((row) => [row.contact_id, row]));
}

const entriesOf = (contactId: string, blockedAt: Date, facets: readonly string[]): Entry[] =>
  facets.map((facet) => ({ facet, blockedAt, contactId }));
const keyOf = ({ facet, blockedAt, contactId }: Entry): string => `${blockedAt.getTime()} ${contactId} ${facet}`;
const columnsOf = (entries: readonly Entry[]) => [
  texts(entries.map(({ facet }) => facet)),
  entries.map(({ blockedAt }) => blockedAt),
  uuids(entries.map(({ contactId }) => contactId)),
];

async function takeOut(tx: Tx, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.query({
    name: 'queue.take_out',
    text: `delete from open_change_facet f using unnest($1::text[], $2::timestamptz[], $3::uuid[]) as e(facet, blocked_at, contact_id)
           where f.facet = e.facet and f.blocked_at = e.blocked_at and f.contact_id = e.contact_id`,
    values: columnsOf(entries),
  });
}

async function putIn(tx: Tx, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.query({
    name: 'queue.put_in',
    text: `insert into open_change_facet (facet, blocked_at, contact_id) select * from unnest($1::text[], $2::timestamptz[], $3::uuid[]) on conflict do nothing`,
    values: columnsOf(entries),
  });
}

async function saveRows(tx: Tx, sorted: readonly Sorted[]): Promise<void> {
  const [closed, open] = [sorted.filter(({ blockedAt }) => blockedAt === null), sorted.filter(({ blockedAt }) => blockedAt !== null)];
  await tx.query({
    name: 'queue.close',
    text: 'delete from open_change where contact_id = any($1::uuid[])',
    values: [uuids(closed.map(({ contactId }) => contactId))],
  });
  await tx.query({
    name: 'queue.open',
    text: `insert into open_change (contact_id, version, consent_version, blocked_at, facets)
           select contact_id, version, consent_version, blocked_at, array(select jsonb_array_elements_text(facets))
           from unnest($1::uuid[], $2::int[], $3::int[], $4::timestamptz[], $5::jsonb[]) as o(contact_id, version, consent_version, blocked_at, facets)
           on conflict (contact_id) do update set version = excluded.version, consent_version = excluded.consent_version,
             blocked_at = excluded.blocked_at, facets = excluded.facets`,
    values: [
      uuids(open.map(({ contactId }) => contactId)),
      integers(open.map(({ version }) => version)),
      integers(open.map(({ consentVersion }) => consentVersion)),
      open.map(({ blockedAt }) => blockedAt),
      open.map(({ facets }) => JSON.stringify(facets)),
    ],
  });
}

/** By how much each count moves; what stays is left out. */
function differences(before: readonly string[], after: readonly string[]): Map<string, number> {
  const moves = new Map<string, number>();
  for (const name of before) moves.set(name, (moves.get(name) ?? 0) - 1);
  for (const name of after) moves.set(name, (moves.get(name) ?? 0) + 1);
  return new Map([...moves].filter(([, by]) => by !== 0));
}

async function moveCounts(tx: Tx, moves: ReadonlyMap<string, number>): Promise<void> {
  if (moves.size === 0) return;
  await tx.query({
    name: 'queue.count',
    text: `insert into open_change_count as c (facet, count) select * from unnest($1::text[], $2::int[])
           on conflict (facet) do update set count = c.count + excluded.count`,
    values: [texts([...moves.keys()]), integers([...moves.values()])],
  });
  await tx.query({
    name: 'queue.count_none',
    text: 'delete from open_change_count where facet = any($1::text[]) and count <= 0',
    values: [texts([...moves.keys()])],
  });
}
