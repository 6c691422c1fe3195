import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Java } from './java.ts';
import { identifyProcess } from './process-identity.ts';
import type { Exit } from './server-process.ts';

/** How one run of the broker stands to the archive of its classes. */
export type ClassArchive = {
  flag: string;
  /** What this run does with the archive: start from it, or make it as it ends. */
  use: 'read' | 'make';
  /** Puts the archive that an ended run has made in its place. Never throws. */
  keep(exit: Exit): void;
};

/**
 * The archive of loaded classes that halves the broker's start, one per build of Java. Where there is none yet, the run makes one as
 * it ends cleanly. It is an extra: the caller starts again without it when a start fails.
 */
export function classArchive(cache: string, { version, build }: Java): ClassArchive {
  const name = `classes-${version.replace(/[^\w.+-]/g, '_')}-${createHash('sha256').update(build).digest('hex').slice(0, 8)}`;
  const archive = path.join(cache, `${name}.jsa`);
  if (existsSync(archive)) return { flag: `-XX:SharedArchiveFile=${archive}`, use: 'read', keep: () => undefined };
  dropAbandoned(cache);
  const dump = path.join(cache, `${name}.${process.pid}.dump`);
  const keep = (exit: Exit) => {
    try {
      const clean = exit.code === 143 || exit.code === 0; // 128 + SIGTERM: ended as asked, the archive is whole
      if (clean && existsSync(dump)) renameSync(dump, archive);
      else rmSync(dump, { force: true });
    } catch {
      // the cache may be read-only: the next start is as slow as this one
    }
  };
  return { flag: `-XX:ArchiveClassesAtExit=${dump}`, use: 'make', keep };
}

/** Forgets the archives, each of which holds for exactly the files it was made from. */
export function dropClassArchives(cache: string): void {
  for (const name of readdirSync(cache)) if (name.endsWith('.jsa')) rmSync(path.join(cache, name), { force: true });
}

/** What runs that were killed left of the archive they were making. */
function dropAbandoned(cache: string): void {
  for (const name of readdirSync(cache)) {
    const pid = /\.(\d+)\.dump$/.exec(name)?.[1];
    if (pid && !identifyProcess(Number(pid))) rmSync(path.join(cache, name), { force: true });
  }
}
