import { AppError, type Topic } from '@keyturn/contracts';
import type { Told } from '@keyturn/domain';
import type { IncomingRecord, Log } from '@keyturn/runtime';
import { applyBatch, giveUp } from '../consume/apply-batch.ts';
import { tally } from '../consume/consumer-metrics.ts';
import type { Consumer, Ended, Letter, Run, Shell } from '../consume/run.ts';
import { neverStops } from '../consume/stop-rule.ts';
import { type LetterBounds, type Partition, readRequested } from './read-requested.ts';

/** How often the first letters of a partition may fail together, before each is tried alone and the one that fails is open again. */
const TOGETHER_MAX = 3;

/** What one member does to read its letters again. */
export type Redrive<State, View, T extends Told> = {
  readonly shell: Omit<Shell, 'stopRule'>;
  readonly definition: Consumer<State, View, T>;
  readonly log: Log;
  readonly pace: LetterBounds;
  readonly signal: AbortSignal;
  /** How often in a row the letters of a partition failed. */
  readonly failures: Map<string, number>;
};

/** Reads the first letters of a partition again; false: something failed that may be over later, and they wait. What fails so time after time is not
 *  waited for: the letters are then tried one by one, and the first that fails is open again, with what failed. Never throws. */
export async function redrivePartition<State, View, T extends Told>(redrive: Redrive<State, View, T>, place: Partition): Promise<boolean> {
  const { definition, failures, log } = redrive;
  const topic = definition.topics.find(({ name }) => name === place.topic);
  if (topic === undefined) return true;
  const key = `${place.topic}/${place.partition}`;
  const failed = failures.get(key) ?? 0;
  try {
    const good = await (failed < TOGETHER_MAX ? together : oneByOne)(redrive, topic, place.partition);
    if (good) failures.delete(key);
    return true;
  } catch (error) {
    failures.set(key, failed + 1);
    log.warn({ ...place, failures: failed + 1, error: String(error) }, 'dead letters wait to be read again');
    return false;
  }
}

async function together<State, View, T extends Told>(redrive: Redrive<State, View, T>, topic: Topic, partition: number): Promise<true> {
  const { records, letters } = await read(redrive, topic, partition);
  if (records.length > 0) await apply(redrive, runOf(topic, partition, records, letters));
  return true;
}

/** Ends at the first that fails, so that the other partitions have their turn; false: there was one. */
async function oneByOne<State, View, T extends Told>(redrive: Redrive<State, View, T>, topic: Topic, partition: number): Promise<boolean> {
  const { records, letters } = await read(redrive, topic, partition);
  for (const record of records) {
    if (redrive.signal.aborted) break;
    const run = runOf(topic, partition, [record], letters);
    try {
      await apply(redrive, run);
    } catch (error) {
      await conclude(redrive, run, () => giveUp(shellOf(redrive), redrive.definition, run, error));
      return false;
    }
  }
  return true;
}

const read = <State, View, T extends Told>({ shell, definition, pace }: Redrive<State, View, T>, topic: Topic, partition: number) =>
  readRequested(shell.pool, definition.group, topic, partition, pace);
const runOf = (topic: Topic, partition: number, records: readonly IncomingRecord[], letters: ReadonlyMap<bigint, Letter>): Run => ({
  ...{ topic, partition, records, letters, attempt: 1 },
});
const shellOf = <State, View, T extends Told>({ shell }: Redrive<State, View, T>): Shell => ({ ...shell, stopRule: neverStops });

const apply = <State, View, T extends Told>(redrive: Redrive<State, View, T>, run: Run): Promise<void> =>
  conclude(redrive, run, () => applyBatch(shellOf(redrive), redrive.definition, run));

/** Whoever has the letters already concludes them. */
async function conclude<State, View, T extends Told>(
  { log }: Redrive<State, View, T>,
  { topic: { name: topic }, partition }: Run,
  work: () => Promise<Ended[]>,
): Promise<void> {
  try {
    const ended = await work();
    log.info({ topic, partition, letters: ended.length, ...tally(ended) }, 'dead letters read again');
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'batch.superseded')) throw error;
    log.debug({ topic, partition }, 'these dead letters are in other hands, or were decided on meanwhile');
  }
}
