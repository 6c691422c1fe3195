import { setTimeout as pause } from 'node:timers/promises';
import type { Told } from '@keyturn/domain';
import { backoffMs, type Log } from '@keyturn/runtime';
import type { Consumer, Shell } from '../consume/run.ts';
import { type LetterBounds, type Partition, requestedPartitions } from './read-requested.ts';
import { type Redrive, redrivePartition } from './redrive-partition.ts';

/** How often requests are looked for, how much is read again at once, and how long the live records then have to themselves: so many times what that
 *  took. */
export type RedrivePace = LetterBounds & { readonly pollMs: number; readonly restTimes: number };
const PACE: RedrivePace = { pollMs: 1_000, lettersMax: 20, bytesMax: 1_048_576, restTimes: 3 };

type Options<State, View, T extends Told> = {
  readonly shell: Omit<Shell, 'stopRule'>;
  readonly definition: Consumer<State, View, T>;
  /** The partitions that this member reads: their letters are its own, so that members don't get into each other's way. */
  readonly assigned: () => readonly Partition[];
  readonly log: Log;
  readonly pace?: RedrivePace;
};

/** Reads dead letters again where somebody asked for it, through the same door as live records and no other group's: what it applies commits with the
 *  letter's own status, so however often it is asked for, it is applied once. Never stops the consumer; what fails again is open again, and no
 *  partition waits for what fails in another. */
export function startRedriver<State, View, T extends Told>(options: Options<State, View, T>): { stop(): Promise<void> } {
  const { pace = PACE } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const rest = (ms: number) => pause(ms, undefined, { signal, ref: false }).catch(() => {});
  const redrive = { ...options, pace, signal, failures: new Map<string, number>() };
  const run = async () => {
    for (let failures = 0; !signal.aborted; ) {
      const turn = await redriveOnce(redrive, options.assigned(), rest);
      failures = turn === 'failed' ? failures + 1 : 0;
      if (turn === 'idle') await rest(pace.pollMs);
      if (turn === 'failed') await rest(backoffMs(failures - 1, { firstMs: pace.pollMs, maxMs: 30_000 }));
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

type Turn = 'idle' | 'busy' | 'failed';
/** Reads the first letters of each partition that has some. */
async function redriveOnce<State, View, T extends Told>(
  { pace, ...redrive }: Redrive<State, View, T> & { readonly pace: RedrivePace },
  assigned: readonly Partition[],
  rest: (ms: number) => Promise<void>,
): Promise<Turn> {
  const { shell, definition, signal, log } = redrive;
  try {
    const due = await requestedPartitions(shell.pool, definition.group, assigned);
    let turn: Turn = due.length === 0 ? 'idle' : 'busy';
    for (const place of due) {
      if (signal.aborted) break;
      const startedAt = performance.now();
      if (await redrivePartition({ ...redrive, pace }, place)) await rest((performance.now() - startedAt) * pace.restTimes);
      else turn = 'failed';
    }
    return turn;
  } catch (error) {
    log.warn({ error: String(error) }, 'dead letters wait to be read again');
    return 'failed';
  }
}
