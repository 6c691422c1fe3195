import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { inbound } from '@keyturn/contracts';
import { connectKafka, ensureTopics, type Kafka, type Publisher, startPublisher } from '@keyturn/runtime';
import { migratedDatabase, testKafka, testLog, until } from '@keyturn/testkit';
import { type Database, openDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import { doorTo } from '../relay/relay.fixture.ts';
import { keepCaughtUp } from './caught-up.ts';
import { advanceOffset, nextOffsetOf } from './offsets.ts';
import { partitionsOf } from './partitions.ts';
import { createProgress } from './progress.ts';

const log = testLog();
const { brokers, prefix } = testKafka();
const topic = { ...inbound, partitions: 1 };
const place = { group: 'identity', topic: topic.name, partition: 0 };
let kafka: Kafka;
let publisher: Publisher;
let door: Awaited<ReturnType<typeof doorTo>>;
let [direct, behindDoor]: Database[] = [];
let looks: Awaited<ReturnType<typeof keepCaughtUp>> | undefined;
let drop: () => Promise<void>;
beforeAll(async () => {
  kafka = connectKafka({ KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix, KAFKA_TLS: false }, log);
  await ensureTopics(kafka, prefix, [topic]);
  publisher = await startPublisher({ kafka, prefix, log });
  const made = await migratedDatabase();
  drop = made.drop;
  door = await doorTo(made.url);
  [direct, behindDoor] = [made.url, door.url].map((url) =>
    openDatabase({ DATABASE_URL: url, DATABASE_SCHEMA: 'keyturn', DATABASE_CONNECTIONS_MAX: 3 }, 'test'),
  );
  await migrate(direct as Database, new Date());
});
afterAll(async () => {
  door.open();
  await looks?.stop();
  await publisher.stop();
  await direct?.close();
  await behindDoor?.close();
  await door.close();
  await drop();
});

it('lag and age stay true while nothing is read, while PostgreSQL is away, and when somebody else applies', async () => {
  const pool = (behindDoor as Database).pool;
  const progress = createProgress([topic]);
  const member = { partitions: partitionsOf(pool, 'identity'), onLost: () => {}, onPutBack: () => {} };
  looks = await keepCaughtUp({ kafka, prefix, pool, definition: { group: 'identity', topics: [topic] }, progress, ...member, log });
  const write = (count: number) =>
    publisher.publish(Array.from({ length: count }, (_, i) => ({ topic, key: 'somebody', value: String(i) })));
  const now = () => progress.standings(new Date())[0];
  const lag = () => now()?.lags[0]?.records;

  await until('an empty log has no lag, and is caught up', () => lag() === 0 && now()?.caughtUpAt !== null);
  await write(3);
  await until('a log that nobody reads lags', () => lag() === 3);
  await until('and its oldest record grows older', () => (now()?.oldestSeconds ?? 0) > 1.5);

  door.shut();
  await write(4);
  await until('the lag grows while PostgreSQL is away', () => lag() === 7);
  const before = now()?.caughtUpAt;
  await until('and so does the age', () => (now()?.oldestSeconds ?? 0) > 3);
  expect(now()?.caughtUpAt).toEqual(before);

  door.open();
  const at = await nextOffsetOf((direct as Database).pool, place);
  await advanceOffset((direct as Database).pool, place, at, 7n, new Date());
  await until('what another member applied is seen', () => lag() === 0 && now()?.oldestSeconds === 0);
  await until('and the group is caught up again', () => (now()?.caughtUpAt?.getTime() ?? 0) > (before?.getTime() ?? 0));
});
