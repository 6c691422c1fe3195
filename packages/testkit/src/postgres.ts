import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { PARTS, partOf } from './parts.ts';

/** A database that no other test file sees, and its removal. */
export type TestDatabase = { url: string; drop(): Promise<void> };

/** Makes a fresh, empty database for one test file. `drop` ends whatever connections are left to it. */
export const testDatabase = (): Promise<TestDatabase> => makeDatabase('template1');
/** The same with schema `keyturn` in it as this release has it, months as of the start of the run. */
export const migratedDatabase = (): Promise<TestDatabase> => makeDatabase(partOf(PARTS.template));

async function makeDatabase(template: string): Promise<TestDatabase> {
  const server = partOf(PARTS.databaseUrl);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(server, `create database ${name} template ${template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(server, `drop database if exists ${name} with (force)`) };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
