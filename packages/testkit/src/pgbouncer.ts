import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '@keyturn/embedded';
import type { Pooler } from './pooler.ts';

const PROGRAM = ['pgbouncer', '/usr/sbin/pgbouncer'].find((program) => spawnSync(program, ['--version']).status === 0);
/** Whether PgBouncer itself is installed here, to be tested beside our own pooler. */
export const hasPgBouncer = PROGRAM !== undefined;

/** PgBouncer before a PostgreSQL, as it comes, in a pool mode. */
export async function startPgBouncer(databaseUrl: string, mode: 'transaction' | 'session' | 'statement'): Promise<Pooler> {
  const url = new URL(databaseUrl);
  const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-pgbouncer-'));
  chmodSync(dir, 0o755);
  const target = `host=${url.hostname} port=${url.port} user=${url.username} password=${url.password}`;
  const port = await freePort();
  const settings = { listen_addr: '127.0.0.1', listen_port: port, auth_type: 'any', pool_mode: mode, unix_socket_dir: '' };
  const file = path.join(dir, 'pgbouncer.ini');
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  writeFileSync(file, `[databases]\n* = ${target}\n[pgbouncer]\n${lines.join('\n')}\n`, { mode: 0o644 });
  const server = spawn(PROGRAM as string, [file], { stdio: ['ignore', 'ignore', 'pipe'], ...account() });
  const ended = once(server, 'exit');
  for await (const line of createInterface({ input: server.stderr })) if (line.includes('process up')) break;
  server.stderr.resume();
  url.port = String(port);
  const stop = async () => {
    server.kill('SIGKILL');
    await ended;
    rmSync(dir, { recursive: true });
  };
  return { url: url.href, stop };
}

/** It does not run as root. */
function account(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres']));
  return { uid: idOf('-u'), gid: idOf('-g') };
}
