import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs, type Log } from '@keyturn/runtime';
import { type Database, dueWhereMissed, sortInDue, storeError } from '@keyturn/store';

const POLL_MS = 250;
/** A release that knew no queue may have run beside this one. */
const CHECK_MS = 10 * 60_000;

/** Keeps the queue sorted by what one filters by, until stopped: what moved within a moment, and at the start and every ten minutes whatever is found to be
 *  otherwise than it stands. Every process of the console does it, and no two at a time. */
export function startQueue({ pool, log }: { readonly pool: Database['pool']; readonly log: Log }): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const run = async () => {
    let checkAt = 0;
    for (let failures = 0; !stopping.signal.aborted; ) {
      try {
        const sorted = await sortInDue(pool);
        const missed = sorted === 0 && performance.now() >= checkAt ? await dueWhereMissed(pool) : null;
        if (missed === 0) checkAt = performance.now() + CHECK_MS;
        failures = 0;
        if (sorted > 0 || (missed ?? 0) > 0) continue;
      } catch (error) {
        failures += 1;
        log.warn({ error: String(storeError(error)) }, 'the queue is not sorted');
      }
      const restMs = failures === 0 ? POLL_MS : backoffMs(failures - 1, { firstMs: POLL_MS, maxMs: 30_000 });
      await pause(restMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  };
  const ended = run();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
