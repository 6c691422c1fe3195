import { afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type AppError, inbound } from '@keyturn/contracts';
import { connectKafka, ensureTopics, type Kafka, type Publisher, startPublisher, withAdmin } from '@keyturn/runtime';
import { testKafka, testLog } from '@keyturn/testkit';
import { ownDatabase } from '../directory/directory.fixture.ts';
import { keepCaughtUp } from './caught-up.ts';
import { advanceOffset } from './offsets.ts';
import { partitionsOf } from './partitions.ts';
import { createProgress } from './progress.ts';

const log = testLog();
const { brokers, prefix: base } = testKafka();
const topic = { ...inbound, partitions: 2 };
const database = ownDatabase();
let kafka: Kafka;
let publisher: Publisher;
let prefix: string;
let looks: { stop(): Promise<void> } | undefined;
let runs = 0;
beforeAll(async () => {
  kafka = connectKafka({ KAFKA_BROKERS: brokers, KAFKA_PREFIX: base, KAFKA_TLS: false }, log);
});
beforeEach(async () => {
  await database.pool.query('delete from consumer_offset');
  prefix = await newTopics();
  publisher = await startPublisher({ kafka, prefix, log });
});
afterEach(async () => {
  await looks?.stop();
  looks = undefined;
  await publisher.stop();
});

async function newTopics(): Promise<string> {
  const fresh = `${base}${++runs}.`;
  await ensureTopics(kafka, fresh, [topic]);
  return fresh;
}
const write = (count: number) => publisher.publish(Array.from({ length: count }, () => ({ topic, key: 'one person', value: '{}' })));
type More = { prefix?: string; kafka?: Kafka; onLost?: (error: AppError) => void };
/** A member that looks until it is stopped. */
function begin(more: More = {}): Promise<{ stop(): Promise<void> }> {
  const { pool } = database;
  const member = { partitions: partitionsOf(pool, 'identity'), onLost: () => {}, onPutBack: () => {} };
  const definition = { group: 'identity', topics: [topic] } as const;
  return keepCaughtUp({ kafka, prefix, pool, definition, progress: createProgress([topic]), ...member, log, ...more });
}
/** One start of a member, which stops at once. */
async function start(more?: More): Promise<void> {
  await (await begin(more)).stop();
}
async function rows() {
  const { rows: found } = await database.pool.query<{ next_offset: string; caught_up_at: Date; prefix: string | null; lost: boolean }>(
    'select next_offset, caught_up_at, prefix, log_lost_at is not null as lost from consumer_offset order by caught_up_at',
  );
  return found;
}
/** The partition that has all records is applied up to there. */
const applied = (next: number) =>
  database.pool.query(`update consumer_offset set next_offset = $1 where caught_up_at = (select min(caught_up_at) from consumer_offset)`, [
    next,
  ]);
const place = { group: 'identity', topic: topic.name };
const superseded = { status: 'rejected', reason: { code: 'batch.superseded' } };
const lost = { code: 'log.shorter_than_state', message: expect.stringContaining('delete from consumer_offset') };

it('a new database beside an old topic begins where the log does, and an empty partition is caught up', async () => {
  await write(3);
  const startedAt = new Date();
  await start();
  expect((await rows()).map((row) => row.next_offset)).toEqual(['0', '0']);
  expect((await rows()).map((row) => row.caught_up_at >= startedAt)).toEqual([false, true]);
});

it('offsets are of the logs of one prefix: a start with another is refused, with both names and the way out', async () => {
  await start();
  const other = await newTopics();
  const message = expect.stringMatching(`KAFKA_PREFIX '${prefix}', not '${other}'.*delete from consumer_offset`);
  await expect(start({ prefix: other })).rejects.toMatchObject({ code: 'config.invalid', message });
  await start();
  await database.pool.query('delete from consumer_offset');
  await start({ prefix: other });
  expect((await rows()).map((row) => row.prefix)).toEqual([other, other]);
});

it('offsets of a release that did not say whose they are become those of the logs that are there', async () => {
  await start();
  await database.pool.query('update consumer_offset set prefix = null');
  await start();
  expect((await rows()).map((row) => row.prefix)).toEqual([prefix, prefix]);
});

it('a log that ended before what was applied stays refused after it has grown, at starts and batches, until the offsets are deleted', async () => {
  await write(3);
  await start();
  await applied(5);
  await expect(start()).rejects.toMatchObject(lost);
  await write(7);
  await expect(start()).rejects.toMatchObject(lost);
  const record = { offset: 5n, key: null, value: Buffer.alloc(0), headers: {}, timestamp: 0 };
  for (const partition of [0, 1]) {
    const batch = { topic, partition, records: [record], highWatermark: 10n };
    await expect(partitionsOf(database.pool, 'identity').due(batch)).rejects.toMatchObject(lost);
    const moved = [0n, 5n].map((from) => advanceOffset(database.pool, { ...place, partition }, from, 6n, new Date()));
    expect(await Promise.allSettled(moved)).toMatchObject([superseded, superseded]);
  }
  await database.pool.query('delete from consumer_offset');
  await start();
  expect((await rows()).map((row) => row.next_offset)).toEqual(['0', '0']);
});

it('a start that is refused leaves no connection behind', async () => {
  await write(3);
  await start();
  await applied(5);
  let open = 0;
  const counted = (admin: ReturnType<Kafka['admin']>): ReturnType<Kafka['admin']> => ({
    ...admin,
    connect: () => admin.connect().then(() => void open++),
    disconnect: () => admin.disconnect().then(() => void open--),
  });
  await expect(
    start({ kafka: Object.assign(Object.create(kafka) as Kafka, { admin: () => counted(kafka.admin()) }) }),
  ).rejects.toMatchObject(lost);
  expect(open).toBe(0);
});

it('an idle member is told that another has found a log lost', async () => {
  const told = Promise.withResolvers<AppError>();
  looks = await begin({ onLost: told.resolve });
  await database.pool.query('update consumer_offset set log_lost_at = now()');
  expect(await told.promise).toMatchObject(lost);
});

it('a log that grows and is applied while a member starts is not taken for a short one', async () => {
  await write(3);
  await start();
  let asked = 0;
  const slow = (admin: ReturnType<Kafka['admin']>): ReturnType<Kafka['admin']> => ({
    ...admin,
    async fetchTopicOffsets(name) {
      const ends = await admin.fetchTopicOffsets(name);
      if (++asked === 1) {
        await write(4);
        await applied(7);
      }
      return ends;
    },
  });
  await start({ kafka: Object.assign(Object.create(kafka) as Kafka, { admin: () => slow(kafka.admin()) }) });
  expect(asked).toBeGreaterThan(1);
  expect((await rows()).map((row) => row.lost)).toEqual([false, false]);
});

it('an idle member is told that records are gone which were not applied, though none comes to show it', async () => {
  await write(3);
  await start();
  const name = prefix + topic.name;
  await withAdmin(kafka, 'no records were deleted', async (admin) => {
    const partitions = (await admin.fetchTopicOffsets(name)).map(({ partition, high }) => ({ partition, offset: high }));
    await admin.deleteTopicRecords({ topic: name, partitions });
  });
  const told = Promise.withResolvers<AppError>();
  looks = await begin({ onLost: told.resolve });
  expect(await told.promise).toMatchObject({ code: 'log.gap', detail: { wanted: '0', found: '3' } });
});
