import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase, testLog, until } from '@keyturn/testkit';
import type pg from 'pg';
import { type Database, openDatabase } from './database.ts';
import { keepJournalMonths } from './journal-months.ts';
import { migrate } from './migrate.ts';

/** Two seconds, and what a busy machine adds: without a bound they wait for as long as the reader reads. */
const LATE_MS = 6_000;
let given: TestDatabase;
let database: Database;
let reader: pg.PoolClient;
beforeEach(async () => {
  given = await testDatabase();
  database = openDatabase({ DATABASE_URL: given.url, DATABASE_SCHEMA: 'keyturn', DATABASE_CONNECTIONS_MAX: 6 }, 'test');
  await migrate(database, new Date());
  for (const month of await months()) await database.pool.query(`drop table ${month}`);
  reader = await database.pool.connect();
  await reader.query('set idle_in_transaction_session_timeout = 0');
  await reader.query('begin; select from journal');
});
afterEach(async () => {
  reader.release(true);
  await database.close();
  await given.drop();
});
const months = async () =>
  (
    await database.pool.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'keyturn.journal'::regclass and inhrelid <> 'keyturn.journal_default'::regclass`,
    )
  ).rows.map(({ name }) => name);
const write = (recordedAt: string) =>
  database.pool.query(
    `insert into journal (contact_id, slice, type, version, actor, cause, occurred_at, recorded_at)
     values (gen_random_uuid(), 's', 't', 1, 'a', '{}', now(), $1)`,
    [recordedAt],
  );

const starts: [string, () => Promise<unknown>][] = [
  ['a migration', () => migrate(database, new Date())],
  ['a start', async () => (await keepJournalMonths(database, testLog())).stop()],
];
it.each(starts)(
  '%s goes on without the months while somebody reads the journal, and writers wait for it for two seconds at most',
  async (_who, start) => {
    const started = start();
    await until('the months wait for the reader', async () => {
      const waits = await database.pool.query(`select from pg_locks where relation = 'keyturn.journal'::regclass and not granted`);
      return waits.rowCount === 1;
    });
    const late = pause(LATE_MS, 'late', { ref: false });
    expect(await Promise.race([write('2020-01-01').then(() => 'written'), late])).toBe('written');
    await started; // while the reader still reads
    expect(await months()).toEqual([]);
    await reader.query('commit');
    await start();
    expect(await months()).toHaveLength(3);
  },
);

it.each(starts)('%s goes on where the month already has rows in the partition that takes the rest', async (_who, start) => {
  await reader.query('commit');
  await write(new Date().toISOString());
  await start();
  await write(new Date().toISOString());
  expect((await database.pool.query('select from journal')).rowCount).toBe(2);
});
