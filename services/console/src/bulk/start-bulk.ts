import { type Log, metrics } from '@keyturn/runtime';
import {
  type BulkShell,
  cancelUnentitled,
  carryOut,
  endBulks,
  forgetBulks,
  giveBack,
  isAnyRunning,
  outboxDepth,
  type TakenRow,
  takeBulkRows,
} from '@keyturn/store';
import { startTurns } from '../start-turns.ts';

const POLL_MS = 1_000;
/** How many changes are in hand at a time, and how many of them are decided on at once: the pool is the API's too. */
const TAKEN_MAX = 40;
const AT_ONCE = 4;
/** Who has not decided by then has ended itself, and others go on. */
const DEAD_AFTER_MS = 20_000;
/** With so much for the relay to publish, the line comes first. */
const OUTBOX_MAX = 5_000;
/** Dry runs that nobody ran are kept for a day. */
const FORGET_MS = 3_600_000;

const rows = metrics.counter('keyturn_bulk_decision_rows_total', 'Changes of bulk decisions, by how deciding on them ended.', ['outcome']);

type Options = BulkShell & { readonly log: Log };
/** Carries out bulk decisions that run, until stopped. Every process of the console does it, and no two on one change; what a process that ended had in hand is taken
 *  up by another. It rests as long as it works, and while the relay is behind: the line goes on meanwhile. */
export function startBulk(options: Options): { stop(): Promise<void> } {
  let forgetAt = 0;
  const rested = async (stopping: AbortSignal) => {
    const startedAt = performance.now();
    if (startedAt >= forgetAt) {
      await forgetBulks(options.pool, options.now());
      forgetAt = startedAt + FORGET_MS;
    }
    return (await turn(options, stopping)) ? performance.now() - startedAt : POLL_MS;
  };
  return startTurns({ turn: rested, waits: 'a bulk decision waits', firstMs: POLL_MS, log: options.log });
}

/** Decides on the next changes; answers whether there were any. */
async function turn(shell: Options, stopping: AbortSignal): Promise<boolean> {
  const { pool, now, log } = shell;
  if (!(await isAnyRunning(pool))) return false;
  const cancelled = await cancelUnentitled(shell);
  if (cancelled > 0) log.warn({ bulks: cancelled }, 'bulk decisions are cancelled: whoever ran them may not decide any more');
  if ((await outboxDepth(pool)).rows >= OUTBOX_MAX) return false;
  const at = now();
  const taken = await takeBulkRows(pool, TAKEN_MAX, at, new Date(at.getTime() + DEAD_AFTER_MS));
  if (taken.length === 0) {
    await endBulks(shell);
    return false;
  }
  const left = [...taken];
  const later: TakenRow[] = [];
  const work = async () => {
    for (let row = left.shift(); row !== undefined; row = left.shift()) {
      const outcome = stopping.aborted ? 'later' : await carryOut(shell, row);
      rows.inc({ outcome });
      if (outcome === 'later') later.push(row);
    }
  };
  const how = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  await giveBack(pool, [...later, ...left]);
  for (const one of how) if (one.status === 'rejected') throw one.reason;
  const ended = await endBulks(shell);
  if (ended > 0) log.info({ bulks: ended }, 'bulk decisions done');
  return later.length < taken.length;
}
