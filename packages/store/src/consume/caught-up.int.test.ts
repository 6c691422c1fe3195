import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { inbound } from '@keyturn/contracts';
import { connectKafka, createLog, ensureTopics, startPublisher } from '@keyturn/runtime';
import { testKafka } from '@keyturn/testkit';
import type { Database } from '../database.ts';
import { directoryDatabase } from '../directory/directory.fixture.ts';
import { keepCaughtUp } from './caught-up.ts';
import { createProgress } from './progress.ts';

const log = createLog('test', { level: 'silent' });
let database: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  const made = await directoryDatabase();
  database = made.databases[0] as Database;
  close = made.close;
});
afterAll(() => close());

it('a new database beside an old topic begins where the log does, and an empty partition is caught up', async () => {
  const { brokers, prefix } = testKafka();
  const kafka = connectKafka({ KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix, KAFKA_TLS: false }, log);
  await ensureTopics(kafka, prefix, [inbound]);
  const publisher = await startPublisher({ kafka, prefix, log });
  await publisher.publish(['a', 'b', 'c'].map((value) => ({ topic: inbound, key: 'one person', value })));
  await publisher.stop();
  const startedAt = new Date();
  const idle = await keepCaughtUp({
    kafka,
    prefix,
    pool: database.pool,
    definition: { group: 'identity', topics: [inbound] },
    progress: createProgress([inbound]),
    log,
  });
  await idle.stop();
  const { rows } = await database.pool.query<{ next_offset: string; caught_up_at: Date }>(
    'select next_offset, caught_up_at from consumer_offset order by caught_up_at',
  );
  expect(rows.map((row) => row.next_offset)).toEqual(Array.from({ length: inbound.partitions }, () => '0'));
  expect(rows.map((row) => row.caught_up_at >= startedAt)).toEqual(Array.from({ length: inbound.partitions }, (_, i) => i > 0));
});
