import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs, type Log } from '@keyturn/runtime';
import { storeError } from '@keyturn/store';

type Turns = {
  /** One turn; answers how long to rest then, in milliseconds, 0 for not at all. */
  readonly turn: (stopping: AbortSignal) => Promise<number>;
  /** What a log line says while turns fail. */
  readonly waits: string;
  /** The rest after the first turn that fails; it grows to 30 s. */
  readonly firstMs: number;
  readonly log: Log;
};

/** Takes turn after turn until stopped, through whatever fails: it is logged, and the next turn comes later and later. A stop cuts a rest short and
 *  resolves once the turn under way has ended; nothing of it keeps the process alive. `wake` has the next turn come at once, unless the last one failed. */
export function startTurns({ turn, waits, firstMs, log }: Turns): { wake(): void; stop(): Promise<void> } {
  const stopping = new AbortController();
  let wake = () => {};
  const run = async () => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      let restMs: number;
      try {
        restMs = await turn(stopping.signal);
        failures = 0;
      } catch (error) {
        restMs = backoffMs(failures++, { firstMs, maxMs: 30_000 });
        log.warn({ error: String(storeError(error)) }, waits);
      }
      if (restMs === 0) continue;
      const rest = pause(restMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      await (failures === 0 ? Promise.race([rest, woken]) : rest);
    }
  };
  const ended = run();
  return {
    wake: () => wake(),
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
