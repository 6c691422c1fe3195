import { AppError, type Topic } from '@keyturn/contracts';
import type { Admin, ITopicConfig, Kafka } from 'kafkajs';
import { kafkaRoot } from './kafka-fault.ts';
import { withAdmin } from './with-admin.ts';

const REPLICAS = 3;
const LEADERS_TIMEOUT_MS = 30_000;
const LEADERS_POLL_MS = 100;

/** A topic's settings as the broker takes them. Two of three replicas must have a record before it is confirmed. */
function configOf(topic: Topic, prefix: string, replicationFactor: number): ITopicConfig {
  const retentionMs = topic.cleanup === 'compact' ? undefined : (topic.retentionMs ?? -1);
  const entries = {
    'cleanup.policy': topic.cleanup,
    ...(retentionMs === undefined ? {} : { 'retention.ms': String(retentionMs) }),
    'max.message.bytes': String(topic.messageBytesMax),
    'min.insync.replicas': String(replicationFactor > 2 ? 2 : 1),
    'compression.type': 'producer',
  };
  return {
    topic: prefix + topic.name,
    numPartitions: topic.partitions,
    replicationFactor,
    configEntries: Object.entries(entries).map(([name, value]) => ({ name, value })),
  };
}

function refuseOtherCount(found: ReadonlyMap<string, number>, topics: readonly Topic[], prefix: string): void {
  const wrong = topics.filter((topic) => (found.get(prefix + topic.name) ?? topic.partitions) !== topic.partitions);
  if (wrong.length === 0) return;
  const list = wrong.map((topic) => `${prefix}${topic.name} has ${found.get(prefix + topic.name)} partitions, not ${topic.partitions}`);
  throw new AppError(
    'config.invalid',
    `${list.join('; ')}. A person's partition must never change: use another KAFKA_PREFIX, or make these topics anew.`,
  );
}

/** Partition counts of those topics that are there, and whether every partition has a leader. */
async function look(admin: Admin, names: readonly string[]): Promise<{ counts: Map<string, number>; led: boolean }> {
  const there = new Set(await admin.listTopics());
  const present = names.filter((name) => there.has(name));
  if (present.length === 0) return { counts: new Map(), led: names.length === 0 };
  const { topics } = await admin.fetchTopicMetadata({ topics: present });
  return {
    counts: new Map(topics.map(({ name, partitions }) => [name, partitions.length])),
    led: present.length === names.length && topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0)),
  };
}

const NOT_YET = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION'];
/** Whether every partition answers: the cluster may know of a leader a moment before that broker does. */
async function serves(admin: Admin, names: readonly string[]): Promise<boolean> {
  if (!(await look(admin, names)).led) return false;
  await Promise.all(names.map((name) => admin.fetchTopicOffsets(name)));
  return true;
}

async function untilServed(admin: Admin, names: readonly string[]): Promise<void> {
  const giveUpAt = Date.now() + LEADERS_TIMEOUT_MS;
  for (;;) {
    const served = await serves(admin, names).catch((error: unknown) => {
      if (!NOT_YET.includes(kafkaRoot(error).type ?? '')) throw error;
      return false;
    });
    if (served) return;
    if (Date.now() > giveUpAt) throw new AppError('kafka.unavailable', `no leader for new topics after ${LEADERS_TIMEOUT_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, LEADERS_POLL_MS));
  }
}

async function ensure(admin: Admin, prefix: string, topics: readonly Topic[], replication: number | undefined): Promise<void> {
  const names = topics.map((topic) => prefix + topic.name);
  const { counts } = await look(admin, names);
  refuseOtherCount(counts, topics, prefix);
  const missing = topics.filter((topic) => !counts.has(prefix + topic.name));
  if (missing.length === 0) return;
  const replicas = replication ?? Math.min(REPLICAS, (await admin.describeCluster()).brokers.length);
  await admin.createTopics({ topics: missing.map((topic) => configOf(topic, prefix, replicas)), timeout: 9_000, waitForLeaders: false });
  await untilServed(admin, names);
  refuseOtherCount((await look(admin, names)).counts, topics, prefix); // somebody else may have been first
}

/** Every topic is there, with its partitions and settings, and answers. What exists stays as it is; another number of partitions is
 *  refused with `config.invalid`. Several processes may call it at once. Throws `kafka.unavailable`. */
export const ensureTopics = (
  kafka: Kafka,
  prefix: string,
  topics: readonly Topic[],
  options: { replication?: number | undefined } = {},
): Promise<void> => withAdmin(kafka, 'the topics could not be made', (admin) => ensure(admin, prefix, topics, options.replication));

/** Every topic is there with its partitions. Changes nothing; throws `config.invalid` naming what is missing and the way out, or `kafka.unavailable`. */
export const requireTopics = (kafka: Kafka, prefix: string, topics: readonly Topic[]): Promise<void> =>
  withAdmin(kafka, 'the topics could not be looked at', async (admin) => {
    const { counts } = await look(
      admin,
      topics.map((topic) => prefix + topic.name),
    );
    refuseOtherCount(counts, topics, prefix);
    const missing = topics.map((topic) => prefix + topic.name).filter((name) => !counts.has(name));
    if (missing.length === 0) return;
    throw new AppError(
      'config.invalid',
      `these topics are missing, or may not be described by this user: ${missing.join(', ')}. Run: keyturn topics --apply, with a user that may make them.`,
    );
  });
