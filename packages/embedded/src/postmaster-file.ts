import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { embeddedError } from './embedded-error.ts';
import { commandOf } from './process-identity.ts';

const STATUS_LINE = 7;

/** True once this server takes connections. The file may also be an earlier server's. */
export function isPostmasterReady(data: string, pid: number): boolean {
  const lines = postmasterLines(data);
  return Number(lines[0]) === pid && lines[STATUS_LINE]?.trim() === 'ready';
}

/**
 * Removes the lock file of a server that was killed. PostgreSQL does so itself unless its number has meanwhile gone to some other
 * process, which after a reboot or in a container is usual. Throws one clear line when it is that very server.
 */
export function clearPostmasterFile(data: string): void {
  const pid = Number(postmasterLines(data)[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (commandOf(pid)?.includes(data)) {
    throw embeddedError(`PostgreSQL already runs on ${data} (process ${pid}). Stop that keyturn first, or end it with: kill -INT ${pid}`);
  }
  rmSync(path.join(data, 'postmaster.pid'), { force: true });
}

function postmasterLines(data: string): string[] {
  try {
    return readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}
