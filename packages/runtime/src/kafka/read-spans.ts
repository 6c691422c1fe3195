import type { Topic } from '@keyturn/contracts';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { type IncomingRecord, piecesOf } from './incoming.ts';
import { kafkaUnavailable } from './kafka-fault.ts';
import type { LogSpan } from './spans-between.ts';
import { withAdmin } from './with-admin.ts';

type Options = {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly topic: Topic;
  /** A group that nobody else has, without prefix: it is joined to read, and commits nothing. */
  readonly group: string;
  readonly spans: readonly LogSpan[];
  readonly recordsMax?: number;
};
/** What comes next of a span; then it is read up to `next`. `gone`: so many of its records the log no longer has. */
export type SpanPiece = {
  readonly partition: number;
  readonly records: readonly IncomingRecord[];
  readonly next: bigint;
  readonly gone: number;
};

const HEARTBEAT_MS = 300;
const SILENCE_MS = 5_000;

/** Reads spans of a topic, one piece at a time, each partition in its order; resolves when all are read. Waits for `onPiece`, for however long, and
 *  rejects with what it throws, else with `kafka.unavailable`. Records that the log loses meanwhile are told as gone. */
export async function readSpans(options: Options, onPiece: (piece: SpanPiece) => Promise<void>): Promise<void> {
  const { kafka, prefix, topic, group, spans, recordsMax = 100 } = options;
  const name = prefix + topic.name;
  const left = new Map(spans.filter(({ from, to }) => from < to).map(({ partition, from, to }) => [partition, { next: from, to }]));
  if (left.size === 0) return;
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const consumer = kafka.consumer({
    groupId: prefix + group,
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: 100,
    maxBytes: 10_485_760,
    allowAutoTopicCreation: false,
    retry: { retries: 5, restartOnFailure: async () => false },
  });
  ended.catch(() => {}); // it may fail while the group is still being joined, or when that has failed already: nobody waits for it then
  let busy = false;
  let heardAt = performance.now();

  async function take(partition: number, records: readonly IncomingRecord[], upTo: bigint): Promise<void> {
    const span = left.get(partition);
    if (span === undefined) return;
    const mine = records.filter(({ offset }) => offset >= span.next && offset < span.to);
    const next = upTo < span.to ? upTo : span.to;
    if (next <= span.next) return;
    await onPiece({ partition, records: mine, next, gone: Number(next - span.next) - mine.length });
    span.next = next;
    if (next < span.to) return;
    left.delete(partition);
    consumer.pause([{ topic: name, partitions: [partition] }]);
    if (left.size === 0) resolve();
  }
  async function eachBatch({ batch, heartbeat, resolveOffset }: EachBatchPayload): Promise<void> {
    if (!left.has(batch.partition)) return consumer.pause([{ topic: name, partitions: [batch.partition] }]);
    const beating = setInterval(() => void heartbeat().catch(() => {}), HEARTBEAT_MS);
    busy = true;
    try {
      for (const { records } of piecesOf(batch, topic, recordsMax)) {
        const last = records.at(-1)?.offset ?? -1n;
        await take(batch.partition, records, last + 1n);
        resolveOffset(String(last));
        if (!left.has(batch.partition)) break;
      }
    } catch (error) {
      reject(error);
    } finally {
      clearInterval(beating);
      busy = false;
      heardAt = performance.now();
    }
  }
  /** No record comes of what the log has lost to its end. */
  async function takeLost(): Promise<void> {
    if (busy || performance.now() - heardAt < SILENCE_MS) return;
    busy = true;
    try {
      const logs = await withAdmin(kafka, `Kafka does not say what is in ${topic.name}`, (admin) => admin.fetchTopicOffsets(name));
      for (const { partition, low } of logs) await take(partition, [], BigInt(low));
    } finally {
      busy = false;
    }
  }
  const watching = setInterval(() => void takeLost().catch(reject), SILENCE_MS);
  consumer.on('consumer.crash', ({ payload }) => reject(kafkaUnavailable(`${topic.name} can't be read on`, payload.error)));
  try {
    await begin(consumer, name, left, eachBatch).catch((error: unknown) => {
      throw kafkaUnavailable(`${topic.name} can't be read`, error);
    });
    await ended;
  } finally {
    clearInterval(watching);
    await consumer.disconnect().catch(() => {});
  }
}

async function begin(
  consumer: Consumer,
  topic: string,
  left: ReadonlyMap<number, { readonly next: bigint }>,
  eachBatch: (payload: EachBatchPayload) => Promise<void>,
): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const running = consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 1, eachBatch });
  for (const [partition, { next }] of left) consumer.seek({ topic, partition, offset: String(next) }); // before the first fetch
  await running;
}
