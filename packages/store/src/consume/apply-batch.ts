import { AppError, inbound, isRetryable } from '@keyturn/contracts';
import type { Told } from '@keyturn/domain';
import { storeError } from '../database.ts';
import { applyDirectory } from './apply-directory.ts';
import { applyInbound } from './apply-inbound.ts';
import { claim, conclude } from './claim.ts';
import { countEnded, countRedriven } from './consumer-metrics.ts';
import {
  type Applied,
  aboutOf,
  type Consumer,
  type ConsumerDefinition,
  caughtUpAt,
  deadEnd,
  type Ended,
  type FromLogRun,
  type Run,
  type Shell,
  transactRun,
} from './run.ts';

const ATTEMPTS_MAX = 5;
/** Applies a run of records exactly once: state, journal, outbox, dead letters and offset commit together, or nothing does. A record that the
 *  database refuses, or on which a fault of ours throws, is found by halving; it becomes a dead letter, its neighbours are applied. Throws what the runner is to retry
 *  (`store.unavailable`, `batch.superseded`) or to stop at (`consumer.stopped`, and whatever is no fault of a record). */
export async function applyBatch<State, View, T extends Told>(
  shell: Shell,
  consumer: Consumer<State, View, T>,
  run: Run,
): Promise<Ended[]> {
  try {
    return await applyRun(shell, consumer, run);
  } catch (thrown) {
    const error = storeError(thrown);
    const again = error instanceof AppError && (error.code === 'batch.contact_moved' || error.code === 'store.conflict');
    if (again && run.attempt < ATTEMPTS_MAX) return applyBatch(shell, consumer, { ...run, attempt: run.attempt + 1 });
    if (!isOfRecord(error, run)) throw error;
    if (run.records.length > 1) return inHalves(shell, consumer, run);
    if (run.refused === undefined) return applyBatch(shell, consumer, { ...run, refused: error, attempt: run.attempt + 1 });
    return giveUp(shell, consumer, run, run.refused);
  }
}

async function applyRun<State, View, T extends Told>(shell: Shell, consumer: Consumer<State, View, T>, run: Run): Promise<Ended[]> {
  const applied = 'apply' in consumer ? await consumer.apply(shell, consumer, run) : await applySlice(shell, consumer, run);
  return committed(shell, consumer.group, run, applied);
}

async function applySlice<State, View, T extends Told>(
  shell: Shell,
  consumer: ConsumerDefinition<State, View, T>,
  run: Run,
): Promise<Applied> {
  if (run.topic.name !== inbound.name) return applyDirectory(shell, consumer, run);
  const [applied] = await applyInbound(shell, consumer, run);
  return applied as Applied;
}

/** Applies runs of several partitions, in one transaction where they are of the inbound topic and nothing is wrong with any; else each by itself, as
 *  `applyBatch` does, so that what is wrong with one is its own. While PostgreSQL does not answer, all fail with that. Answers how each ended, in their
 *  order. */
export async function applyTogether<State, View, T extends Told>(
  shell: Shell,
  consumer: Consumer<State, View, T>,
  runs: readonly FromLogRun[],
): Promise<PromiseSettledResult<Ended[]>[]> {
  const [first, ...others] = runs.toSorted((a, b) => a.partition - b.partition); // everybody claims them in this order
  if (first !== undefined && others.length > 0 && !('apply' in consumer) && runs.every(({ topic }) => topic.name === inbound.name)) {
    const [one] = await Promise.allSettled([applyInbound(shell, consumer, first, ...others)]);
    if (one.status === 'fulfilled') {
      const of = new Map([first, ...others].map((run, i) => [run, one.value[i] as Applied]));
      return runs.map((run) => ({ status: 'fulfilled', value: committed(shell, consumer.group, run, of.get(run) as Applied) }));
    }
    const error = storeError(one.reason);
    if (error instanceof AppError && error.code === 'store.unavailable') return runs.map(() => ({ status: 'rejected', reason: error }));
  }
  const settled: PromiseSettledResult<Ended[]>[] = [];
  for (const run of runs) settled.push(...(await Promise.allSettled([applyBatch(shell, consumer, run)])));
  return settled;
}

/** Counts what is now so: here, and not with the whole batch, of which a later half may fail. */
function committed({ stopRule, now }: Shell, group: string, run: Run, { ended, blockedFrom }: Applied): Ended[] {
  stopRule.add(aboutOf(ended));
  if ('letters' in run) countRedriven(group, ended, blockedFrom.length);
  else countEnded(group, run, ended, blockedFrom, now());
  return [...ended];
}

async function inHalves<State, View, T extends Told>(shell: Shell, consumer: Consumer<State, View, T>, run: Run): Promise<Ended[]> {
  const [before, after] = halvesOf(run);
  const first = await applyBatch(shell, consumer, before);
  return [...first, ...(await applyBatch(shell, consumer, after))];
}

function halvesOf(run: Run): readonly [Run, Run] {
  const middle = run.records.length >> 1;
  const [first, second] = [run.records.slice(0, middle), run.records.slice(middle)];
  const [before, after] = [
    { ...run, records: first, attempt: 1 },
    { ...run, records: second, attempt: 1 },
  ];
  if ('letters' in before || 'letters' in after) return [before, after];
  const edge = second[0]?.offset as bigint;
  return [
    { ...before, to: edge, caughtUpAt: caughtUpAt(first, before.caughtUpAt) }, // the second half may fail
    { ...after, from: edge },
  ];
}

/** The last resort, for a record whose very loss can't be recorded on its contact: it is a dead letter, with what failed, and changes nothing else. */
export async function giveUp<State, View, T extends Told>(
  shell: Shell,
  consumer: Consumer<State, View, T>,
  run: Run,
  refused: unknown,
): Promise<Ended[]> {
  const ended = run.records.map((record): Ended => deadEnd(record, refused));
  await transactRun(shell, consumer, run, async (tx) => {
    await claim(tx, consumer, run);
    shell.stopRule.check(aboutOf(ended));
    const dead = run.records.map((record) => ({ record, error: refused, contactId: null }));
    await conclude(tx, consumer, run, ended, dead, shell.now());
  });
  return committed(shell, consumer.group, run, { ended, blockedFrom: [] });
}

/** Whether an error is about a record and will be so again. Of what is read again every lasting failure is: nothing waits behind it. */
function isOfRecord(error: unknown, run: Run): boolean {
  if ('letters' in run) return !isRetryable(error);
  return error instanceof AppError && (error.code === 'store.data' || error.code === 'event.undecided');
}
