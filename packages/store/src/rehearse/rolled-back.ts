import type pg from 'pg';
import { storeError } from '../database.ts';

/** How long it waits for a row that others have. They wait for ours no longer than the work takes, and of two in each other's way this one gives up:
 *  PostgreSQL looks for that only after a second. */
const LOCK_TIMEOUT_MS = 250;

/** Runs `work` in one transaction that is rolled back whatever happens, and answers what it answered. The pool that it gets is that transaction:
 *  what is a transaction on it is a savepoint within. Transactions one after the other only; statements may be asked at once. Database failures come as `AppError` (see `storeError`). */
export async function rolledBack<Result>(pool: pg.Pool, work: (inside: pg.Pool) => Promise<Result>): Promise<Result> {
  const client = await pool.connect().catch((error: unknown) => {
    throw storeError(error);
  });
  let broken: Error | undefined;
  try {
    await client.query('begin');
    await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    return await work(poolWithin(client));
  } catch (error) {
    throw storeError(error);
  } finally {
    await client.query('rollback').catch((error: Error) => {
      broken = error;
    });
    client.release(broken);
  }
}

/** As much of a pool as a transaction needs. */
function poolWithin(client: pg.PoolClient): pg.Pool {
  let made = 0;
  const connect = async () => {
    const savepoint = `within_${++made}`;
    const instead: Record<string, string> = {
      begin: `savepoint ${savepoint}`,
      commit: `release savepoint ${savepoint}`,
      rollback: `rollback to savepoint ${savepoint}`,
    };
    const query = (statement: string | pg.QueryConfig, values?: unknown[]) =>
      client.query(typeof statement === 'string' ? (instead[statement] ?? statement) : statement, values);
    return { query, release() {} };
  };
  /** One statement is a transaction of its own: where it fails, what was before stays. */
  const alone = async (statement: string | pg.QueryConfig, values?: unknown[]) => {
    const one = await connect();
    await one.query('begin');
    try {
      const result = await one.query(statement, values);
      await one.query('commit');
      return result;
    } catch (error) {
      await one.query('rollback');
      throw error;
    }
  };
  let before: Promise<unknown> = Promise.resolve();
  /** Those that are asked at once go one after the other: savepoints lie within each other. */
  const query = (statement: string | pg.QueryConfig, values?: unknown[]) => {
    const mine = before.then(() => alone(statement, values));
    before = mine.catch(() => {});
    return mine;
  };
  return { connect, query } as unknown as pg.Pool;
}
