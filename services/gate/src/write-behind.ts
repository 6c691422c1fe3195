import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@keyturn/contracts';
import { backoffMs, type Log, metrics } from '@keyturn/runtime';
import { storeError } from '@keyturn/store';

const lost = metrics.counter(
  'keyturn_gate_unwritten_total',
  'What the gate had to record and never will: too much waited while the database was away, or it refuses the row, or the gate stopped before.',
  ['what'],
);

type Options = {
  /** What is written, in one word, for the metric and the log. */
  readonly what: string;
  readonly itemsMax: number;
  /** Beyond, the newest is lost, and counted. */
  readonly waitingMax: number;
  /** How long what comes is gathered before it is written; 0: not at all. */
  readonly gatherMs: number;
  /** How long a stop waits for what is to be written. */
  readonly stopMaxMs?: number;
  readonly log: Log;
};
/** Items on their way to the database. */
export type WriteBehind<Item> = {
  /** Resolves with true once it is written, with false where it never will be. Never rejects, and nobody has to wait for it. */
  write(item: Item): Promise<boolean>;
  /** Writes what waits, and gives up after three seconds, also where the database says nothing at all. */
  stop(): Promise<void>;
};

const BACKOFF = { firstMs: 100, maxMs: 2_000 };
const STOP_MAX_MS = 3_000;
/** A database that refuses has said so by then. */
const SILENT_MS = 500;

/** Writes many items by few statements beside the work that they come of: one statement at a time, in order, tried again for as long as the database is
 *  away. What it refuses for good is found by halves and left out, so that no item holds up its neighbours. `save` may get the same item again. */
export function writeBehind<Item>(save: (items: readonly Item[]) => Promise<void>, options: Options): WriteBehind<Item> {
  const { what, itemsMax, waitingMax, gatherMs, stopMaxMs = STOP_MAX_MS, log } = options;
  type Waiting = { readonly item: Item; done(written: boolean): void };
  const waiting: Waiting[] = [];
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  let stopBy = Number.POSITIVE_INFINITY;
  const rest = (ms: number) => pause(ms, undefined, { signal: stopping.signal }).catch(() => {});
  const end = (items: readonly Waiting[], written: boolean) => {
    if (!written) lost.inc({ what }, items.length);
    for (const { done } of items) done(written);
  };

  async function run(): Promise<void> {
    let size = itemsMax;
    for (let attempt = 0; waiting.length > 0; ) {
      if (attempt === 0 && gatherMs > 0) await rest(gatherMs);
      const taken = waiting.slice(0, size);
      const error = await save(taken.map(({ item }) => item)).then(() => null, storeError);
      const refused = error instanceof AppError && error.code === 'store.data';
      if (error === null || (refused && taken.length === 1)) {
        if (error !== null) log.error({ what, reason: (error as Error).message }, 'the database refuses a row of the gate');
        end(waiting.splice(0, taken.length), error === null);
        [attempt, size] = [0, Math.min(itemsMax, size * 2)];
      } else if (refused) size = Math.ceil(taken.length / 2);
      else if (performance.now() > stopBy) end(waiting.splice(0), false);
      else {
        log.warn({ what, waiting: waiting.length, reason: (error as Error).message }, 'not written yet; again in a moment');
        if (stopping.signal.aborted) await pause(BACKOFF.firstMs);
        else await rest(backoffMs(attempt++, BACKOFF));
      }
    }
    running = null; // here, and not when its promise is: whoever waited for the last item may write the next before that
  }
  return {
    write: (item) =>
      new Promise((done) => {
        if (waiting.length >= waitingMax) return end([{ item, done }], false);
        waiting.push({ item, done });
        running ??= run();
      }),
    async stop() {
      stopBy = performance.now() + stopMaxMs;
      stopping.abort();
      const silent = pause(stopMaxMs + SILENT_MS, 'silent', { ref: false });
      if ((await Promise.race([running, silent])) === 'silent') end(waiting.splice(0), false);
    },
  };
}
