import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import { appliesAgain } from './recovery.ts';

const FOR_MS = { long: 60_000, short: 6_000 };
const STAYS_MS = 2_000;

/** A second member of a group comes and goes every two seconds. */
export const churn: Fault = async ({ line, long, report }) => {
  const until = performance.now() + (long ? FOR_MS.long : FOR_MS.short);
  const other = await line.another('consent', 'consent-other');
  for (;;) {
    await pause(STAYS_MS);
    await other.stop();
    if (performance.now() > until) break;
    await other.start();
  }
  await report('a member came and went', performance.now(), appliesAgain(line, 'consent'));
};
