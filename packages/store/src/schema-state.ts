import { AppError } from '@keyturn/contracts';
import pg from 'pg';
import { type Database, storeError, type Tx } from './database.ts';
import { type Migration, readMigrations } from './migrations.ts';

const NOTHING_THERE = ['42P01', '3F000']; // no such table, no such schema
const NOT_ALLOWED = '42501';

/** The steps of this release that the schema lacks, in their order. A schema of a later release lacks none. Throws `config.invalid` where the role may
 *  not ask. */
export async function pendingMigrations(tx: Tx, schema: string): Promise<Migration[]> {
  const appliedUpTo = await tx
    .query<{ at: string | null }>(`select max(created_at) as at from ${pg.escapeIdentifier(schema)}.migration`)
    .then(({ rows }) => Number(rows[0]?.at ?? 0))
    .catch((error: Error & { code?: string }) => {
      if (NOTHING_THERE.includes(error.code ?? '')) return 0;
      throw error.code === NOT_ALLOWED ? mayNotAsk(schema, error) : storeError(error);
    });
  return readMigrations().filter(({ at }) => at > appliedUpTo);
}

/** Where a migration would happen, as whom, and what it would do. */
export type MigrationPlan = {
  readonly version: string;
  readonly database: string;
  readonly schema: string;
  readonly role: string;
  readonly applied: readonly string[];
  readonly pending: readonly Migration[];
};

/** Looks at the schema and changes nothing. Throws `config.invalid` or `store.unavailable`. */
export async function migrationPlan({ pool, schema }: Database): Promise<MigrationPlan> {
  const { rows } = await pool
    .query<{ version: string; database: string; role: string }>(
      `select current_setting('server_version') as version, current_database() as database, current_user as role`,
    )
    .catch((error: unknown) => {
      throw storeError(error);
    });
  const pending = await pendingMigrations(pool, schema);
  const applied = readMigrations().filter((one) => !pending.some(({ at }) => at === one.at));
  const [server] = rows as [{ version: string; database: string; role: string }];
  return { ...server, schema, applied: applied.map(({ name }) => name), pending };
}

/** The schema has all that this release needs. Changes nothing; throws `config.invalid` naming what is missing and the way out, or
 *  `store.unavailable`. */
export async function requireSchema({ pool, schema }: Database): Promise<void> {
  const pending = await pendingMigrations(pool, schema);
  if (pending.length === 0) return;
  throw new AppError(
    'config.invalid',
    `schema ${schema} is older than this release, which needs ${pending.map(({ name }) => name).join(', ')}. ` +
      'Run: keyturn migrate, of this release, with a role that may change the schema.',
  );
}

/** Why a service can't work with the database now; empty: it can. */
export const databaseReasons = (database: Database): Promise<string[]> =>
  requireSchema(database).then(
    () => [],
    (error: unknown) => [error instanceof AppError && error.code === 'config.invalid' ? error.message : 'PostgreSQL does not answer'],
  );

const mayNotAsk = (schema: string, cause: Error) =>
  new AppError(
    'config.invalid',
    `the role of DATABASE_URL may not use schema ${schema}. Run: keyturn migrate --grant-to <this role>, with the role that owns it.`,
    {
      cause,
    },
  );
