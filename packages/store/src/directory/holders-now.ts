import type { Identifier } from '@keyturn/domain';
import { doubles, texts, uuids } from '../bind.ts';
import type { Tx } from '../database.ts';

/** An identifier at an instant, in whole seconds. */
export type ScopedPoint = { readonly scope: string; readonly identifier: Identifier; readonly at: number };

/** Who holds each of these now, by one read by key. Null: nobody. */
export async function holdersNow(tx: Tx, points: readonly ScopedPoint[]): Promise<(string | null)[]> {
  const { rows } = await tx.query<{ contact_id: string | null }>({
    name: 'directory.holders',
    text: `select holder.contact_id from unnest($1::text[], $2::text[], $3::float8[]) with ordinality as asked(scope, identifier, at, place)
           left join lateral (
             select p.contact_id from identifier_period p
             where p.scope = asked.scope and p.identifier = asked.identifier and p."from" <= to_timestamp(asked.at)
             order by p."from" desc limit 1
           ) as holder on true
           order by asked.place`,
    values: [
      texts(points.map(({ scope }) => scope)),
      texts(points.map(({ identifier }) => identifier)),
      doubles(points.map(({ at }) => at)),
    ],
  });
  return rows.map(({ contact_id }) => contact_id);
}

/** Whether any of these is now held by somebody else than `contactId`, or by nobody. To be asked after a slice's rows are locked: until then anybody may
 *  have become somebody else. */
export async function hasMoved(tx: Tx, points: readonly (ScopedPoint & { readonly contactId: string })[]): Promise<boolean> {
  const { rows } = await tx.query<{ moved: boolean }>({
    name: 'directory.moved',
    text: `select exists (
             select from unnest($1::text[], $2::text[], $3::float8[], $4::uuid[]) as asked(scope, identifier, at, contact_id)
             where contact_id is distinct from (
               select p.contact_id from identifier_period p
               where p.scope = asked.scope and p.identifier = asked.identifier and p."from" <= to_timestamp(asked.at)
               order by p."from" desc limit 1)
           ) as moved`,
    values: [
      texts(points.map(({ scope }) => scope)),
      texts(points.map(({ identifier }) => identifier)),
      doubles(points.map(({ at }) => at)),
      uuids(points.map(({ contactId }) => contactId)),
    ],
  });
  return rows[0]?.moved !== false;
}
