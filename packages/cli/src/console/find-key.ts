import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);
const KEY_NAME = 'KEYTURN_ADMIN_API_KEY';

/** The API key to send to a console: from KEYTURN_API_KEY or the file that KEYTURN_API_KEY_FILE names, else, of an instance on this machine, the
 *  admin key that it stored. Never from the command line, where everybody on the machine could read it. */
export function findKey(url: URL, { env, cwd }: Pick<Io, 'env' | 'cwd'>): string {
  const { KEYTURN_API_KEY: key, KEYTURN_API_KEY_FILE: file } = env;
  if (key && file) throw failure(exitCodes.usage, 'KEYTURN_API_KEY is set, and so is KEYTURN_API_KEY_FILE: keep one of the two.');
  if (key) return usable(key.trim(), 'KEYTURN_API_KEY');
  if (file) return usable(read(file, 'KEYTURN_API_KEY_FILE').trim(), `KEYTURN_API_KEY_FILE: ${file}`);
  const stored = LOCAL.has(url.hostname) ? storedKey(env.KEYTURN_EMBEDDED_DIR, cwd) : undefined;
  if (stored !== undefined) return stored;
  throw failure(
    exitCodes.notAllowed,
    `There is no API key for ${url.origin}: set KEYTURN_API_KEY, or KEYTURN_API_KEY_FILE to a file that holds it. An admin makes one with \`keyturn keys create\`.`,
  );
}

/** A key as a header can carry it: what else there is, such as a file of several lines, is none, and would be quoted by whoever refuses it. */
function usable(key: string, where: string): string {
  if (/^[\x21-\x7e\x80-\xff]+$/.test(key)) return key;
  throw failure(
    exitCodes.usage,
    `${where} holds no API key: that is one word, as \`keyturn keys create\` showed it, and nothing beside it.`,
  );
}

/** What an instance that keeps its data in a checkout left there, looked for from here upwards. */
function storedKey(dir: string | undefined, cwd: string): string | undefined {
  const places = dir ? [path.resolve(cwd, dir)] : upwards(cwd).map((one) => path.join(one, '.keyturn'));
  const file = places.map((place) => path.join(place, 'secrets.json')).find((one) => existsSync(one));
  if (file === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(read(file, KEY_NAME))[KEY_NAME];
    return typeof key === 'string' ? usable(key, file) : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw failure(exitCodes.notAllowed, `${file} is no JSON: set KEYTURN_API_KEY instead.`); // its own message quotes the file
  }
}

function upwards(from: string): string[] {
  const parent = path.dirname(from);
  return parent === from ? [from] : [from, ...upwards(parent)];
}

function read(file: string, variable: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw failure(exitCodes.notAllowed, `${variable}: ${file} can't be read (${why}). Name a file that you may read.`);
  }
}
