import { setTimeout as pause } from 'node:timers/promises';
import { inbound } from '@keyturn/contracts';
import type { Database } from '@keyturn/store';
import type { Done } from './row-by-row.ts';

const LOOK_EVERY_MS = 5;

/** How many records of the inbound topic the group has applied. */
export async function appliedBy({ pool }: Database, group: string): Promise<number> {
  const { rows } = await pool.query<{ applied: string }>({
    name: 'bench.applied',
    text: 'select coalesce(sum(next_offset), 0) as applied from consumer_offset where group_id = $1 and topic = $2',
    values: [group, inbound.name],
  });
  return Number(rows[0]?.applied ?? 0);
}

/** Waits until the group has applied so many, and says what it did in which time after its first commit. */
export async function untilCaughtUp(database: Database, group: string, records: number, timeoutMs = 120_000): Promise<Done> {
  let first: { at: number; applied: number } | null = null;
  for (const deadline = performance.now() + timeoutMs; ; ) {
    const applied = await appliedBy(database, group);
    const at = performance.now();
    if (first === null && applied > 0) first = { at, applied };
    if (first !== null && applied >= records) return { events: applied - first.applied, seconds: (at - first.at) / 1_000 };
    if (at > deadline) throw new Error(`${group} has applied ${applied} of ${records} records after ${timeoutMs} ms`);
    await pause(LOOK_EVERY_MS);
  }
}
