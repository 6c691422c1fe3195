import { AppError } from '@keyturn/contracts';
import type { Tx } from '../database.ts';
import { logLost } from './lost-log.ts';

/** A partition, as a group reads it. */
export type Place = { readonly group: string; readonly topic: string; readonly partition: number };

/** The first offset that the group has not applied; null: the group never read this partition. Throws `log.shorter_than_state` where its log is known
 *  to be lost. */
export async function nextOffsetOf(tx: Tx, { group, topic, partition }: Place): Promise<bigint | null> {
  const { rows } = await tx.query<{ next_offset: string; log_lost_at: Date | null }>({
    name: 'offset.read',
    text: 'select next_offset, log_lost_at from consumer_offset where group_id = $1 and topic = $2 and partition = $3',
    values: [group, topic, partition],
  });
  if (rows[0]?.log_lost_at) throw logLost(group, rows[0].log_lost_at);
  return rows[0] === undefined ? null : BigInt(rows[0].next_offset);
}

/** The first offset that the group has not applied, of each of these partitions that it ever read. */
export async function nextOffsetsOf(
  tx: Tx,
  group: string,
  places: readonly { topic: string; partition: number }[],
): Promise<{ topic: string; partition: number; offset: bigint }[]> {
  const { rows } = await tx.query<{ topic: string; partition: number; next_offset: string }>(
    `select topic, partition, next_offset from consumer_offset join unnest($2::text[], $3::int[]) as p(topic, partition) using (topic, partition)
     where group_id = $1`,
    [group, places.map(({ topic }) => topic), places.map(({ partition }) => partition)],
  );
  return rows.map(({ topic, partition, next_offset }) => ({ topic, partition, offset: BigInt(next_offset) }));
}

/** An instant by a member's clock, and never one that is still to come by that of the database: whoever asks how old the state is asks by that one, and what is
 *  dated ahead would look current for as long after the group has come to stand still. */
const byOurClock = (at: string): string => `least(${at}::timestamptz, now())`;

/** Moves the group on, if nobody else has: compare-and-set, in the transaction that applies the records below `to`.
 *  `from` null: the group's first read of the partition. Throws `batch.superseded` where another member was there before, or the log is lost. */
export async function advanceOffset(tx: Tx, place: Place, from: bigint | null, to: bigint, caughtUpAt: Date): Promise<void> {
  const key = [place.group, place.topic, place.partition];
  const { rowCount } =
    from === null
      ? await tx.query({
          name: 'offset.insert',
          text: `insert into consumer_offset (group_id, topic, partition, next_offset, caught_up_at) values ($1, $2, $3, $4, ${byOurClock('$5')})
                 on conflict do nothing`,
          values: [...key, to, caughtUpAt],
        })
      : await tx.query({
          name: 'offset.advance',
          text: `update consumer_offset set next_offset = $4, caught_up_at = greatest(caught_up_at, ${byOurClock('$5')}), updated_at = now()
                 where group_id = $1 and topic = $2 and partition = $3 and next_offset = $6 and log_lost_at is null`,
          values: [...key, to, caughtUpAt, from],
        });
  if (rowCount !== 1)
    throw new AppError('batch.superseded', `another member of ${place.group} has moved ${place.topic}/${place.partition} on`);
}

/** Begins each partition that the group never read at the first record that its log holds, whatever Kafka says of the group: a database made anew
 *  beside an old topic would else go on where the old one was, and the records before that be lost in silence. From then on the offsets are of the
 *  logs with this prefix, where nobody said so before. */
export async function beginAtLogStart(
  tx: Tx,
  { group, topic }: Omit<Place, 'partition'>,
  starts: readonly { readonly partition: number; readonly low: bigint }[],
  prefix: string,
): Promise<void> {
  await tx.query(
    `insert into consumer_offset as o (group_id, topic, partition, next_offset, caught_up_at, prefix)
     select $1, $2, partition, low, to_timestamp(0), $5 from unnest($3::int[], $4::bigint[]) as s(partition, low) order by partition
     on conflict (group_id, topic, partition) do update set prefix = excluded.prefix where o.prefix is null`,
    [group, topic, starts.map((start) => start.partition), starts.map((start) => start.low), prefix],
  );
}

/** Says that the group had applied all there was at this instant on each partition whose log ends at its offset, where no record came to say it: one
 *  that somebody is about to move on is left to them. Answers how far the group then is, on each. */
export async function stillCaughtUp(
  tx: Tx,
  { group, topic }: Omit<Place, 'partition'>,
  ends: readonly { readonly partition: number; readonly high: bigint }[],
  at: Date,
): Promise<{ partition: number; next: bigint; caughtUpAt: Date }[]> {
  const { rows } = await tx.query<{ partition: number; next_offset: string; caught_up_at: Date }>({
    name: 'offset.caught-up',
    text: `with due as (
             select o.partition from consumer_offset o join unnest($3::int[], $4::bigint[]) as e(partition, high) using (partition)
             where o.group_id = $1 and o.topic = $2 and o.next_offset = e.high for update of o skip locked),
           moved as (
             update consumer_offset o set caught_up_at = greatest(caught_up_at, ${byOurClock('$5')}), updated_at = now() from due
             where o.group_id = $1 and o.topic = $2 and o.partition = due.partition
             returning o.partition, o.caught_up_at)
           select o.partition, o.next_offset, coalesce(moved.caught_up_at, o.caught_up_at) as caught_up_at
           from consumer_offset o left join moved using (partition) where o.group_id = $1 and o.topic = $2`,
    values: [group, topic, ends.map((end) => end.partition), ends.map((end) => end.high), at],
  });
  return rows.map((row) => ({ partition: row.partition, next: BigInt(row.next_offset), caughtUpAt: row.caught_up_at }));
}

/** The partitions of which more has been applied than their logs hold. */
export async function appliedBeyond(
  tx: Tx,
  { group, topic }: Omit<Place, 'partition'>,
  ends: readonly { readonly partition: number; readonly high: bigint }[],
): Promise<{ partition: number; next: bigint; high: bigint }[]> {
  const { rows } = await tx.query<{ partition: number; next_offset: string; high: string }>(
    `select o.partition, o.next_offset, e.high from consumer_offset o join unnest($3::int[], $4::bigint[]) as e(partition, high) using (partition)
     where o.group_id = $1 and o.topic = $2 and o.next_offset > e.high order by o.partition`,
    [group, topic, ends.map((end) => end.partition), ends.map((end) => end.high)],
  );
  return rows.map(({ partition, next_offset, high }) => ({ partition, next: BigInt(next_offset), high: BigInt(high) }));
}
