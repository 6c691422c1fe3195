import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { inbound } from '@keyturn/contracts';
import { connectKafka, type Service, startPublisher } from '@keyturn/runtime';
import { migratedDatabase, runLogEnv, testKafka, testLog, until } from '@keyturn/testkit';
import { type Database, openDatabase } from '../database.ts';
import { defineConsumer } from './define-consumer.ts';
import { identity } from './identity-consumer.fixture.ts';

const start = defineConsumer(identity);
const { brokers, prefix } = testKafka();
let database: Database;
let drop: () => Promise<void>;
let service: Service | undefined;
beforeAll(async () => {
  const made = await migratedDatabase();
  drop = made.drop;
  database = openDatabase({ DATABASE_URL: made.url, DATABASE_SCHEMA: 'keyturn', DATABASE_CONNECTIONS_MAX: 2 }, 'test');
  Object.assign(process.env, runLogEnv('consumer'));
  service = await start({ DATABASE_URL: made.url, KAFKA_BROKERS: brokers.join(','), KAFKA_PREFIX: prefix });
});
afterAll(async () => {
  await service?.stop();
  await database.close();
  await drop();
});

/** How far the one partition is that has records; null: none has. */
async function at(): Promise<number | null> {
  const { rows } = await database.pool.query<{ next: string | null }>(
    'select max(next_offset) as next from consumer_offset where topic = $1',
    [inbound.name],
  );
  return rows[0]?.next == null ? null : Number(rows[0].next);
}
const putTo = (next: number) =>
  database.pool.query('update consumer_offset set next_offset = $2 where topic = $1 and next_offset > 0', [inbound.name, next]);

it('an idle member whose database was put back applies again at once; one whose log ends before its offset stops for good', async () => {
  const log = testLog();
  const kafka = connectKafka({ KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix, KAFKA_TLS: false }, log);
  const publisher = await startPublisher({ kafka, prefix, log });
  await publisher.publish(['1', '2', '3'].map((value) => ({ topic: inbound, key: 'somebody', value, headers: { facets: 'window' } })));
  await publisher.stop();
  await until('all is applied', async () => (await at()) === 3);
  await putTo(1);
  await until('it is applied again, though no record came', async () => (await at()) === 3);
  await putTo(10);
  expect(await service?.stopped).toMatchObject({ code: 'log.shorter_than_state' });
  const { rows } = await database.pool.query('select from consumer_offset where log_lost_at is null');
  expect(rows).toEqual([]);
  expect(await service?.notReady()).toEqual(['not in its consumer group']);
});
