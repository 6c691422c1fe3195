import { AppError, headers } from '@keyturn/contracts';
import type { Told } from '@keyturn/domain';
import {
  type Consumption,
  connectKafka,
  consume,
  createLog,
  envWhole,
  type IncomingBatch,
  kafkaEnv,
  type Log,
  migrateEnv,
  parseEnv,
  type Service,
  type Start,
  trace,
} from '@keyturn/runtime';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { bringUpToDate } from '../bring-up-to-date.ts';
import { databaseEnv, openDatabase } from '../database.ts';
import { startLetterUpkeep } from '../dead-letters/letter-upkeep.ts';
import { startRedriver } from '../dead-letters/redriver.ts';
import { keepJournalMonths } from '../journal-months.ts';
import { keepMonths } from '../keep-months.ts';
import { keepOutboundMonths } from '../outbound/outbound-months.ts';
import { keepUngatedSettled } from '../outbound/settle-ungated.ts';
import { databaseReasons } from '../schema-state.ts';
import { applyTogether } from './apply-batch.ts';
import { keepCaughtUp } from './caught-up.ts';
import { showProgress, tally } from './consumer-metrics.ts';
import { type Partitions, partitionsOf } from './partitions.ts';
import { createProgress, type Progress } from './progress.ts';
import { type Consumer, caughtUpAt, type Ended, type FromLogRun, type Shell } from './run.ts';
import { stopRule } from './stop-rule.ts';
import { together } from './together.ts';

/** As many as OpenTelemetry keeps of a span, unless told otherwise. */
const LINKS_MAX = 128;

/** The environment of every consumer. */
export const ConsumerEnv = z.object({
  ...{ ...kafkaEnv, ...databaseEnv, ...migrateEnv },
  /** How long at least it is kept how far messages of ours got; by whole months. */
  OUTBOUND_KEPT_DAYS: envWhole(90, 1, 3_650),
});

/** A consumer as a service: a group of its own, which applies each record of its topics exactly once to its slice. A member that starts reads on
 *  where PostgreSQL says; it refuses to start, and stops, where the log ends before that. */
export function defineConsumer<State, View, T extends Told>(definition: Consumer<State, View, T>): Start {
  return async (env) => {
    const parts = new AsyncDisposableStack(); // what was begun is ended in reverse, also where the start fails half-way
    try {
      return await startConsumer(definition, env, parts);
    } catch (error) {
      await parts.disposeAsync();
      throw error;
    }
  };
}

async function startConsumer<State, View, T extends Told>(
  definition: Consumer<State, View, T>,
  env: NodeJS.ProcessEnv,
  parts: AsyncDisposableStack,
): Promise<Service> {
  const { group, topics } = definition;
  const config = parseEnv(ConsumerEnv, env);
  const log = createLog(group);
  const database = openDatabase(config, group);
  parts.defer(() => database.close());
  const kafka = connectKafka(config, log);
  await bringUpToDate({ database, kafka, config });
  const months = await keepJournalMonths(database, log);
  parts.defer(() => months.stop());
  if ('recordsOutbound' in definition && definition.recordsOutbound) {
    const outbound = await keepOutboundMonths(database, config.OUTBOUND_KEPT_DAYS, log);
    parts.defer(() => outbound.stop());
    const ungated = keepMonths(database, { tables: ['outbound_ungated'], days: config.OUTBOUND_KEPT_DAYS, log });
    parts.defer(() => ungated.stop());
    const settling = keepUngatedSettled(database, log);
    parts.defer(() => settling.stop());
  }
  const progress = createProgress(topics);
  parts.defer(showProgress(group, topics, progress));
  const partitions = partitionsOf(database.pool, group);
  let consumption: Consumption | undefined;
  const idle = await keepCaughtUp({
    ...{ kafka, prefix: config.KAFKA_PREFIX, pool: database.pool, definition, progress, partitions, log },
    onLost: (error) => consumption?.end(error),
    onPutBack(topic, partition, next) {
      partitions.forget(topic, partition);
      consumption?.seek({ topic: topic.name, partition, offset: next });
    },
  });
  parts.defer(() => idle.stop());
  const shell: Shell = { pool: database.pool, now: () => new Date(), newContactId: uuidv7, stopRule: stopRule(group) };
  const apply = together((runs) => applyTogether(shell, definition, runs));
  const member = { shell, apply, partitions, progress, definition, log };
  const onBatch = (batch: IncomingBatch) => trace.within(`${group} batch`, batchSpan(group, batch), () => applyOne(member, batch));
  const concurrency = topics.reduce((sum, topic) => sum + topic.partitions, 0); // all that one fetch brings
  const { resumeAt } = partitions;
  consumption = await consume({ kafka, prefix: config.KAFKA_PREFIX, group, topics, onBatch, resumeAt, log, concurrency });
  parts.defer(() => consumption.stop());
  const redriver = startRedriver({ shell, definition, assigned: consumption.assigned, log });
  parts.defer(() => redriver.stop());
  const upkeep = startLetterUpkeep({ pool: database.pool, group, log });
  parts.defer(() => upkeep.stop());
  return {
    name: group,
    notReady: async () => [...(await databaseReasons(database)), ...(consumption.isMember() ? [] : ['not in its consumer group'])],
    stop: () => parts.disposeAsync(),
    stopped: consumption.stopped,
  };
}

type Member<State, View, T extends Told> = {
  readonly shell: Shell;
  readonly apply: (run: FromLogRun) => Promise<Ended[]>;
  readonly partitions: Partitions;
  readonly progress: Progress;
  readonly definition: Consumer<State, View, T>;
  readonly log: Log;
};

/** Applies what is new of one batch and answers the offset to read on from. Whatever fails makes the member ask PostgreSQL for its offset again. */
async function applyOne<State, View, T extends Told>(
  { shell, apply, partitions, progress, definition, log }: Member<State, View, T>,
  batch: IncomingBatch,
): Promise<{ nextOffset: bigint }> {
  const startedAt = shell.now();
  const { topic, partition } = batch;
  const [first] = batch.records;
  if (first !== undefined) progress.taken(topic.name, partition, first, batch.highWatermark);
  try {
    const due = await partitions.due(batch);
    if (due.kind !== 'apply') return { nextOffset: due.nextOffset };
    const to = (due.records.at(-1)?.offset ?? 0n) + 1n;
    const run = { topic, partition, records: due.records, from: due.from, to, caughtUpAt: caughtUpAt(due.records, startedAt), attempt: 1 };
    const ended = await apply(run);
    partitions.applied(topic, partition, to);
    progress.applied(topic.name, partition, to, run.caughtUpAt);
    report(log, batch, ended, shell.now().getTime() - startedAt.getTime());
    return { nextOffset: to };
  } catch (error) {
    partitions.forget(topic, partition);
    if (error instanceof AppError || !(error instanceof Error)) throw error;
    throw new AppError(
      'consumer.stopped',
      `${definition.group} failed on ${topic.name}/${partition} in a way that has no name: ${error.message}`,
      { cause: error },
    );
  }
}

function report(log: Log, { topic, partition }: IncomingBatch, ended: readonly Ended[], durationMs: number): void {
  log.info({ topic: topic.name, partition, records: ended.length, ...tally(ended), duration_ms: durationMs }, 'batch');
}

/** A batch mixes what many webhooks brought: it is a trace of its own, with links to theirs. */
const batchSpan =
  (group: string, { topic, partition, records }: IncomingBatch) =>
  () => ({
    kind: 'consumer' as const,
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.type': 'process',
      'messaging.destination.name': topic.name,
      'messaging.destination.partition.id': String(partition),
      'messaging.consumer.group.name': group,
      'messaging.batch.message_count': records.length,
    },
    links: [...new Set(records.flatMap((record) => record.headers[headers.traceparent] ?? []))].slice(0, LINKS_MAX),
  });
