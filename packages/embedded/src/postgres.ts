import path from 'node:path';
import { Client, type ClientConfig } from 'pg';
import { markReady } from './data-folder.ts';
import { stopOrphan } from './orphan.ts';
import { choosePort } from './ports.ts';
import { asAccount, postgresAccount } from './postgres-account.ts';
import { findPostgres, type PostgresBinaries, runnableBy } from './postgres-binaries.ts';
import { POSTGRES_USER, preparePostgres } from './postgres-folder.ts';
import { type PostgresSettings, settingFlags } from './postgres-settings.ts';
import { clearPostmasterFile, isPostmasterReady } from './postmaster-file.ts';
import { type Exit, launchServer, type ServerProcess } from './server-process.ts';
import { orStop, startServer } from './start-server.ts';

/** The variable that moves the database's port. */
export const POSTGRES_PORT_VARIABLE = 'KEYTURN_POSTGRES_PORT';

const DATABASE = 'keyturn';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const RELEASE_TRIES_MAX = 50;

/** A database server that answers, and ends with this process at the latest. */
export type EmbeddedPostgres = {
  /** Of the database `keyturn`, with the password. */
  url: string;
  pid: number;
  /** Resolves when the server has ended, asked to or not. */
  exited: Promise<Exit>;
  stop(): Promise<void>;
};

/** Where the embedded database lives, and what it is told. */
export type PostgresOptions = {
  /** The embedded directory; the server keeps `postgres/` and `postgres.log` in it. */
  dir: string;
  /** A free one when absent. */
  port?: number | undefined;
  say: (line: string) => void;
  signal?: AbortSignal | undefined;
  /** Another PostgreSQL's programs instead of those that came along: for tests. */
  programs?: PostgresBinaries | undefined;
  /** Server settings that outweigh ours, such as `{ fsync: 'off' }` for tests. */
  settings?: PostgresSettings | undefined;
};

/**
 * Resolves with a running PostgreSQL on 127.0.0.1 and its database `keyturn`, empty at first, kept afterwards. Ends a server that an
 * earlier run left behind, and makes a half-made data directory anew. Throws one clear line (isEmbeddedError) when it can't.
 */
export async function startEmbeddedPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { dir, say, signal, settings = {} } = options;
  const folder = path.resolve(dir, 'postgres');
  const data = path.join(folder, 'data');
  const logFile = path.resolve(dir, 'postgres.log');
  const pidFile = path.resolve(dir, 'postgres.pid');
  await stopOrphan(pidFile, { what: 'PostgreSQL', stopSignal: 'SIGINT', say });
  clearPostmasterFile(data);
  const port = await choosePort(options.port, { what: 'PostgreSQL', variable: POSTGRES_PORT_VARIABLE });
  const account = postgresAccount(say);
  const { initdb, postgres } = runnableBy(account, options.programs ?? findPostgres());
  const password = await preparePostgres(folder, {
    ...{ initdb, account, sync: settings.fsync !== 'off', builtinLocale: options.programs === undefined },
    ...{ say, signal },
  });
  const { command, args, ...as } = asAccount(account, postgres, ['-D', data, ...settingFlags(port, settings)], [data]);
  const launch = () =>
    launchServer({ command, args, ...as, cwd: folder, env: { ...process.env, LC_ALL: 'C' }, logFile, pidFile, stopSignal: 'SIGINT' });
  const isReady = ({ pid }: ServerProcess) => isPostmasterReady(data, pid);
  /** A server that was killed leaves workers that hold its shared memory for a moment. */
  const again = (_exit: Exit, log: string, attempt: number) => log.includes('is still in use') && attempt < RELEASE_TRIES_MAX;
  const server = await startServer({ what: 'PostgreSQL', launch, isReady, again, timeoutMs: START_TIMEOUT_MS, logFile, signal });
  await orStop(server, createDatabase({ host: '127.0.0.1', port, user: POSTGRES_USER, password }));
  markReady(folder);
  const url = `postgres://${POSTGRES_USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
  const stop = async () => {
    await server.stop(STOP_TIMEOUT_MS);
  };
  return { url, pid: server.pid, exited: server.exited, stop };
}

async function createDatabase(access: ClientConfig): Promise<void> {
  const client = new Client({ ...access, database: 'postgres' });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
