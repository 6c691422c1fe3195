import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, webhooks } from '@keyturn/contracts';
import { COUNTED_MS } from '@keyturn/domain';
import { connectKafka, createLog, ensureTopics, type Kafka } from '@keyturn/runtime';
import { testKafka, testLog, until } from '@keyturn/testkit';
import type pg from 'pg';
import { silentLine } from '../alerts/silence.ts';
import type { Database } from '../database.ts';
import { directoryDatabase } from '../directory/directory.fixture.ts';
import { countOurs } from './count-ours.ts';
import { countWebhooks, startCounting } from './count-webhooks.ts';
import { endsOf } from './heard.ts';
import { readWebhookCounts } from './read-webhook-counts.ts';

const log = testLog();
const { brokers, prefix: base } = testKafka();
const PARTITIONS = 3;
/** The beginning of a stretch some hours ago, and minutes after it. */
const T = Math.floor(Date.now() / HOUR_MS - 3) * HOUR_MS;
const minute = (minutes: number) => new Date(T + minutes * MINUTE_MS);

let databases: Database[];
let close: () => Promise<void>;
let kafka: Kafka;
let producer: ReturnType<Kafka['producer']>;
let prefix: string;
let tests = 0;
beforeAll(async () => {
  ({ databases, close } = await directoryDatabase(3));
  kafka = connectKafka({ KAFKA_BROKERS: brokers, KAFKA_PREFIX: base, KAFKA_TLS: false }, log);
  producer = kafka.producer({
    createPartitioner:
      () =>
      ({ message }) =>
        Number(message.key ?? 0) % PARTITIONS,
  });
  await producer.connect();
});
afterAll(async () => {
  await producer.disconnect();
  await close();
});
beforeEach(async () => {
  prefix = `${base}${++tests}.`;
  await ensureTopics(kafka, prefix, [{ ...webhooks, partitions: PARTITIONS }]);
  await poolOf().query('truncate webhook_count, webhook_ours');
});

const poolOf = (process = 0): pg.Pool => (databases[process] as Database).pool;
const count = (now: Date, pool = poolOf()) => countWebhooks({ pool, kafka, prefix }, now);
/** Keeps a body at each of these minutes, in this order, wherever in the topic. */
const keep = (...minutes: number[]) =>
  producer.send({
    topic: prefix + webhooks.name,
    messages: minutes.map((at, i) => ({ key: String(i % 7), value: '{}', timestamp: String(minute(at).getTime()) })),
  });
/** What is known: the minute at which each stretch begins, and what it brought. */
async function counted(): Promise<[number, number][]> {
  const { rows } = await poolOf().query<{ at: Date; webhooks: string }>('select at, webhooks from webhook_count order by at');
  return rows.map(({ at, webhooks: number }) => [(at.getTime() - T) / MINUTE_MS, Number(number)]);
}

it('each webhook counts once, in its own five minutes, however often and by however many it is counted', async () => {
  await keep(1, 2, 4.99, 5, 17, 3);
  await Promise.all([0, 1, 2, 0, 1, 2].map((process) => count(minute(21), poolOf(process))));
  await keep(20.5, 22);
  for (const at of [22.5, 22.5, 24]) await Promise.all([0, 1].map((process) => count(minute(at), poolOf(process))));
  expect(await counted()).toEqual([...[0, 5, 10, 15].map((at, i) => [at, [4, 1, 0, 1][i]]), [20, 2]]);
});

it.each([
  ['before it has written', false],
  ['after it has written, before it knows so', true],
])('one that ends %s has others count no webhook twice', async (_when, isWritten) => {
  await keep(1, 1, 6);
  const dying = Object.assign(Object.create(poolOf()) as pg.Pool, {
    query: async (asked: { name: string; text: string }) => {
      if (asked.name !== 'webhooks.keep') return poolOf().query(asked);
      if (isWritten) await poolOf().query(asked);
      throw new Error('the process is gone');
    },
  });
  await expect(count(minute(7), dying)).rejects.toThrow('gone');
  expect((await counted()).length).toBe(isWritten ? 2 : 0);
  await keep(7.5);
  await count(minute(8));
  expect(await counted()).toEqual([
    [0, 2],
    [5, 2],
  ]);
});

it('what is written late is counted, also after its five minutes are over', async () => {
  await keep(2);
  await count(minute(6));
  await keep(4.5); // on its way for a minute and a half
  await keep(6.5);
  await count(minute(7));
  expect(await counted()).toEqual([
    [0, 2],
    [5, 1],
  ]);
});

it('what nobody counted for hours is counted once somebody does, and who is slow takes nothing back', async () => {
  await keep(1);
  await count(minute(2));
  await keep(61, 62);
  await count(minute(64));
  await count(minute(63), poolOf(1)); // asked before, written after
  expect((await counted()).filter(([, number]) => number > 0)).toEqual([
    [0, 1],
    [60, 2],
  ]);
  expect(await counted()).toHaveLength(13);
  const { steps, countedTo } = await readWebhookCounts(poolOf(), '24h', minute(66));
  expect(countedTo).toBe(minute(64).toISOString());
  expect(steps.slice(-6).map(({ webhooks: number, complete }) => [number, complete])).toEqual([
    [null, false],
    [1, true],
    [0, true],
    [0, true],
    [0, true],
    [2, false],
  ]);
});

it('nothing is said of a time before the first webhook, and what is older than five weeks is forgotten', async () => {
  await count(minute(2));
  expect(await counted()).toEqual([]);
  expect(await readWebhookCounts(poolOf(), '6h', minute(2))).toMatchObject({ countedTo: null });
  const old = 36 * 24 * 60;
  await poolOf().query('insert into webhook_count values ($1, 9, $1), ($2, 1, $3)', [minute(-old), minute(0), minute(3)]);
  await count(minute(4));
  expect(await counted()).toEqual([[0, 1]]);
});

it('while nothing comes, what was usual before is not forgotten, nor who is told of it, however long that lasts', async () => {
  const [day, bounds] = [24 * 60, { minutes: 15, atLeast: 20 }];
  const lastAt = -50 * day;
  await poolOf().query(
    `insert into webhook_count select at, case when at < $2 then 10 else 0 end, at + interval '5 minutes'
     from generate_series($1::timestamptz, $3, interval '5 minutes') as at`,
    [minute(lastAt - 36 * day), minute(lastAt), minute(-5)],
  );
  const before = await silentLine(poolOf(), bounds);
  expect(before).toMatchObject({ what: 'no_webhooks', since: minute(lastAt).toISOString(), count: 10 * 12 * 24 });
  await count(minute(4));
  expect((await counted())[0]).toEqual([lastAt - 5 - 35 * day, 10]);
  expect(await silentLine(poolOf(), bounds)).toEqual(before);
});

/** Of stretches from `T` on: how many webhooks the log got, and how many of ours were put in the outbox. */
it.each<[string, [log: number, ours: number][], number | null]>([
  [
    'is the last that is not ours',
    [
      [3, 0],
      [2, 2],
      [1, 1],
    ],
    5,
  ],
  [
    'is none of ours that the relay brings late',
    [
      [3, 0],
      [0, 2],
      [1, 0],
      [1, 0],
    ],
    5,
  ],
  [
    'is the last of those that come beside ours',
    [
      [3, 0],
      [5, 2],
      [2, 2],
      [0, 0],
    ],
    10,
  ],
  [
    'is seen beside ours that are yet to come, once there is more than those',
    [
      [3, 0],
      [4, 9],
      [7, 0],
      [0, 0],
    ],
    15,
  ],
  [
    'is none where all is ours',
    [
      [2, 2],
      [0, 1],
      [1, 0],
    ],
    null,
  ],
])('the last webhook of the platform %s', async (_which, stretches, lastAt) => {
  for (const [i, [log, ours]] of stretches.entries()) {
    await poolOf().query('insert into webhook_count values ($1, $2, $3)', [minute(5 * i), log, minute(5 * i + 5)]);
    await Promise.all(Array.from({ length: ours }, () => countOurs(poolOf(), 1, minute(5 * i + 4))));
  }
  const ends = await endsOf(poolOf());
  expect(ends).toEqual(lastAt === null ? null : { lastAt: minute(lastAt).getTime(), countedUntil: minute(5 * stretches.length).getTime() });
});

it('it counts for as long as it runs, and goes on where Kafka was away, which it says once', async () => {
  let away = true;
  const said: string[] = [];
  const heard = createLog('test', { to: { write: (line) => void said.push((JSON.parse(line) as { level: string }).level) } });
  let turns = 0;
  const flaky = Object.assign(Object.create(kafka) as Kafka, {
    admin: () => {
      turns += 1;
      if (away) throw new Error('no broker answers');
      return kafka.admin();
    },
  });
  const now = Date.now();
  await producer.send({ topic: prefix + webhooks.name, messages: [{ value: '{}', timestamp: String(now - COUNTED_MS) }] });
  const counting = startCounting({ pool: poolOf(), kafka: flaky, prefix, log: heard, everyMs: 20 });
  await until('it was away for two turns', () => turns >= 2);
  away = false;
  await until('it is counted', async () => (await counted()).some(([, number]) => number === 1));
  await until('it says so', () => said.length >= 2);
  await counting.stop();
  expect(said).toEqual(['warn', 'info']);
});
