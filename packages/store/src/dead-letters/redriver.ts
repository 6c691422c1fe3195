import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@keyturn/contracts';
import type { Told } from '@keyturn/domain';
import { backoffMs, type Log } from '@keyturn/runtime';
import { applyBatch } from '../consume/apply-batch.ts';
import { tally } from '../consume/consumer-metrics.ts';
import type { ConsumerDefinition, Shell } from '../consume/run.ts';
import { neverStops } from '../consume/stop-rule.ts';
import { type LetterBounds, type Partition, readRequested, requestedPartitions } from './read-requested.ts';

/** How often requests are looked for, how much is read again at once, and how long the live records then have to themselves: so many times what that
 *  took. */
export type RedrivePace = LetterBounds & { readonly pollMs: number; readonly restTimes: number };
const PACE: RedrivePace = { pollMs: 1_000, lettersMax: 20, bytesMax: 1_048_576, restTimes: 3 };

type Options<State, View, T extends Told> = {
  readonly shell: Omit<Shell, 'stopRule'>;
  readonly definition: ConsumerDefinition<State, View, T>;
  /** The partitions that this member reads: their letters are its own, so that members don't get into each other's way. */
  readonly assigned: () => readonly Partition[];
  readonly log: Log;
  readonly pace?: RedrivePace;
};

/** Reads dead letters again where somebody asked for it, through the same door as live records and no other group's: what it applies commits with the
 *  letter's own status, so however often it is asked for, it is applied once. Never stops the consumer; what fails again is open again. */
export function startRedriver<State, View, T extends Told>(options: Options<State, View, T>): { stop(): Promise<void> } {
  const { log, pace = PACE } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const rest = (ms: number) => pause(ms, undefined, { signal, ref: false }).catch(() => {});
  const run = async () => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        const busy = await redriveOnce(options, signal, rest);
        failures = 0;
        if (!busy) await rest(pace.pollMs);
      } catch (error) {
        log.warn({ error: String(error) }, 'dead letters wait to be read again');
        await rest(backoffMs(failures++, { firstMs: pace.pollMs, maxMs: 30_000 }));
      }
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

/** Reads the first letters of each partition that has some; false: there are none. */
async function redriveOnce<State, View, T extends Told>(
  options: Options<State, View, T>,
  signal: AbortSignal,
  rest: (ms: number) => Promise<void>,
): Promise<boolean> {
  const { shell, definition, assigned, pace = PACE } = options;
  const due = await requestedPartitions(shell.pool, definition.group, assigned());
  for (const place of due) {
    if (signal.aborted) break;
    const startedAt = performance.now();
    await redrivePartition(options, place);
    await rest((performance.now() - startedAt) * pace.restTimes);
  }
  return due.length > 0;
}

async function redrivePartition<State, View, T extends Told>(
  { shell, definition, log, pace = PACE }: Options<State, View, T>,
  { topic: name, partition }: Partition,
): Promise<void> {
  const topic = definition.topics.find((one) => one.name === name);
  if (topic === undefined) return;
  const { records, letters } = await readRequested(shell.pool, definition.group, topic, partition, pace);
  if (records.length === 0) return;
  try {
    const run = { topic, partition, records, letters, attempt: 1 };
    const ended = await applyBatch({ ...shell, stopRule: neverStops }, definition, run);
    log.info({ topic: name, partition, letters: ended.length, ...tally(ended) }, 'dead letters read again');
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'batch.superseded')) throw error;
    log.debug({ topic: name, partition }, 'another member reads these dead letters again');
  }
}
