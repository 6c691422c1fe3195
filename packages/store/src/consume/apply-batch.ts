import { AppError, inbound } from '@keyturn/contracts';
import type { Told } from '@keyturn/domain';
import { reach } from '@keyturn/runtime';
import { storeError, transact } from '../database.ts';
import { enqueue } from '../outbox.ts';
import { applyDirectory } from './apply-directory.ts';
import { applyInbound } from './apply-inbound.ts';
import { countEnded } from './consumer-metrics.ts';
import { deadLetter } from './dead-letter.ts';
import { advanceOffset } from './offsets.ts';
import { aboutOf, type ConsumerDefinition, caughtUpAt, deadEnd, type Ended, inTransaction, placeOf, type Run, type Shell } from './run.ts';

const ATTEMPTS_MAX = 5;
/** Applies a run of records exactly once: state, journal, outbox, dead letters and offset commit together, or nothing does. A record that the
 *  database refuses is found by halving; it becomes a dead letter, its neighbours are applied. Throws what the runner is to retry
 *  (`store.unavailable`, `batch.superseded`) or to stop at (`consumer.stopped`, and whatever is no fault of a record). */
export async function applyBatch<State, View, T extends Told>(
  shell: Shell,
  consumer: ConsumerDefinition<State, View, T>,
  run: Run,
): Promise<Ended[]> {
  try {
    return await applyRun(shell, consumer, run);
  } catch (thrown) {
    const error = storeError(thrown);
    const again = error instanceof AppError && (error.code === 'batch.contact_moved' || error.code === 'store.conflict');
    if (again && run.attempt < ATTEMPTS_MAX) return applyBatch(shell, consumer, { ...run, attempt: run.attempt + 1 });
    if (!(error instanceof AppError && error.code === 'store.data')) throw error;
    if (run.records.length > 1) return inHalves(shell, consumer, run);
    if (run.refused === undefined) return applyBatch(shell, consumer, { ...run, refused: error, attempt: run.attempt + 1 });
    return bury(shell, consumer, run, run.refused);
  }
}

async function applyRun<State, View, T extends Told>(
  shell: Shell,
  consumer: ConsumerDefinition<State, View, T>,
  run: Run,
): Promise<Ended[]> {
  const ended = await (run.topic.name === inbound.name ? applyInbound : applyDirectory)(shell, consumer, run);
  return committed(shell, consumer.group, run, ended);
}

/** Counts what is now so: here, and not with the whole batch, of which a later half may fail. */
function committed({ stopRule }: Shell, group: string, { topic, partition }: Run, ended: Ended[]): Ended[] {
  reach('consumer.committed', { group, topic: topic.name, partition });
  stopRule.add(aboutOf(ended));
  countEnded(group, topic.name, ended);
  return ended;
}

async function inHalves<State, View, T extends Told>(
  shell: Shell,
  consumer: ConsumerDefinition<State, View, T>,
  run: Run,
): Promise<Ended[]> {
  const middle = run.records.length >> 1;
  const edge = run.records[middle]?.offset as bigint;
  const before = run.records.slice(0, middle);
  const upTo = caughtUpAt(before, run.caughtUpAt); // the second half may fail
  const first = await applyBatch(shell, consumer, { ...run, records: before, to: edge, caughtUpAt: upTo, attempt: 1 });
  return [...first, ...(await applyBatch(shell, consumer, { ...run, records: run.records.slice(middle), from: edge, attempt: 1 }))];
}

/** The last resort: a record whose very loss could not be recorded on its contact. */
async function bury<State, View, T extends Told>(
  shell: Shell,
  consumer: ConsumerDefinition<State, View, T>,
  run: Run,
  refused: unknown,
): Promise<Ended[]> {
  const ended = run.records.map((record): Ended => deadEnd(record, refused));
  await transact(shell.pool, async (tx) => {
    await advanceOffset(tx, placeOf(consumer, run), run.from, run.to, run.caughtUpAt);
    shell.stopRule.check(aboutOf(ended));
    await enqueue(
      tx,
      run.records.map((record) => deadLetter(record, { ...run, group: consumer.group }, refused, run.attempt)),
    );
    inTransaction(consumer, run);
  });
  return committed(shell, consumer.group, run, ended);
}
