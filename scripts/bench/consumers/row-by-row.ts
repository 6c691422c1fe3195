import { randomUUID } from 'node:crypto';
import { inbound } from '@keyturn/contracts';
import { consume, createLog, type IncomingRecord } from '@keyturn/runtime';
import type { Database } from '@keyturn/store';
import type pg from 'pg';
import type { Broker } from '../parts/kafka.ts';
import { type Consumer, takeOne } from './take-one.ts';

/** How much was done in which time. */
export type Done = { readonly events: number; readonly seconds: number };

const RECORDS_MAX = 4_000;

/** Does what the consumer does in the way most would write it: a transaction with prepared statements for each event, one after the other on each
 *  connection, until the time is over. On one connection it moves the group's offset with each event, by compare-and-set; on several, where all
 *  would wait for that row, it records each event's id instead. */
export async function rowByRow(
  broker: Broker,
  database: Database,
  consumer: Consumer,
  { connections, durationMs }: { readonly connections: number; readonly durationMs: number },
): Promise<Done> {
  await database.pool.query('create table if not exists bench_inbox (id text primary key)');
  const clients = await Promise.all(Array.from({ length: connections }, () => database.pool.connect()));
  const over = Promise.withResolvers<void>();
  let events = 0;
  let startedAt = 0;
  const takeAll = async (client: pg.PoolClient, records: readonly IncomingRecord[], partition: number) => {
    for (const record of records) {
      if (performance.now() - startedAt > durationMs) return over.resolve();
      await takeOne(client, consumer, record, connections === 1 ? partition : null);
      events += 1;
    }
  };
  const consumption = await consume({
    kafka: broker.kafka,
    prefix: broker.prefix,
    group: `row-by-row-${randomUUID()}`,
    topics: [inbound],
    log: createLog('bench', { level: 'error' }),
    concurrency: 1,
    recordsMax: RECORDS_MAX,
    async onBatch({ records, partition }) {
      startedAt ||= performance.now();
      const lanes = Map.groupBy(records, ({ key }) => laneOf(key ?? '', connections));
      await Promise.all([...lanes].map(([lane, own]) => takeAll(clients[lane] as pg.PoolClient, own, partition)));
      return { nextOffset: (records.at(-1)?.offset ?? 0n) + 1n };
    },
  });
  void consumption.stopped.then((error) => error && over.reject(error));
  await over.promise;
  const seconds = (performance.now() - startedAt) / 1_000;
  await consumption.stop();
  for (const client of clients) client.release();
  return { events, seconds };
}

/** What is about one person stays in order, on one connection. */
const laneOf = (key: string, lanes: number): number => [...key].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7) % lanes;
