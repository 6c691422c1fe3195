import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { embeddedError, unwritable } from './embedded-error.ts';
import { identifyProcess, isAlive, type ProcessIdentity } from './process-identity.ts';

/**
 * Makes the caller the only process that uses the embedded directory until `release`. A lock whose holder is gone, `kill -9`
 * included, is taken over. Throws one clear line while another process holds it.
 */
export function lockDirectory(dir: string): { release(): void } {
  const lock = path.join(dir, 'lock');
  const own = path.join(dir, `lock.${process.pid}`);
  try {
    mkdirSync(dir, { recursive: true });
    writeFileSync(own, JSON.stringify(identifyProcess(process.pid)));
  } catch (error) {
    throw unwritable(error, dir, 'KEYTURN_EMBEDDED_DIR');
  }
  try {
    take(lock, own, dir);
  } finally {
    rmSync(own, { force: true });
  }
  const release = () => {
    if (readHolder(lock)?.pid === process.pid) rmSync(lock, { force: true });
  };
  return { release };
}

function take(lock: string, own: string, dir: string): void {
  if (linked(own, lock)) return;
  const holder = readHolder(lock);
  if (holder && isAlive(holder)) throw heldBy(holder, dir);
  // Set the dead holder's lock aside under a name of our own; whoever was faster has put a living one there, which goes back.
  const aside = `${own}.stale`;
  moveAside(lock, aside);
  const moved = readHolder(aside);
  if (moved && isAlive(moved)) linked(aside, lock);
  rmSync(aside, { force: true });
  if (!linked(own, lock)) throw heldBy(readHolder(lock) ?? moved, dir);
}

function moveAside(lock: string, aside: string): void {
  try {
    renameSync(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** A hard link is made whole or not at all, and never over another. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(lock: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined; // gone, or cut short by a power cut: nobody holds it
  }
}

const heldBy = (holder: ProcessIdentity | undefined, dir: string) =>
  embeddedError(
    `${dir} is in use by another keyturn${holder ? ` (process ${holder.pid})` : ''}. Stop it first, or give this one a directory of its own with KEYTURN_EMBEDDED_DIR.`,
  );
