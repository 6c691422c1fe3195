import { setTimeout as pause } from 'node:timers/promises';
import { inbound } from '@keyturn/contracts';
import { appliedBy } from '../consumers/caught-up.ts';
import { consumerGroups, type Line } from './start-line.ts';

const LOOK_EVERY_MS = 10;

/** Waits until every consumer has applied all there is and the relay has told it; throws where something was dead-lettered. */
export async function untilDrained({ broker, database }: Line, timeoutMs = 180_000): Promise<void> {
  const records = await broker.records(inbound);
  for (const deadline = performance.now() + timeoutMs; ; await pause(LOOK_EVERY_MS)) {
    const applied = await Promise.all(consumerGroups.map((group) => appliedBy(database, group)));
    const { rows } = await database.pool.query<{ waiting: boolean }>('select exists (select from outbox) as waiting');
    if (applied.every((count) => count >= records) && rows[0]?.waiting === false) return;
    if (performance.now() > deadline) throw new Error(`of ${records} records ${applied.join(', ')} are applied after ${timeoutMs} ms`);
  }
}
