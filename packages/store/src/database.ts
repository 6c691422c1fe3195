import type { Writable } from 'node:stream';
import { AppError } from '@keyturn/contracts';
import { envWhole, metrics, parseEnv, trace } from '@keyturn/runtime';
import pg from 'pg';
import { z } from 'zod';
import { beginSession, type SessionSettings } from './session.ts';
import { endTold } from './tell-spans.ts';

/** What a statement needs: a transaction's connection, or a pool where one statement is a transaction of its own. */
export type Tx = Pick<pg.PoolClient, 'query'>;
/** The pool of a service, whose connections see the tables of its schema by their bare names. */
export type Database = { readonly pool: pg.Pool; readonly schema: string; close(): Promise<void> };

/** The environment of every service that uses the database. */
export const databaseEnv = {
  /** postgres://user:password@host:port/database, also with `?sslmode=`. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'is not a postgres:// URL' }),
  /** The schema that holds all tables; made at the first migration. */
  DATABASE_SCHEMA: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'is not a lower-case SQL name')
    .default('keyturn'),
  DATABASE_CONNECTIONS_MAX: envWhole(10, 2, 200),
};
/** PostgreSQL ends a statement itself that takes longer. */
export const STATEMENT_TIMEOUT_MS = 30_000;
/** Several statements may be under way at once. What a server that vanished without a word was asked would be waited for as long as TCP tries, a quarter
 *  of an hour. */
const ANSWER_MAX_MS = 2 * STATEMENT_TIMEOUT_MS;
/** A process that stands still in a transaction must not hold its rows against whoever took over. */
const IDLE_IN_TRANSACTION_MS = 5_000;
type DatabaseConfig = { DATABASE_URL: string; DATABASE_SCHEMA: string; DATABASE_CONNECTIONS_MAX: number };

/** A pool whose connections see the schema's tables by their bare names. Nothing connects before the first statement, which throws `config.invalid`
 *  where a pooler in transaction mode answers. An idle connection that breaks is dropped; the next statement tells. `more`: settings of its sessions.
 *  `answerMaxMs`: a connection that leaves a statement without an answer for so long is given up, also where nobody is there to say that it broke. */
export function openDatabase(config: DatabaseConfig, name: string, more: SessionSettings = {}, answerMaxMs = ANSWER_MAX_MS): Database {
  const settings = {
    ...more,
    ...{ search_path: config.DATABASE_SCHEMA, timezone: 'UTC' },
    ...{ statement_timeout: STATEMENT_TIMEOUT_MS, idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS },
  };
  const pool = new pg.Pool({
    connectionString: config.DATABASE_URL,
    max: config.DATABASE_CONNECTIONS_MAX,
    application_name: `keyturn-${name}`,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    pipeline: true, // see `atOnce`
    query_timeout: answerMaxMs, // where statements go on in one piece it ends the connection
    onConnect: (client) => {
      client.on('error', () => {}); // one that breaks while it is lent, also between two statements, fails what comes next, not the process
      return beginSession(client, config.DATABASE_URL, settings);
    },
  });
  pool.on('error', () => {});
  const hide = showPool(pool, name);
  const close = async () => {
    hide();
    await pool.end();
  };
  return { pool, schema: config.DATABASE_SCHEMA, close };
}

const connections = metrics.gauge(
  'keyturn_database_connections',
  'Connections of the pool: active, idle; and waiting: callers that wait for one, since all are active.',
  ['service', 'state'],
);
function showPool(pool: pg.Pool, service: string): () => void {
  return metrics.beforeScrape(() => {
    connections.set({ service, state: 'active' }, pool.totalCount - pool.idleCount);
    connections.set({ service, state: 'idle' }, pool.idleCount);
    connections.set({ service, state: 'waiting' }, pool.waitingCount);
  });
}

type Waiting = { readonly connectionParameters: { query_timeout?: number | undefined } };
/** Runs `work`, whose answers are waited for however long they take: for what has put off its `statement_timeout`. */
export async function unhurried<Result>(tx: Tx, work: () => Promise<Result>): Promise<Result> {
  const { connectionParameters } = tx as Tx & Waiting;
  const { query_timeout: before } = connectionParameters;
  connectionParameters.query_timeout = undefined;
  try {
    return await work();
  } finally {
    connectionParameters.query_timeout = before;
  }
}

/** The schema that the environment names, for what is no service. Throws `config.invalid` naming every fault. */
export const openSchema = (env: NodeJS.ProcessEnv): Database => openDatabase(parseEnv(z.object(databaseEnv), env), 'migrate');

type Answers<Asked extends readonly (() => unknown)[]> = { -readonly [Key in keyof Asked]: Awaited<ReturnType<Asked[Key]>> };

/** Asks all of these of one connection without waiting in between: what each asks before it first waits goes out in one piece, and the server takes it in
 *  this order. A batch asks a dozen things, and waiting for each answer was most of the time that it took. Throws what failed first in that order, but what
 *  failed only since another had before what did that, and only once nothing is under way any more: the connection may then be given to others. */
export async function atOnce<const Asked extends readonly (() => unknown)[]>(tx: Tx, ...asked: Asked): Promise<Answers<Asked>> {
  const asking = inOnePiece(tx, () => asked.map(async (ask) => ask()));
  const settled = await Promise.allSettled(asking);
  const failed = settled.filter((one) => one.status === 'rejected');
  const [first = failed[0]] = failed.filter(({ reason }) => reason?.code !== TRANSACTION_FAILED);
  if (first !== undefined) throw first.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as Answers<Asked>;
}
/** What `ask` asks of a connection before it first waits goes out in one piece. */
export function inOnePiece<Asking>(tx: Tx, ask: () => Asking): Asking {
  const { stream } = (tx as Partial<WithStream>).connection ?? {};
  stream?.cork();
  try {
    return ask();
  } finally {
    stream?.uncork();
  }
}

/** What PostgreSQL says to whatever it is asked in a transaction of which something has failed: who asks in two steps may be told so before the first of what failed. */
const TRANSACTION_FAILED = '25P02';
/** A connection as the driver has it; a pool has none. */
type WithStream = { readonly connection: { readonly stream: Pick<Writable, 'cork' | 'uncork'> } };

/** Runs `work` in one transaction: committed if it returns, rolled back if it throws. Database failures come as `AppError` (see `storeError`).
 *  `onCommit` is called right after the commit. */
export const transact = <Result>(pool: pg.Pool, work: (tx: Tx) => Promise<Result>, onCommit = () => {}): Promise<Result> =>
  trace.step('transaction', () => inTransaction(pool, work, onCommit));

async function inTransaction<Result>(pool: pg.Pool, work: (tx: Tx) => Promise<Result>, onCommit: () => void): Promise<Result> {
  const client = await pool.connect().catch((error: unknown) => {
    throw storeError(error);
  });
  let broken: Error | undefined;
  try {
    const [, result] = await atOnce(
      client,
      () => client.query('begin'), // goes out with what is asked first
      () => work(client),
    );
    await client.query('commit');
    onCommit();
    endTold(client, true);
    return result;
  } catch (error) {
    endTold(client, false);
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw storeError(error);
  } finally {
    client.release(broken);
  }
}

/** Names a failure of the database by what can be done: `store.conflict` (deadlock, serialization: at once again), `store.data` (SQLSTATE 22, 23
 *  and 54: this input never succeeds), else `store.unavailable` (back off). What is already named, or is no database error, passes unchanged. */
export function storeError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const state = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (state === '40001' || state === '40P01') return new AppError('store.conflict', 'another transaction was in the way', { cause: error });
  if (/^(22|23|54)...$/.test(state)) return new AppError('store.data', `the database refuses a value: ${error.message}`, { cause: error });
  if (state !== '' || /connect|terminat|timeout/i.test(error.message))
    return new AppError('store.unavailable', `the database did not answer: ${error.message}`, { cause: error });
  return error;
}
