import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { lockDirectory } from './directory-lock.ts';
import { stopOrphan } from './orphan.ts';

/**
 * Removes all that keyturn keeps in the embedded directory, after ending what an earlier run left running, and the directory once it is
 * empty: a file of anybody else's stays, whatever directory was named. Refuses, in one line, while a keyturn uses it.
 */
export async function resetEmbedded(dir: string, say: (line: string) => void): Promise<void> {
  if (!existsSync(dir)) return;
  const lock = lockDirectory(dir);
  try {
    await stopOrphan(path.resolve(dir, 'kafka.pid'), { what: 'Kafka', stopSignal: 'SIGTERM', say });
    await stopOrphan(path.resolve(dir, 'postgres.pid'), { what: 'PostgreSQL', stopSignal: 'SIGINT', say });
    for (const name of readdirSync(dir).filter((entry) => OURS.test(entry))) rmSync(path.join(dir, name), { recursive: true });
  } finally {
    lock.release();
  }
  const left = readdirSync(dir);
  if (left.length === 0) rmdirSync(dir);
  else say(`${dir} stays, for what in it is not keyturn's: ${left.join(', ')}`);
}

/** What stands in an embedded directory, made-up secrets included, but the lock, which goes last. */
const OURS = /^((kafka|postgres)(\.pid|\.log(\.1)?)?|(secrets|run)\.json(\.new)?|keyturn\.log)$/;
