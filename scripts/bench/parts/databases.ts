import { type Database, migrate, openDatabase } from '@keyturn/store';
import pg from 'pg';
import type { Servers } from './servers.ts';

/** A database of its own on the server of the run. */
export type Made = { readonly name: string; readonly url: string };

const SCHEMA = 'keyturn';
const urlOf = ({ postgres }: Servers, name: string): string => {
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  return url.href;
};
async function execute(servers: Servers, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(servers, 'postgres') });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** Opens it as a service would, with this many connections. */
export const open = ({ url }: Made, connections = 10): Database =>
  openDatabase({ DATABASE_URL: url, DATABASE_SCHEMA: SCHEMA, DATABASE_CONNECTIONS_MAX: connections }, 'bench');

/** Makes one with the schema of this release, filled by `fill`. */
export async function makeDatabase(servers: Servers, name: string, fill: (database: Database) => Promise<void>): Promise<Made> {
  await execute(servers, `create database ${name}`);
  const made = { name, url: urlOf(servers, name) };
  const database = open(made);
  await migrate(database, new Date());
  await fill(database);
  await database.close();
  return made;
}

/** Makes one that is, row by row, as another one is. */
export async function cloneDatabase(servers: Servers, from: Made, name: string): Promise<Made> {
  await execute(servers, `drop database if exists ${name} with (force)`);
  await execute(servers, `create database ${name} template ${from.name} strategy file_copy`);
  return { name, url: urlOf(servers, name) };
}
export const dropDatabase = (servers: Servers, { name }: Made): Promise<void> =>
  execute(servers, `drop database if exists ${name} with (force)`);
