import type { Topic } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import type { Letter } from '../consume/run.ts';
import type { Tx } from '../database.ts';

/** A partition of a topic, as the group reads it. */
export type Partition = { readonly topic: string; readonly partition: number };
/** How much is read again in one transaction. A letter larger than `bytesMax` comes alone. */
export type LetterBounds = { readonly lettersMax: number; readonly bytesMax: number };
type Row = {
  dead_letter_id: string;
  offset: string;
  key: string | null;
  headers: Record<string, string>;
  value: Buffer;
  record_at: Date;
  dead_lettered_at: Date;
  decision_id: string;
};

/** Which of these partitions have letters that are to be read again. One look by key at each, in an index that holds nothing else. */
export async function requestedPartitions(tx: Tx, group: string, among: readonly Partition[]): Promise<Partition[]> {
  if (among.length === 0) return [];
  const { rows } = await tx.query<Partition>(
    `select a.topic, a.partition from unnest($2::text[], $3::int[]) as a(topic, partition)
     where exists (select from dead_letter d
                   where d.group_id = $1 and d.topic = a.topic and d.partition = a.partition and d.status = 'requested')
     order by a.topic, a.partition`,
    [group, among.map(({ topic }) => topic), among.map(({ partition }) => partition)],
  );
  return rows;
}

/** The first letters of a partition that are to be read again, in the order of the log, as records and as letters. */
export async function readRequested(
  tx: Tx,
  group: string,
  topic: Topic,
  partition: number,
  { lettersMax, bytesMax }: LetterBounds,
): Promise<{ records: IncomingRecord[]; letters: Map<bigint, Letter> }> {
  const { rows } = await tx.query<Row>(
    `select dead_letter_id, "offset", key, headers, value, record_at, dead_lettered_at, decisions[cardinality(decisions)] as decision_id
     from (
       select first.*, sum(octet_length(value)) over (order by "offset") - octet_length(value) as bytes_before
       from (select * from dead_letter d where d.group_id = $1 and d.topic = $2 and d.partition = $3 and d.status = 'requested'
             order by d."offset" limit $4) first
     ) w
     where bytes_before < $5 order by "offset"`,
    [group, topic.name, partition, lettersMax, bytesMax],
  );
  return {
    records: rows.map(({ offset, key, headers, value, record_at }) => ({
      offset: BigInt(offset),
      key,
      value,
      headers,
      timestamp: record_at.getTime(),
    })),
    letters: new Map(
      rows.map(({ offset, dead_letter_id, decision_id, dead_lettered_at }) => [
        BigInt(offset),
        { deadLetterId: dead_letter_id, decisionId: decision_id, deadLetteredAt: dead_lettered_at },
      ]),
    ),
  };
}
