import { setTimeout as pause } from 'node:timers/promises';
import { contactEvents, inbound, type Topic } from '@keyturn/contracts';
import { appliedBy } from '../consumers/caught-up.ts';
import { consumerGroups, type Line } from './start-line.ts';

const LOOK_EVERY_MS = 10;

/** Waits until every consumer has applied all there is, what the directory told of it too, and the relay has told it; throws where something was
 *  dead-lettered. */
export async function untilDrained(line: Line, timeoutMs = 180_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isDrained(line))) {
    if (performance.now() > deadline) throw new Error(`not all is applied and told after ${timeoutMs} ms`);
    await pause(LOOK_EVERY_MS);
  }
}

/** In this order, for each of these makes the next grow. */
const isDrained = async (line: Line): Promise<boolean> =>
  (await isApplied(line, inbound)) && (await isTold(line)) && (await isApplied(line, contactEvents)) && (await isTold(line));

async function isApplied({ broker, database }: Line, topic: Topic): Promise<boolean> {
  const records = await broker.records(topic);
  const applied = await Promise.all(consumerGroups.map((group) => appliedBy(database, group, topic)));
  return applied.every((count) => count >= records);
}

async function isTold({ database }: Line): Promise<boolean> {
  const { rows } = await database.pool.query<{ waiting: boolean; letter: boolean }>(
    'select exists (select from outbox) as waiting, exists (select from dead_letter) as letter',
  );
  if (rows[0]?.letter) throw new Error('something was dead-lettered');
  return rows[0]?.waiting === false;
}
