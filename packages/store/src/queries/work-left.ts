import type { Tx } from '../database.ts';
import { storeError } from '../database.ts';

/** How far each group is, by `<group> <topic>` and partition: what comes next for it. Throws `store.unavailable`. */
export async function groupOffsets(tx: Tx): Promise<ReadonlyMap<string, ReadonlyMap<number, bigint>>> {
  type Row = { group_id: string; topic: string; partition: number; next_offset: string };
  const { rows } = await asked(tx.query<Row>('select group_id, topic, partition, next_offset from consumer_offset'));
  const byGroup = Map.groupBy(rows, (row) => `${row.group_id} ${row.topic}`);
  return new Map([...byGroup].map(([name, mine]) => [name, new Map(mine.map((row) => [row.partition, BigInt(row.next_offset)]))]));
}

const OUTBOX_MAX = 10_000;

/** How many rows the outbox has, up to 10,000, and which is the first. Throws `store.unavailable`. */
export async function outboxDepth(tx: Tx): Promise<{ readonly rows: number; readonly first: bigint }> {
  const { rows } = await asked(
    tx.query<{ rows: string; first: string | null }>(
      `select count(*) as rows, min(position) as first from (select position from outbox order by position limit ${OUTBOX_MAX}) as o`,
    ),
  );
  return { rows: Number(rows[0]?.rows ?? 0), first: BigInt(rows[0]?.first ?? 0) };
}

const asked = <Result>(answer: Promise<Result>): Promise<Result> =>
  answer.catch((error: unknown) => {
    throw storeError(error);
  });
