import { afterAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { testKafka } from './kafka.ts';
import { testDatabase } from './postgres.ts';

describe('the parts of a test run', () => {
  const kafka = testKafka();
  const admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin();
  afterAll(() => admin.disconnect());

  it('gives every test file a prefix of its own', () => {
    expect(testKafka().prefix).not.toBe(kafka.prefix);
  });

  it('gives a broker that makes topics at once', async () => {
    await admin.connect();
    const topic = `${kafka.prefix}first`;
    await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true });
    expect(await admin.fetchTopicOffsets(topic)).toHaveLength(2);
  });

  it('gives an empty database that is gone after drop, even while in use', async () => {
    const database = await testDatabase();
    const client = new Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    expect((await client.query("select from pg_tables where schemaname = 'public'")).rowCount).toBe(0);
    await database.drop();
    await expect(new Client({ connectionString: database.url }).connect()).rejects.toThrow('does not exist');
  });
});
