import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { embeddedError } from './embedded-error.ts';

const ACCOUNT = 'postgres';
const SETPRIV = 'setpriv';

/** Who PostgreSQL runs as: nobody in particular, unless we are root, which it refuses to be. */
export type Account = { uid: number; gid: number } | undefined;

/** A command as PostgreSQL's account would run it. */
export type AsAccount = { command: string; args: string[]; uid?: number | undefined; gid?: number | undefined };

/** The account for PostgreSQL: the system's `postgres`, made when root has none; undefined when we are not root. */
export function postgresAccount(say: (line: string) => void): Account {
  if (process.getuid?.() !== 0) return undefined;
  const found = lookUp();
  if (found) return found;
  say(`PostgreSQL does not run as root: adding the system account "${ACCOUNT}" for it`);
  for (const [program, args] of ADDERS) {
    spawnSync(program, args);
    const made = lookUp();
    if (made) return made;
  }
  throw embeddedError(
    `PostgreSQL does not run as root and the account "${ACCOUNT}" could not be added. Start as another user, or set DATABASE_URL.`,
  );
}

const ADDERS: [program: string, args: string[]][] = [
  ['useradd', ['--system', '--user-group', '--no-create-home', ACCOUNT]],
  ['adduser', ['-S', '-D', '-H', ACCOUNT]], // BusyBox
];

function lookUp(): Account {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, ACCOUNT], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

/**
 * The command run as the account. Where the account may not pass a folder on the way (root's home, mostly), it keeps root's right to pass
 * folders and nothing else of root.
 */
export function asAccount(account: Account, command: string, args: string[], paths: string[]): AsAccount {
  if (!account) return { command, args };
  const { uid, gid } = account;
  if (paths.every((target) => canPass(target, account))) return { command, args, uid, gid };
  requireSetpriv(account, paths);
  const caps = '-all,+dac_override';
  const setpriv = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', `--inh-caps=${caps}`, `--ambient-caps=${caps}`, '--'];
  return { command: SETPRIV, args: [...setpriv, command, ...args] };
}

function requireSetpriv(account: { uid: number; gid: number }, paths: string[]): void {
  if (spawnSync(SETPRIV, ['--version']).status === 0) return;
  throw embeddedError(
    `PostgreSQL runs as the account "${ACCOUNT}" (${account.uid}), which may not pass the folders above ${paths.join(', ')}. Install setpriv (util-linux), start as another user, or set KEYTURN_EMBEDDED_DIR.`,
  );
}

/** True when every folder above the target lets the account through; nobody in particular passes everywhere. */
export function canPass(target: string, account: Account): boolean {
  if (!account) return true;
  for (let folder = path.dirname(path.resolve(target)); ; folder = path.dirname(folder)) {
    if (existsSync(folder) && !lets(statSync(folder), account)) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

const lets = ({ mode, uid, gid }: { mode: number; uid: number; gid: number }, account: { uid: number; gid: number }): boolean => {
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
};
