import type { Topic } from '@keyturn/contracts';
import { connectKafka, createLog, ensureTopics, type Kafka } from '@keyturn/runtime';

/** What of Kafka the measurements ask for. */
export type Broker = {
  readonly kafka: Kafka;
  readonly prefix: string;
  /** How many records the topic's log has had. */
  records(topic: Topic): Promise<number>;
  make(...topics: readonly Topic[]): Promise<void>;
  stop(): Promise<void>;
};

/** Connects. Names of topics get the prefix. */
export async function openBroker(brokers: readonly string[], prefix: string): Promise<Broker> {
  const kafka = connectKafka(
    { KAFKA_BROKERS: [...brokers], KAFKA_PREFIX: prefix, KAFKA_TLS: false },
    createLog('bench', { level: 'error' }),
  );
  const admin = kafka.admin();
  await admin.connect();
  return {
    kafka,
    prefix,
    make: (...topics) => ensureTopics(kafka, prefix, topics),
    async records(topic) {
      const ends = await admin.fetchTopicOffsets(prefix + topic.name);
      return ends.reduce((sum, { high }) => sum + Number(high), 0);
    },
    stop: () => admin.disconnect(),
  };
}
