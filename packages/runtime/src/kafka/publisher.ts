import { AppError } from '@keyturn/contracts';
import { type Kafka, Partitioners, type TopicMessages } from 'kafkajs';
import type { Log } from '../log.ts';
import { metrics } from '../metrics.ts';
import { trace } from '../trace/trace.ts';
import { bundle } from './bundle.ts';
import { encodeRecord, sizeOf } from './encoded-record.ts';
import { createGather, type Gather } from './gather.ts';
import { kafkaUnavailable } from './kafka-fault.ts';
import { type Bounds, defaultBounds, type Entry, type OutgoingRecord, type Part, type Request } from './lane.ts';
import { partitionOf } from './partition-of.ts';
import { patchKafkajsProduce } from './produce-patch.ts';
import { publishTraced } from './publish-traced.ts';
import { requireWritten } from './require-written.ts';
import { createSender } from './sender.ts';

/** `publish` resolves once every replica in sync has all of the records, and rejects with `kafka.unavailable` (the same may go through later;
 *  some of it may be written) or `kafka.record_too_large` (one of
 *  them, with `topic` in its detail; or, without it, all of them for one publish). `stop` refuses what comes, waits for what is under way, and disconnects. */
export type Publisher = { publish(records: readonly OutgoingRecord[]): Promise<void>; stop(): Promise<void> };

/** Where it publishes, and for how long it tries. */
export type PublisherOptions = {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly log: Log;
  /** In all, from `publish` to its answer. A send given up may still be written for a few seconds. */
  readonly timeoutMs?: number;
  readonly bounds?: Partial<Bounds>;
};

const TIMEOUT_MS = 5_000;
/** A partition that is missing in the metadata has kafkajs ask for no newer: so long until one that was added is found. */
const METADATA_MS = 10_000;
/** Half of the whole time, so that what failed together can still go out part by part. */
const sendTimeoutOf = (timeoutMs: number): number => Math.ceil(timeoutMs / 2);

function topicMessages(parts: readonly Part[], prefix: string): TopicMessages[] {
  const byTopic = new Map<string, TopicMessages['messages']>();
  for (const { lane, entries } of parts) {
    const name = prefix + lane.topic.name;
    const messages = byTopic.get(name) ?? [];
    byTopic.set(name, messages);
    messages.push(
      bundle(
        lane.partition,
        entries.map(({ record }) => record),
      ),
    );
  }
  return [...byTopic].map(([topic, messages]) => ({ topic, messages }));
}

/** What a record takes beyond its own bytes where it has a batch of its own. */
const BATCH_BYTES = 80;

/** Each send takes the next partition for what needs no order. */
const partitionFor = ({ topic: { unordered, partitions }, key }: OutgoingRecord, sends: number): number =>
  unordered ? sends % partitions : partitionOf(key, partitions);

function enqueue(gather: Gather, records: readonly OutgoingRecord[], request: Request, bounds: Bounds, sends: number): void {
  const entries: Entry[] = [];
  let sum = 0;
  for (const record of records) {
    const { topic } = record;
    const encoded = encodeRecord(record);
    const bytes = sizeOf(encoded) + BATCH_BYTES;
    if (bytes > topic.messageBytesMax) {
      const message = `a record of ${bytes} bytes is larger than ${topic.name} takes (${topic.messageBytesMax})`;
      throw new AppError('kafka.record_too_large', message, { detail: { topic: topic.name } });
    }
    sum += bytes;
    entries.push({ lane: gather.lane(topic, partitionFor(record, sends)), record: encoded, bytes, request });
  }
  // Tried again it would be refused again, whatever the queue holds; half of it, so that one that large does not wait for an empty one.
  if (records.length > bounds.queueRecordsMax / 2 || sum > bounds.queueBytesMax / 2)
    throw new AppError('kafka.record_too_large', `${records.length} records of ${sum} bytes are more than one publish takes`);
  gather.add(entries);
}

function requestOf(waiting: number, timeoutMs: number, resolve: () => void, reject: (error: Error) => void): Request {
  const settle = (answer: () => void): void => {
    if (request.settled) return;
    request.settled = true;
    clearTimeout(timer);
    answer();
  };
  const request: Request = {
    waiting,
    settled: false,
    confirm: () => settle(resolve),
    fail: (error) => settle(() => reject(error)),
  };
  const timer = setTimeout(() => {
    request.fail(new AppError('kafka.unavailable', `Kafka did not confirm within ${timeoutMs} ms`));
  }, timeoutMs);
  return request;
}

/** Answers a connected publisher: one producer, whose sends gather what arrives meanwhile. Not idempotent on purpose: kafkajs uses sequence
 *  numbers again after a partly failed send, and the broker then confirms records that it does not write. Throws `kafka.unavailable`. */
export async function startPublisher(options: PublisherOptions): Promise<Publisher> {
  const { kafka, prefix, log, timeoutMs = TIMEOUT_MS } = options;
  const bounds = { ...defaultBounds, ...options.bounds };
  patchKafkajsProduce(); // bundles are ours alone
  const producer = kafka.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    metadataMaxAge: METADATA_MS,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { retries: 0 }, // the sender tries again, partition by partition
  });
  try {
    await producer.connect();
  } catch (error) {
    throw kafkaUnavailable('no connection to Kafka', error);
  }
  const published = metrics.counter('keyturn_kafka_published_records_total', 'Records that Kafka confirmed.', ['topic']);
  const failures = metrics.counter('keyturn_kafka_failed_sends_total', 'Produce requests that failed; each is tried again in parts.');
  const seconds = metrics.histogram('keyturn_kafka_send_seconds', 'What one produce request took.');
  let sends = 0;
  const sender = createSender(async (parts) => {
    sends += 1;
    const took = seconds.startTimer();
    try {
      const batch = { acks: -1, timeout: sendTimeoutOf(timeoutMs), topicMessages: topicMessages(parts, prefix) };
      requireWritten(parts, prefix, await producer.sendBatch(batch));
    } catch (error) {
      failures.inc();
      const level = parts.every(({ lane }) => lane.alone) ? 'debug' : 'warn'; // said once a partition, until it is well again
      log[level](
        { partitions: parts.map(({ lane }) => `${lane.topic.name}/${lane.partition}`), error: String(error) },
        'a send to Kafka failed',
      );
      throw error;
    } finally {
      took();
    }
    for (const { lane, entries } of parts) published.inc({ topic: lane.topic.name }, entries.length);
  }, sendTimeoutOf(timeoutMs));
  const gather = createGather(sender, bounds);
  let stopping = false;
  const publish = (records: readonly OutgoingRecord[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const request = requestOf(records.length, timeoutMs, resolve, reject);
      try {
        enqueue(gather, records, request, bounds, sends);
      } catch (error) {
        request.fail(error as Error);
      }
    });

  return {
    publish(records) {
      if (stopping) return Promise.reject(new AppError('kafka.unavailable', 'the publisher is stopping'));
      if (records.length === 0) return Promise.resolve();
      return trace.isOn() ? publishTraced(publish, records) : publish(records);
    },
    async stop() {
      stopping = true;
      await gather.idle();
      await producer.disconnect();
    },
  };
}
