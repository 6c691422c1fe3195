import { setTimeout as pause } from 'node:timers/promises';
import type { Group } from '@keyturn/contracts';
import type { Point } from '@keyturn/runtime';
import { until } from '../e2e/until.ts';
import type { Fault, Scene } from './faults.ts';
import { appliesAgain } from './recovery.ts';

const STANDS_MS = { long: 20_000, short: 0 };
const REACH_TIMEOUT_MS = 60_000;

/** A member stands still for longer than its session, once with a batch in its hands and once in a transaction, while another takes over; then it
 *  goes on as if nothing had been. Whatever it writes then would show as a step back of an offset. */
export const zombies: Fault = async (scene) => {
  await Promise.all([standStill(scene, 'identity', 'consumer.polled'), standStill(scene, 'contact', 'consumer.in_transaction')]);
};

async function standStill({ line, random, report, long }: Scene, group: Group, point: Point): Promise<void> {
  const service = line.service(group);
  const other = await line.another(group, `${group}-other`);
  service.strike({ point, arrivals: 1 + random.int(4), signal: 'SIGSTOP' });
  await until(`${group} stands still at ${point}`, async () => service.isStopped(), REACH_TIMEOUT_MS);
  await report(`${group} stands still at ${point}`, performance.now(), appliesAgain(line, group));
  await pause(long ? STANDS_MS.long : STANDS_MS.short);
  service.signal('SIGCONT');
  await report(`${group} goes on at ${point}`, performance.now(), appliesAgain(line, group));
  await other.stop();
}
