import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { prepareFolder } from './data-folder.ts';
import { embeddedError } from './embedded-error.ts';
import { lastWords } from './log-tail.ts';
import { type Account, asAccount } from './postgres-account.ts';

/** The owner of everything in the embedded database. */
export const POSTGRES_USER = 'keyturn';

type Making = {
  initdb: string;
  account: Account;
  sync: boolean;
  /** Whether it has a locale of its own, as since PostgreSQL 17: the same order of text on every machine. */
  builtinLocale: boolean;
  signal: AbortSignal | undefined;
};

/** Makes sure that the folder holds a cluster, and returns the password of its owner: made up once, readable by this user only. */
export async function preparePostgres(folder: string, { say, ...making }: Making & { say: (line: string) => void }): Promise<string> {
  const make = () => initialize(folder, making);
  await prepareFolder(folder, { what: 'PostgreSQL', proof: 'data/global/pg_control', say, make });
  return readFileSync(path.join(folder, 'password'), 'utf8');
}

async function initialize(folder: string, { initdb, account, sync, builtinLocale, signal }: Making): Promise<void> {
  const data = path.join(folder, 'data');
  const given = path.join(folder, 'password.initdb'); // initdb runs under another account and has to read it
  const password = randomBytes(24).toString('base64url');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(path.join(folder, 'password'), password, { mode: 0o600 });
  writeFileSync(given, password, { mode: 0o600 });
  if (account) for (const target of [data, given]) chownSync(target, account.uid, account.gid);
  const letters = builtinLocale ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--lc-ctype=C.UTF-8'];
  const locale = ['--encoding=UTF8', '--locale=C', ...letters];
  const flags = [`--username=${POSTGRES_USER}`, '--auth=scram-sha-256', `--pwfile=${given}`, ...locale, ...(sync ? [] : ['--no-sync'])];
  const { command, args, ...as } = asAccount(account, initdb, ['-D', data, ...flags], [data]);
  try {
    await promisify(execFile)(command, args, { ...as, cwd: folder, env: { ...process.env, LC_ALL: 'C' }, ...(signal ? { signal } : {}) });
  } catch (error) {
    signal?.throwIfAborted();
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw embeddedError(`PostgreSQL could not set up ${folder}: ${lastWords(stderr) || message}`, { cause: error });
  } finally {
    rmSync(given, { force: true });
  }
}
