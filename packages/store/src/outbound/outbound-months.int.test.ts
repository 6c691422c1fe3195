import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { status } from '@keyturn/testkit';
import type { Database } from '../database.ts';
import { directoryDatabase } from '../directory/directory.fixture.ts';
import { makeOutboundMonths } from './outbound-months.ts';
import { outboundFacts, recordOutbound } from './record-outbound.ts';

let database: Database;
let close: () => Promise<void>;
beforeEach(async () => {
  const opened = await directoryDatabase();
  database = opened.databases[0] as Database;
  close = opened.close;
});
afterEach(() => close());

const keep = (now: string, days = 90) => makeOutboundMonths(database.pool, new Date(now), days);
const record = async (...instants: string[]) =>
  recordOutbound(
    database.pool,
    await outboundFacts(
      database.pool,
      instants.map((at) => status({ at: Date.parse(at) / 1000, waId: '4915700000001', wamid: 'm' })),
    ),
  );
const column = async (text: string) => (await database.pool.query<{ it: string }>(text)).rows.map((row) => row.it);
const months = () =>
  column(
    `select relname as it from pg_inherits join pg_class on oid = inhrelid where inhparent = 'keyturn.outbound_status'::regclass order by relname`,
  );
const rows = () =>
  column(`select tableoid::regclass || ' ' || to_char(occurred_at, 'YYYY-MM-DD') as it from outbound_status order by occurred_at`);

it('has a partition for every month that is kept and the next two, and drops what is over; twice is as once', async () => {
  await keep('2026-05-15T00:00:00Z');
  const made = ['2026_02', '2026_03', '2026_04', '2026_05', '2026_06', '2026_07'].map((month) => `outbound_status_${month}`);
  expect(await months()).toEqual([...made, 'outbound_status_default']);
  await record('2026-02-20T00:00:00Z', '2026-05-01T00:00:00Z');
  await keep('2026-05-15T00:00:00Z');
  expect(await rows()).toEqual(['outbound_status_2026_02 2026-02-20', 'outbound_status_2026_05 2026-05-01']);
  await keep('2026-06-15T00:00:00Z');
  expect(await months()).not.toContain('outbound_status_2026_02');
  expect(await rows()).toEqual(['outbound_status_2026_05 2026-05-01']);
});

it('what is older than what is kept does not come back, however late it is read again', async () => {
  await keep('2026-06-15T00:00:00Z', 30);
  await record('2026-04-30T23:59:59Z', '2026-05-01T00:00:00Z');
  expect(await rows()).toEqual(['outbound_status_2026_05 2026-05-01']);
});

it('what was recorded before there were months is kept, counted once, and goes when it is old', async () => {
  await record('2026-05-10T00:00:00Z', '2026-05-10T00:00:00Z');
  await keep('2026-05-15T00:00:00Z', 30);
  await record('2026-05-10T00:00:00Z');
  expect(await rows()).toEqual(['outbound_status_default 2026-05-10']);
  await keep('2026-07-15T00:00:00Z', 30);
  expect(await rows()).toEqual([]);
});

it('says for how many days it is kept, as it was told last', async () => {
  const said = () => column(`select days::text as it from kept_days where table_name = 'outbound_status'`);
  await keep('2026-05-15T00:00:00Z');
  expect(await said()).toEqual(['90']);
  await keep('2026-05-15T00:00:00Z', 400);
  expect(await said()).toEqual(['400']);
});

it('says since when it is complete: since it began, and no longer than it is kept', async () => {
  const since = () => column(`select to_char(greatest(begun_at, kept_from), 'YYYY-MM-DD') as it from outbound_kept`);
  await keep('2026-05-15T00:00:00Z');
  expect(await since()).toEqual(['2026-05-15']);
  await keep('2026-12-15T00:00:00Z');
  expect(await since()).toEqual(['2026-09-01']);
});
