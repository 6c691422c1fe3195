import type { Log } from '@keyturn/runtime';
import { type Database, dueWhereMissed, sortInDue } from '@keyturn/store';
import { startTurns } from '../start-turns.ts';

const POLL_MS = 250;
/** A release that knew no queue may have run beside this one. */
const CHECK_MS = 10 * 60_000;

/** Keeps the queue sorted by what one filters by, until stopped: what moved within a moment, and at the start and every ten minutes whatever is found to be
 *  otherwise than it stands. Every process of the console does it, and no two at a time. */
export function startQueue({ pool, log }: { readonly pool: Database['pool']; readonly log: Log }): { stop(): Promise<void> } {
  let checkAt = 0;
  const turn = async () => {
    const sorted = await sortInDue(pool);
    const missed = sorted === 0 && performance.now() >= checkAt ? await dueWhereMissed(pool) : null;
    if (missed === 0) checkAt = performance.now() + CHECK_MS;
    return sorted > 0 || (missed ?? 0) > 0 ? 0 : POLL_MS;
  };
  return startTurns({ turn, waits: 'the queue is not sorted', firstMs: POLL_MS, log });
}
