import type { Tx } from '../database.ts';

/** A row of the outbox, as the relay publishes it: an event with its state record, or one record alone. */
export type OutboxRow = {
  readonly position: string;
  readonly key: string;
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
  readonly stateTopic: string | null;
  readonly state: Buffer | null;
  readonly createdAt: Date;
};
/** Why a row can't be published by trying again. */
export type Refusal = { readonly position: string; readonly reason: string };
/** How much one read brings. A row larger than `bytesMax` comes alone. */
export type ReadBounds = { readonly rowsPerShardMax: number; readonly bytesMax: number };

/** The oldest rows of these shards, but of no key in `except`, in position order. What one key has comes without a gap from its oldest row on.
 *  Not a named statement: a plan made while the outbox was empty must not serve it when it is full. */
export async function readRows(tx: Tx, shards: readonly number[], except: readonly string[], bounds: ReadBounds): Promise<OutboxRow[]> {
  const { rows } = await tx.query<OutboxRow>(
    `select position, key, topic, headers, value, state_topic as "stateTopic", state, created_at as "createdAt"
     from (
       select oldest.*, sum(bytes) over (order by position) - bytes as bytes_before
       from unnest($1::smallint[]) as held(shard) cross join lateral (
         select o.*, octet_length(o.value) + coalesce(octet_length(o.state), 0) as bytes
         from outbox o where o.shard = held.shard and o.key <> all($2::text[]) order by o.position limit $3) oldest
     ) w
     where bytes_before < $4 order by position`,
    [shards, except, bounds.rowsPerShardMax, bounds.bytesMax],
  );
  return rows;
}

/** Takes out what Kafka has confirmed. */
export async function removeRows(tx: Tx, positions: readonly string[]): Promise<void> {
  if (positions.length === 0) return;
  await tx.query({ name: 'outbox.remove', text: 'delete from outbox where position = any($1::bigint[])', values: [positions] });
}

/** Moves refused rows aside, whole, in one statement. */
export async function setAside(tx: Tx, refusals: readonly Refusal[]): Promise<void> {
  if (refusals.length === 0) return;
  await tx.query(
    `with refused as (select * from unnest($1::bigint[], $2::text[]) as r(position, reason)),
          gone as (delete from outbox where position in (select position from refused) returning *)
     insert into outbox_refused (position, shard, key, topic, headers, value, state_topic, state, created_at, reason)
     select position, shard, key, topic, headers, value, state_topic, state, created_at, reason from gone join refused using (position)`,
    [refusals.map(({ position }) => position), refusals.map(({ reason }) => reason)],
  );
}

/** Puts what was set aside back at the end of the outbox, marked `readmitted: true`, and answers how many rows. Newer records of the same contact
 *  may be out by then: readers keep the larger version. */
export async function readmit(tx: Tx): Promise<number> {
  const { rowCount } = await tx.query(
    `with back as (delete from outbox_refused returning *)
     insert into outbox (shard, key, topic, headers, value, state_topic, state, created_at)
     select shard, key, topic, headers || '{"readmitted": "true"}', value, state_topic, state, created_at from back order by position`,
  );
  return rowCount ?? 0;
}
