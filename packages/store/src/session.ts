import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@keyturn/contracts';
import pg from 'pg';

/** Settings by name, as `set` takes them. */
export type SessionSettings = Readonly<Record<string, string | number>>;

const PROBES = 3;
const ANSWER_TIMEOUT_MS = 5_000;

/** Gives the session its settings, after the connection is made: a pooler refuses or loses what is sent along with it. Throws `config.invalid` where
 *  what answers is a pooler that gives every transaction another connection, and so has no session to speak of; `store.unavailable` where that can't
 *  be found out. */
export async function beginSession(client: pg.ClientBase, databaseUrl: string, settings: SessionSettings): Promise<void> {
  const names = Object.keys(settings);
  const set = names.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, false)`).join(', ');
  const { rows } = await client.query<{ pid: number }>({
    text: `select pg_backend_pid() as pid, ${set}`,
    values: names.flatMap((name) => [name, String(settings[name])]),
    query_timeout: ANSWER_TIMEOUT_MS,
  } as pg.QueryConfig);
  const pid = rows[0]?.pid;
  // PostgreSQL itself names its process when it lets one in. A pooler makes that name up.
  if (pid !== (client as pg.ClientBase & { processID: number }).processID) await refuseSharedConnection(client, pid, databaseUrl);
}

/** While a session is open its server process is `own`, and nobody else's; under a pooler in transaction mode the next transaction of anybody gets it.
 *  Ours is asked for twice in a row and a neighbour's in between: whether the pooler lends what came back last or what has waited longest, one shows. */
async function refuseSharedConnection(client: pg.ClientBase, own: number | undefined, databaseUrl: string): Promise<void> {
  for (let probe = 1; probe <= PROBES; probe++) {
    if ((await pidOf(client)) !== own || (await pidOfNeighbour(databaseUrl)) === own || (await pidOf(client)) !== own)
      throw sharesConnections();
    await pause(10);
  }
}

const pidOf = async (client: pg.ClientBase): Promise<number | undefined> =>
  (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;

async function pidOfNeighbour(databaseUrl: string): Promise<number | undefined> {
  const neighbour = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'keyturn-pooler-probe',
    connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
  });
  neighbour.on('error', () => {});
  try {
    await neighbour.connect();
    return await pidOf(neighbour);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('store.unavailable', `a pooler answers for PostgreSQL, and its mode could not be found out: ${why}`, {
      cause: error,
    });
  } finally {
    await neighbour.end().catch(() => {});
  }
}

const sharesConnections = () =>
  new AppError(
    'config.invalid',
    'DATABASE_URL leads to a connection pooler in transaction mode (or statement mode). keyturn keeps locks, settings and prepared statements for as long as a connection ' +
      'lives, and there each transaction gets another one: two relays could send the same rows. Name PostgreSQL itself, or a pool in session mode.',
  );
