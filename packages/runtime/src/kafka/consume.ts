import { AppError, isRetryable, type Topic } from '@keyturn/contracts';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { backoffMs } from '../backoff.ts';
import type { Log } from '../log.ts';
import { metrics } from '../metrics.ts';
import { type IncomingBatch, piecesOf } from './incoming.ts';
import { keepMember, type Member } from './keep-member.ts';

/** Decides on a batch and answers the offset it wants next, usually the last one + 1. A retryable `AppError` brings the same records again,
 *  later; any other error stops the consumer. */
export type OnBatch = (batch: IncomingBatch) => Promise<{ nextOffset: bigint }>;

export type ConsumeOptions = {
  readonly kafka: Kafka;
  readonly prefix: string;
  /** Without prefix. */
  readonly group: string;
  readonly topics: readonly Topic[];
  readonly onBatch: OnBatch;
  readonly log: Log;
  readonly recordsMax?: number;
  readonly concurrency?: number;
  readonly sessionTimeoutMs?: number;
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
};

/** A running consumer. It outlives brokers and rebalances; only `stop` and an error that is not retryable end it. */
export type Consumption = {
  /** Waits for the batches under way, leaves the group, disconnects. */
  stop(): Promise<void>;
  /** Nothing after `stop`, else the error that a human must look at. */
  readonly stopped: Promise<Error | undefined>;
  /** What this member reads now, topics without prefix; empty while it is not in the group. */
  assigned(): { topic: string; partition: number }[];
};

type Partition = { attempts: number; askedFor: bigint | null };
type Outcome = { kind: 'done' } | { kind: 'retry'; error: AppError } | { kind: 'stop'; error: Error };

const defaults = { recordsMax: 500, concurrency: 3, sessionTimeoutMs: 10_000, retry: { firstMs: 200, maxMs: 30_000 } } as const;
const HEARTBEAT_MS = 300;

/** Keeps the member in its group while a batch takes its time. */
function whileBeating(payload: EachBatchPayload, work: () => Promise<Outcome>): Promise<Outcome> {
  // A heartbeat that fails says that the group moves on; kafkajs asks again right after the batch and joins anew.
  const timer = setInterval(() => void payload.heartbeat().catch(() => {}), HEARTBEAT_MS);
  return work().finally(() => clearInterval(timer));
}

function createMetrics(group: string) {
  const lag = metrics.gauge('keyturn_consumer_lag_records', 'Records written and not yet applied.', ['group', 'topic', 'partition']);
  const retries = metrics.counter('keyturn_consumer_retries_total', 'Batches that are tried again.', ['group', 'topic']);
  const seconds = metrics.histogram('keyturn_consumer_batch_seconds', 'What one batch took.', ['group', 'topic']);
  return {
    startBatch: (topic: Topic) => seconds.startTimer({ group, topic: topic.name }),
    lag: ({ topic, partition, highWatermark }: IncomingBatch, next: bigint) =>
      lag.set({ group, topic: topic.name, partition }, Math.max(0, Number(highWatermark - next))),
    retry: (topic: Topic) => retries.inc({ group, topic: topic.name }),
  };
}

/** Reads the topics as a member of the group, batch by batch: at least once, in order within a partition, several partitions at a time. The
 *  group's offset in Kafka follows `onBatch`'s answer and is a hint only. Resolves after the first attempt to join; throws `kafka.unavailable` where no
 *  broker can be reached or a topic is missing. */
export async function consume(options: ConsumeOptions): Promise<Consumption> {
  const { prefix, group, topics, onBatch, log } = options;
  const { recordsMax, concurrency, sessionTimeoutMs, retry } = { ...defaults, ...options };
  const byName = new Map(topics.map((topic) => [prefix + topic.name, topic]));
  const partitions = new Map<string, Partition>();
  const measured = createMetrics(group);

  const stateOf = (topic: string, partition: number): Partition => {
    const name = `${topic} ${partition}`;
    const known = partitions.get(name) ?? { attempts: 0, askedFor: null };
    partitions.set(name, known);
    return known;
  };

  /** One piece through `onBatch`; answers the next offset. */
  async function decide(piece: IncomingBatch, state: Partition): Promise<bigint> {
    const first = piece.records[0]?.offset ?? 0n;
    if (state.askedFor !== null && first > state.askedFor) {
      const where = `${piece.topic.name}/${piece.partition}`;
      throw new AppError('log.gap', `${where} has no record ${state.askedFor}: the next one is ${first}`, {
        detail: { topic: piece.topic.name, partition: piece.partition, wanted: String(state.askedFor), found: String(first) },
      });
    }
    const took = measured.startBatch(piece.topic);
    const { nextOffset } = await onBatch(piece);
    took();
    measured.lag(piece, nextOffset);
    state.attempts = 0;
    state.askedFor = null;
    return nextOffset;
  }

  async function work(consumer: Consumer, payload: EachBatchPayload, topic: Topic, state: Partition): Promise<Outcome> {
    const { batch } = payload;
    let next: bigint | null = null;
    let outcome: Outcome = { kind: 'done' };
    try {
      for (const piece of piecesOf(batch, topic, recordsMax)) {
        if (!payload.isRunning() || payload.isStale()) break;
        next = await decide(piece, state);
        const last = piece.records.at(-1)?.offset ?? next;
        if (next !== last + 1n) {
          if (next <= last) state.askedFor = next;
          consumer.seek({ topic: batch.topic, partition: batch.partition, offset: String(next) });
          break;
        }
        payload.resolveOffset(String(last));
      }
    } catch (error) {
      outcome = isRetryable(error) ? { kind: 'retry', error: error as AppError } : { kind: 'stop', error: error as Error };
    }
    if (next !== null) await commit(payload, next);
    return outcome;
  }

  /** A commit that fails costs nothing but reading again: what was applied is known to whoever applied it. */
  async function commit({ batch, commitOffsetsIfNecessary }: EachBatchPayload, offset: bigint): Promise<void> {
    const { topic, partition } = batch;
    await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(offset) }] }] }).catch((error: unknown) =>
      log.debug({ group, topic, partition, error: String(error) }, 'an offset was not committed'),
    );
  }

  function retryLater(payload: EachBatchPayload, topic: Topic, state: Partition, error: AppError): void {
    const waitMs = backoffMs(state.attempts, retry);
    state.attempts += 1;
    measured.retry(topic);
    const { partition } = payload.batch;
    const line = { group, topic: topic.name, partition, code: error.code, attempt: state.attempts, wait_ms: waitMs };
    log.warn(line, `a batch is tried again: ${error.message}`);
    const resume = payload.pause();
    setTimeout(resume, waitMs).unref();
  }

  const eachBatch =
    (member: Member) =>
    async (payload: EachBatchPayload): Promise<void> => {
      const topic = byName.get(payload.batch.topic);
      if (!topic || member.ended()) return;
      const state = stateOf(topic.name, payload.batch.partition);
      const outcome = await whileBeating(payload, () => work(member.consumer(), payload, topic, state));
      if (outcome.kind === 'retry') retryLater(payload, topic, state, outcome.error);
      if (outcome.kind === 'stop') member.end(outcome.error);
    };

  return keepMember({
    ...options,
    groupId: prefix + group,
    topicNames: [...byName.keys()],
    sessionTimeoutMs,
    onJoin: () => partitions.clear(),
    run: (consumer, member) =>
      consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: concurrency,
        eachBatch: eachBatch(member),
      }),
  });
}
