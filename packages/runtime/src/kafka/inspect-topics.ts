import { consumerTopics, type Topic, webhooks } from '@keyturn/contracts';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { withAdmin } from './with-admin.ts';

/** How a topic is, measured by what keyturn needs. `wrong`: it can't work with it, for these faults. Notes are settings that are somebody's choice. */
export type TopicReport = {
  readonly name: string;
  readonly state: 'right' | 'missing' | 'wrong';
  readonly faults: readonly string[];
  readonly notes: readonly string[];
};
type Found = { readonly partitions: number; readonly replicas: number; readonly settings: ReadonlyMap<string, string> };

/** Looks at every topic and changes nothing. Throws `kafka.unavailable`. */
export const inspectTopics = (kafka: Kafka, prefix: string, topics: readonly Topic[]): Promise<TopicReport[]> =>
  withAdmin(kafka, 'the topics could not be looked at', async (admin) => {
    const there = new Set(await admin.listTopics());
    const found = await describe(
      admin,
      topics.map((topic) => prefix + topic.name).filter((name) => there.has(name)),
    );
    return topics.map((topic) => reportOf(topic, prefix + topic.name, found.get(prefix + topic.name)));
  });

async function describe(admin: Admin, names: readonly string[]): Promise<Map<string, Found>> {
  if (names.length === 0) return new Map();
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  const settings = new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  );
  return new Map(
    topics.map(({ name, partitions }) => [
      name,
      {
        partitions: partitions.length,
        replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
        settings: settings.get(name) ?? new Map(),
      },
    ]),
  );
}

function reportOf(topic: Topic, name: string, found: Found | undefined): TopicReport {
  if (found === undefined) return { name, state: 'missing', faults: [], notes: [] };
  const faults = faultsOf(topic, name, found);
  return { name, state: faults.length > 0 ? 'wrong' : 'right', faults, notes: notesOf(topic, found) };
}

/** What keyturn itself reads, and what it reads of how a broker may compress it; `producer`: as it was sent. */
const readNames = new Set<string>([webhooks, ...Object.values(consumerTopics).flat()].map(({ name }) => name));
const readable = new Set(['producer', 'uncompressed', 'gzip']);

function faultsOf(topic: Topic, name: string, { partitions, settings }: Found): string[] {
  const mend = (setting: string, value: string | number) => `kafka-configs.sh --alter --topic ${name} --add-config ${setting}=${value}`;
  const cleanup = settings.get('cleanup.policy');
  const bytesMax = Number(settings.get('max.message.bytes'));
  const compression = settings.get('compression.type') ?? 'producer';
  return [
    ...(partitions === topic.partitions
      ? []
      : [
          `${partitions} partitions, not ${topic.partitions}: a person's partition must never change, so use another KAFKA_PREFIX, or make it anew`,
        ]),
    ...(cleanup === topic.cleanup ? [] : [`cleanup.policy is ${cleanup}, not ${topic.cleanup}: ${mend('cleanup.policy', topic.cleanup)}`]),
    ...(bytesMax >= topic.messageBytesMax
      ? []
      : [`max.message.bytes is ${bytesMax}, less than ${topic.messageBytesMax}: ${mend('max.message.bytes', topic.messageBytesMax)}`]),
    ...(readable.has(compression) || !readNames.has(topic.name)
      ? []
      : [`compression.type is ${compression}, which keyturn can't read: ${mend('compression.type', 'producer')}`]),
  ];
}

function notesOf(topic: Topic, { replicas, settings }: Found): string[] {
  const retention = settings.get('retention.ms');
  const inSync = settings.get('min.insync.replicas');
  return [
    ...(topic.retentionMs === undefined || retention === String(topic.retentionMs)
      ? []
      : [`retention.ms is ${retention}; keyturn makes it with ${topic.retentionMs}`]),
    ...(replicas > 2 && inSync === '1' ? ['min.insync.replicas is 1: a confirmed record may be on one broker alone'] : []),
    ...(replicas === 1 ? ['one replica: a lost broker loses what was answered 200'] : []),
  ];
}
