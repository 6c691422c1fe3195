import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '@keyturn/testkit';
import pg from 'pg';
import { type Database, openDatabase } from './database.ts';
import { makeJournalMonths } from './journal-months.ts';
import { migrate } from './migrate.ts';
import { migrationsFolder, readMigrations } from './migrations.ts';
import { databaseReasons, migrationPlan, requireSchema } from './schema-state.ts';

const NOW = new Date('2026-11-23T00:00:00Z');
/** Two seconds, and what a busy machine adds: without a bound whoever writes waits for as long as the reader reads. */
const LATE_MS = 6_000;
const ALL = readMigrations().map(({ name }) => name);
let given: TestDatabase;
let owner: Database;
const opened: Database[] = [];
const open = (url: string): Database => {
  const database = openDatabase({ DATABASE_URL: url, DATABASE_SCHEMA: 'keyturn', DATABASE_CONNECTIONS_MAX: 4 }, 'test');
  opened.push(database);
  return database;
};
beforeEach(async () => {
  given = await testDatabase();
  owner = open(given.url);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
  await given.drop();
});
const tablesOf = async () =>
  (
    await owner.pool.query<{ name: string }>(`select relname as name from pg_class where relnamespace = 'keyturn'::regnamespace order by 1`)
  ).rows.map(({ name }) => name);

/** A role that may log in and nothing else; roles are the server's, so the test's database is in its name. */
async function newRole(): Promise<{ role: string; url: string; drop(): Promise<void> }> {
  const url = new URL(given.url);
  const role = `services_of_${url.pathname.slice(1)}`;
  await owner.pool.query(`create role ${role} login password 'secret'`);
  [url.username, url.password] = [role, 'secret'];
  const drop = async () => void (await owner.pool.query(`drop owned by ${role}; drop role ${role}`));
  return { role, url: url.href, drop };
}

describe('migrate', () => {
  it('applies each step once, whoever comes first of several, and says which', async () => {
    const done = await Promise.all([owner, open(given.url), open(given.url)].map((database) => migrate(database, NOW)));
    expect(done.flat()).toEqual(ALL);
    expect(await migrate(owner, NOW)).toEqual([]);
    expect(await tablesOf()).toEqual(expect.arrayContaining(['journal_2026_11', 'journal_2026_12', 'journal_2027_01']));
  });

  it('waits for a table no longer than it lets others wait, and applies all or nothing', async () => {
    await migrate(owner, NOW);
    const folder = mkdtempSync(path.join(tmpdir(), 'keyturn-migrations-'));
    cpSync(migrationsFolder, folder, { recursive: true });
    const journalFile = path.join(folder, 'meta/_journal.json');
    const journal = JSON.parse(readFileSync(journalFile, 'utf8'));
    journal.entries.push({ ...journal.entries.at(-1), idx: ALL.length, when: journal.entries.at(-1).when + 1, tag: 'next' });
    writeFileSync(journalFile, JSON.stringify(journal));
    writeFileSync(
      path.join(folder, 'next.sql'),
      'create table t (i int);\n--> statement-breakpoint\nalter table api_key add column note text;',
    );
    const reader = await owner.pool.connect();
    await reader.query('begin; select from api_key');
    const migrated = migrate(open(given.url), NOW, { folder });
    const waits = `select from pg_locks where relation = 'api_key'::regclass and not granted`;
    while ((await owner.pool.query(waits)).rowCount === 0) await pause(5);
    const late = pause(LATE_MS, 'late', { ref: false });
    const written = owner.pool.query(
      `insert into api_key (key_id, name, hash, scopes, created_at, created_by) values ('k', 'k', '', '{}', now(), 'k')`,
    );
    expect(await Promise.race([written.then(() => 'written'), late])).toBe('written');
    expect(await tablesOf()).not.toContain('t');
    await reader.query('commit');
    reader.release();
    await migrated;
    expect(await tablesOf()).toContain('t');
    rmSync(folder, { recursive: true });
  });

  it('names the role that may not do it', async () => {
    const { url, drop } = await newRole();
    await expect(migrate(open(url), NOW)).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringContaining('grant it CREATE'),
    });
    await drop();
  });
});

describe('a schema', () => {
  it('older than this release is named, with the way out', async () => {
    await expect(requireSchema(owner)).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringMatching(/older.*0000_ground.*keyturn migrate/),
    });
    await migrate(owner, NOW);
    await owner.pool.query('delete from migration where created_at = (select max(created_at) from migration)');
    expect(await migrationPlan(owner)).toMatchObject({ applied: ALL.slice(0, -1), pending: [{ name: ALL.at(-1) }], schema: 'keyturn' });
    expect(await databaseReasons(owner)).toEqual([expect.stringContaining(ALL.at(-1) as string)]);
  });

  it('of a later release is good', async () => {
    await migrate(owner, NOW);
    await owner.pool.query(`insert into migration (hash, created_at) values ('of a later release', 9000000000000)`);
    await requireSchema(owner);
    expect(await migrate(owner, NOW)).toEqual([]);
  });
});

describe('the role that is granted to', () => {
  it('can do the work of the services, and neither make nor rewrite', async () => {
    const { role, url, drop } = await newRole();
    const services = open(url);
    await migrate(owner, NOW);
    expect(await databaseReasons(services)).toEqual([expect.stringContaining('keyturn migrate --grant-to')]);
    for (let time = 0; time < 2; time++) await migrate(owner, NOW, { grantTo: role });
    expect(await databaseReasons(services)).toEqual([]);
    await makeJournalMonths(services.pool, new Date('2027-06-15T00:00:00Z'));
    expect(await tablesOf()).toEqual(expect.arrayContaining(['journal_2027_06', 'journal_2027_08']));
    await services.pool.query(`insert into outbox (shard, key, topic, headers, value) values (0, 'k', 't', '{}', '')`);
    await services.pool.query('delete from outbox');
    await services.pool.query(`insert into journal (contact_id, slice, type, version, actor, cause, occurred_at, recorded_at)
      values (gen_random_uuid(), 's', 't', 1, 'a', '{}', now(), '2027-07-01')`);
    for (const statement of [
      'create table t (i int)',
      'create schema other',
      'alter table outbox add column i int',
      'drop table outbox',
      'truncate outbox',
      'update journal set actor = actor',
      'delete from journal',
      'delete from journal_2027_07',
      'update identity_decision set actor = actor',
      'delete from consent_ledger',
      'delete from audit_log',
      'update alert_setting set actor = actor',
      'delete from migration',
    ])
      await expect(services.pool.query(statement)).rejects.toThrow(/permission denied|must be owner/);
    await drop();
  });

  it.each([
    ['nobody', 'nobody_has_this_name', 'create role'],
    ['the owner', 'keyturn', 'another one'],
  ])('is not %s', async (_who, role, way) => {
    await expect(migrate(owner, NOW, { grantTo: role })).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringContaining(way),
    });
  });
});

it('the months that the function makes take every instant of theirs, in UTC, whatever the session’s time zone', async () => {
  await migrate(owner, NOW);
  const client = new pg.Client({ connectionString: given.url, options: '-c search_path=keyturn -c timezone=Asia/Riyadh' });
  await client.connect();
  await client.query(`select make_journal_months('2026-12-31T23:59:59Z', 1)`);
  const { rows } = await client.query(
    `select pg_get_expr(relpartbound, oid) as bounds from pg_class where relname in ('journal_2026_12', 'journal_2027_01') order by relname`,
  );
  expect(rows.map(({ bounds }) => bounds)).toEqual([
    "FOR VALUES FROM ('2026-12-01 03:00:00+03') TO ('2027-01-01 03:00:00+03')",
    "FOR VALUES FROM ('2027-01-01 03:00:00+03') TO ('2027-02-01 03:00:00+03')",
  ]);
  await client.end();
});
