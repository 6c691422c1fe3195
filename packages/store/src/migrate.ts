import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@keyturn/contracts';
import pg from 'pg';
import { type Database, storeError, type Tx, unhurried } from './database.ts';
import { grantTo } from './grant.ts';
import { makeJournalMonths } from './journal-months.ts';
import { migrationsFolder } from './migrations.ts';
import { pendingMigrations } from './schema-state.ts';

/** What else a migration is to do. */
export type MigrateOptions = {
  /** A role that the services log in as: gets what they need, and no more. */
  readonly grantTo?: string | undefined;
  readonly folder?: string;
};

/** How long a statement waits for a table that others use, and so how long those wait who come after it; and how often it is tried. */
const LOCK = { timeoutMs: 2_000, pauseMs: 500, attemptsMax: 30 };

/** Brings the schema up to date and makes the journal's months, one process at a time (advisory lock); the others wait and find it done. Says which
 *  steps it applied; a second run changes nothing. A step is never in the way of running services for longer than two seconds at a time; months that
 *  would be are left to the consumers. Throws `store.unavailable`, or `config.invalid` where the role may not do what is needed. */
export async function migrate({ pool, schema }: Database, now: Date, options: MigrateOptions = {}): Promise<string[]> {
  const client = await pool.connect().catch((error: unknown) => {
    throw storeError(error);
  });
  try {
    return await unhurried(client, () => bringUp(client, schema, now, options));
  } catch (error) {
    throw migrationError(error, schema);
  } finally {
    client.release(true); // the lock goes with the session
  }
}

async function bringUp(client: pg.PoolClient, schema: string, now: Date, { folder, grantTo: role }: MigrateOptions): Promise<string[]> {
  await client.query('set statement_timeout = 0'); // another process may be at it for long
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [`keyturn.migrate:${schema}`]);
  await client.query(`set lock_timeout = ${LOCK.timeoutMs}`);
  await makeSchema(client, schema);
  const pending = await pendingMigrations(client, schema);
  if (pending.length > 0 || folder !== undefined) await applyPatiently(client, schema, folder ?? migrationsFolder);
  await makeMonths(client, now);
  if (role !== undefined) await grantTo(client, schema, role);
  return pending.map(({ name }) => name);
}

/** Asks first: `create schema if not exists` wants the right to make one, also where it is there. */
async function makeSchema(tx: Tx, schema: string): Promise<void> {
  const { rowCount } = await tx.query('select from pg_namespace where nspname = $1', [schema]);
  if (rowCount === 0) await tx.query(`create schema if not exists ${pg.escapeIdentifier(schema)}`);
}

/** All or nothing, in one transaction. Who waits for a table holds up everybody after him, so he gives up soon and comes again. */
async function applyPatiently(client: pg.PoolClient, schema: string, folder: string): Promise<void> {
  const [{ drizzle }, { migrate: applyMigrations }] = await Promise.all([
    import('drizzle-orm/node-postgres'), // a third of what a start loads, where nothing is to be applied
    import('drizzle-orm/node-postgres/migrator'),
  ]);
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyMigrations(drizzle(client), { migrationsFolder: folder, migrationsSchema: schema, migrationsTable: 'migration' });
    } catch (error) {
      if (stateOf(error) !== '55P03' || attempt === LOCK.attemptsMax) throw error;
      await pause(LOCK.pauseMs);
    }
  }
}

/** The journal is in use, or rows of that month are already where no month was made. */
const MONTHS_LATER = ['55P03', '23514'];
/** Tries once: a journal without its next months takes all there is, and each consumer makes them when it starts and once an hour, and says where it
 *  can't. */
async function makeMonths(tx: Tx, now: Date): Promise<void> {
  try {
    await makeJournalMonths(tx, now);
  } catch (error) {
    if (!MONTHS_LATER.includes(stateOf(error) ?? '')) throw error;
  }
}

const rootOf = (error: unknown): unknown => (error instanceof Error && error.cause instanceof Error ? error.cause : error);
const stateOf = (error: unknown): string | undefined => (rootOf(error) as { code?: string } | undefined)?.code;

function migrationError(error: unknown, schema: string): unknown {
  if (stateOf(error) === '42501')
    return new AppError(
      'config.invalid',
      `the role of DATABASE_URL may not create what is needed in schema ${schema} (${(rootOf(error) as Error).message}): grant it CREATE, or migrate with the role that owns the schema`,
      { cause: error },
    );
  if (stateOf(error) === '55P03')
    return new AppError(
      'store.unavailable',
      `a table that is to be changed stayed in use for ${LOCK.attemptsMax} tries: end what holds it (pg_stat_activity) and run it again; nothing was changed`,
      { cause: error },
    );
  return storeError(rootOf(error));
}
