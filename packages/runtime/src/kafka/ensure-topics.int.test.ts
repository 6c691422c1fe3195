import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS } from '@keyturn/contracts';
import { testKafka, testLog } from '@keyturn/testkit';
import { type Admin, ConfigResourceTypes, type Kafka } from 'kafkajs';
import { connectKafka } from './connect-kafka.ts';
import { ensureTopics } from './ensure-topics.ts';
import { kafkaConfig } from './kafka.test-parts.ts';

const { brokers, prefix } = testKafka();
const events = {
  name: 'events',
  schema: null,
  partitions: 3,
  cleanup: 'delete',
  retentionMs: 7 * DAY_MS,
  messageBytesMax: 3_000_000,
} as const;
const state = { name: 'state', schema: null, partitions: 2, cleanup: 'compact', messageBytesMax: 1_000_000 } as const;

let kafka: Kafka;
let admin: Admin;
beforeAll(async () => {
  kafka = connectKafka(kafkaConfig(brokers), testLog());
  admin = kafka.admin();
  await admin.connect();
});
afterAll(() => admin.disconnect());

describe('ensureTopics', () => {
  it('makes what is missing with partitions and settings, led and ready, also when several do so at once', async () => {
    await Promise.all([
      ensureTopics(kafka, prefix, [events]),
      ensureTopics(kafka, prefix, [events, state]),
      ensureTopics(kafka, prefix, [state]),
    ]);
    await ensureTopics(kafka, prefix, [events, state]);
    const { topics } = await admin.fetchTopicMetadata({ topics: [`${prefix}events`, `${prefix}state`] });
    topics.sort((a, b) => a.name.localeCompare(b.name));
    expect(topics.map(({ name, partitions }) => [name, partitions.length, partitions.every(({ leader }) => leader >= 0)])).toEqual([
      [`${prefix}events`, 3, true],
      [`${prefix}state`, 2, true],
    ]);
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        { type: ConfigResourceTypes.TOPIC, name: `${prefix}events` },
        { type: ConfigResourceTypes.TOPIC, name: `${prefix}state` },
      ],
    });
    resources.sort((a, b) => a.resourceName.localeCompare(b.resourceName));
    const settings = resources.map(({ configEntries }) =>
      Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    );
    expect(settings[0]).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': String(7 * DAY_MS), 'max.message.bytes': '3000000' });
    expect(settings[1]).toMatchObject({ 'cleanup.policy': 'compact', 'max.message.bytes': '1000000' });
  });

  it('refuses a topic with another number of partitions, naming it and the way out', async () => {
    await ensureTopics(kafka, prefix, [events]);
    await expect(ensureTopics(kafka, prefix, [{ ...events, partitions: 12 }])).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringMatching(/events has 3 partitions, not 12.*KAFKA_PREFIX/),
    });
  });

  it('no broker there is kafka.unavailable', async () => {
    const nowhere = connectKafka(kafkaConfig(['127.0.0.1:1']), testLog());
    await expect(ensureTopics(nowhere, prefix, [events])).rejects.toMatchObject({ code: 'kafka.unavailable' });
  });
});
