import type { Topic } from '@keyturn/contracts';
import type { Kafka } from 'kafkajs';
import type { KafkaConfig } from '../env/shapes.ts';
import { createLog } from '../log.ts';
import { consume } from './consume.ts';
import type { IncomingRecord } from './incoming.ts';
import { partitionOf } from './partition-of.ts';

/** For tests: brokers without login. */
export const kafkaConfig = (brokers: string[]): KafkaConfig => ({ KAFKA_BROKERS: brokers, KAFKA_PREFIX: '', KAFKA_TLS: false });

/** For tests: a key that falls on this partition. */
export function keyOf(partition: number, partitions: number): string {
  for (let i = 0; ; i++) if (partitionOf(`key-${i}`, partitions) === partition) return `key-${i}`;
}

/** For tests: all that is in a topic now. */
export async function readAll(kafka: Kafka, prefix: string, topic: Topic): Promise<(IncomingRecord & { partition: number })[]> {
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(prefix + topic.name);
  await admin.disconnect();
  const missing = new Map(ends.filter(({ high, low }) => high !== low).map(({ partition, high }) => [partition, BigInt(high)]));
  const found: (IncomingRecord & { partition: number })[] = [];
  const { promise: complete, resolve } = Promise.withResolvers<void>();
  if (missing.size === 0) resolve();
  const reader = await consume({
    kafka,
    prefix,
    group: `reader-${crypto.randomUUID()}`,
    topics: [topic],
    log: createLog('reader', { level: 'silent' }),
    onBatch: async ({ partition, records }) => {
      found.push(...records.map((record) => ({ ...record, partition })));
      const nextOffset = (records.at(-1)?.offset ?? 0n) + 1n;
      if (nextOffset >= (missing.get(partition) ?? 0n)) missing.delete(partition);
      if (missing.size === 0) resolve();
      return { nextOffset };
    },
  });
  await complete;
  await reader.stop();
  return found;
}
