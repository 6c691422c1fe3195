import { once } from 'node:events';
import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './postgres.ts';
import { otherProcess, removeTestDirs, testDir } from './testing.ts';

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  const dir = testDir();
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  let postgres: EmbeddedPostgres | undefined;
  afterAll(async () => {
    await postgres?.stop();
    removeTestDirs();
  });

  it('starts over in a half-made directory, and keeps what was committed when its owner is killed', async () => {
    mkdirSync(path.join(dir, 'postgres', 'data'), { recursive: true });
    writeFileSync(path.join(dir, 'postgres', 'data', 'PG_VERSION'), '18\n');
    const owner = await otherProcess<{ url: string }>(
      `tell(await embedded.startEmbeddedPostgres({ dir: ${JSON.stringify(dir)}, say: () => undefined }));`,
    );
    await query(owner.told.url, 'create table kept as select 1 as row');
    await owner.kill9();
    postgres = await startEmbeddedPostgres({ dir, say });
    expect(await query(postgres.url, 'select * from kept')).toEqual([{ row: 1 }]);
  });

  it('writes to the disk, keeps text as UTF-8, and takes settings', async () => {
    const url = postgres?.url ?? '';
    const shown = await query(url, "select current_setting('fsync') as fsync, current_setting('server_encoding') as encoding");
    expect(shown).toEqual([{ fsync: 'on', encoding: 'UTF8' }]);
  });

  it('takes nobody without its password, which only this user can read', async () => {
    const wrong = new URL(postgres?.url ?? '');
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect(statSync(path.join(dir, 'postgres', 'password')).mode & 0o777).toBe(0o600);
  });

  it('is not started a second time in its directory, even when its pid file is lost', async () => {
    const running = `(process ${postgres?.pid}`;
    await expect(startEmbeddedPostgres({ dir, say })).rejects.toThrow(`The embedded PostgreSQL of this directory already runs ${running}`);
    const pidFile = path.join(dir, 'postgres.pid');
    renameSync(pidFile, `${pidFile}.lost`);
    await expect(startEmbeddedPostgres({ dir, say })).rejects.toThrow(`already runs on ${path.join(dir, 'postgres', 'data')} ${running}`);
    renameSync(`${pidFile}.lost`, pidFile);
  });

  it('tells when it was killed, and starts again with all it had, on the port it is given', async () => {
    const port = Number(new URL(postgres?.url ?? '').port);
    process.kill(postgres?.pid ?? 0, 'SIGKILL');
    expect(await postgres?.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const again = await startEmbeddedPostgres({ dir, port, say, settings: { work_mem: '9MB' } });
    expect(again.url).toBe(postgres?.url);
    postgres = again;
    expect(await query(again.url, "select row, current_setting('work_mem') as mem from kept")).toEqual([{ row: 1, mem: '9MB' }]);
  });

  it('starts although the number in a left lock file has gone to another process', async () => {
    await postgres?.stop();
    writeFileSync(path.join(dir, 'postgres', 'data', 'postmaster.pid'), `${process.pid}\n/elsewhere\n1\n1\n\n127.0.0.1\n`);
    postgres = await startEmbeddedPostgres({ dir, say });
    expect(await query(postgres.url, 'select * from kept')).toEqual([{ row: 1 }]);
  });

  it('says why it died, in its own words, when it does not come up', async () => {
    await postgres?.stop();
    await expect(startEmbeddedPostgres({ dir, say, settings: { work_mem: 'much' } })).rejects.toThrow(
      /^The embedded PostgreSQL ended while starting: .*work_mem.* Its log is .*postgres\.log$/,
    );
  });

  it('names the port in use and what moves it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = (server.address() as { port: number }).port;
    await expect(startEmbeddedPostgres({ dir: testDir(), port, say })).rejects.toThrow(
      `Port ${port}, which the embedded PostgreSQL wants, is in use. Stop what uses it, or choose another with KEYTURN_POSTGRES_PORT.`,
    );
    server.close();
  });
});
