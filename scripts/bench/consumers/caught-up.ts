import { setTimeout as pause } from 'node:timers/promises';
import { inbound, type Topic } from '@keyturn/contracts';
import type { Database } from '@keyturn/store';
import type { Done } from './row-by-row.ts';

/** Each look takes a little of what is measured. */
const LOOK_EVERY_MS = 20;
/** What is applied before that is not counted: the process has just begun, and compiles what is hot, as what it is compared with did long ago. */
export const WARM_SHARE = 0.25;

/** How many records of the topic the group has applied. */
export async function appliedBy({ pool }: Database, group: string, topic: Topic = inbound): Promise<number> {
  const { rows } = await pool.query<{ applied: string }>({
    name: 'bench.applied',
    text: 'select coalesce(sum(next_offset), 0) as applied from consumer_offset where group_id = $1 and topic = $2',
    values: [group, topic.name],
  });
  return Number(rows[0]?.applied ?? 0);
}

/** What was done, and how much of each was used meanwhile. */
export type CaughtUp = Done & { readonly used: readonly number[] };

/** Waits until the group has applied so many, and says what it did in which time once it was warm; and how much more was used since of what `using` says. */
export async function untilCaughtUp(
  database: Database,
  group: string,
  records: number,
  using: () => readonly number[] = () => [],
  timeoutMs = 120_000,
): Promise<CaughtUp> {
  let first: { at: number; applied: number; used: readonly number[] } | null = null;
  for (const deadline = performance.now() + timeoutMs; ; ) {
    const applied = await appliedBy(database, group);
    const at = performance.now();
    if (first === null && applied > records * WARM_SHARE) first = { at, applied, used: using() };
    if (first !== null && applied >= records) {
      const { used } = first;
      return { events: applied - first.applied, seconds: (at - first.at) / 1_000, used: using().map((now, i) => now - (used[i] ?? 0)) };
    }
    if (at > deadline) throw new Error(`${group} has applied ${applied} of ${records} records after ${timeoutMs} ms`);
    await pause(LOOK_EVERY_MS);
  }
}
