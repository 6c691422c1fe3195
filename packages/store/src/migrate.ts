import { fileURLToPath } from 'node:url';
import { AppError } from '@keyturn/contracts';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { type Database, storeError } from './database.ts';

const folder = fileURLToPath(new URL('../migrations', import.meta.url));
const MONTHS_AHEAD = 2;

/** Brings the schema up to date and makes the journal's months, one process at a time (advisory lock); the others wait and find it done. A second
 *  run changes nothing. Throws `store.unavailable`, or `config.invalid` where the role may not create what is needed. */
export async function migrate({ pool, schema }: Database, now: Date): Promise<void> {
  const client = await pool.connect().catch((error: unknown) => {
    throw storeError(error);
  });
  try {
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [`keyturn.migrate:${schema}`]);
    await client.query(`create schema if not exists ${pg.escapeIdentifier(schema)}`);
    await applyMigrations(drizzle(client), { migrationsFolder: folder, migrationsSchema: schema, migrationsTable: 'migration' });
    await makeJournalMonths(client, now);
  } catch (error) {
    if (error instanceof Error && (error.cause as { code?: string } | undefined)?.code === '42501') {
      throw new AppError(
        'config.invalid',
        `the role of DATABASE_URL may not create what is needed in schema ${schema}: grant it CREATE, or migrate with another role`,
        { cause: error },
      );
    }
    throw storeError(error);
  } finally {
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [`keyturn.migrate:${schema}`]).catch(() => {});
    client.release();
  }
}

/** Makes the journal's partitions for this month and the next, where they are missing. Called daily as well as at the start. */
export async function makeJournalMonths(client: Pick<pg.PoolClient, 'query'>, now: Date): Promise<void> {
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
    const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1));
    const name = `journal_${from.toISOString().slice(0, 7).replace('-', '_')}`;
    await client.query(
      `create table if not exists ${name} partition of journal for values from ('${from.toISOString()}') to ('${to.toISOString()}')`,
    );
  }
}
