import type { KafkaMessage } from 'kafkajs';
import { until } from '../e2e/until.ts';
import type { Line } from './line.ts';

/** A record with its place. */
export type TopicRecord = { readonly partition: number; readonly offset: bigint; readonly key: string; readonly value: Buffer };

/** All that a topic holds now, partition by partition in its order. */
export async function readTopic(line: Line, topic: string): Promise<TopicRecord[]> {
  const ends = [...(await line.ends(topic))].filter(([, end]) => end > 0n);
  const left = new Map(ends);
  const found: TopicRecord[] = [];
  const consumer = line.kafka.consumer({ groupId: `chaos-reader-${topic}-${Date.now()}`, heartbeatInterval: 300, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic: line.prefix + topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset }) => {
      const last = batch.lastOffset();
      found.push(...batch.messages.map((message) => recordOf(batch.partition, message)));
      resolveOffset(last);
      if (BigInt(last) + 1n >= (left.get(batch.partition) ?? 0n)) left.delete(batch.partition);
    },
  });
  await until(`all of ${topic} is read`, async () => left.size === 0);
  await consumer.disconnect();
  return found.sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
}

const recordOf = (partition: number, { offset, key, value }: KafkaMessage): TopicRecord => ({
  ...{ partition, offset: BigInt(offset), key: String(key), value: value ?? Buffer.alloc(0) },
});
