import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { findKey } from './find-key.ts';

const DEFAULT_URL = 'http://localhost:8081';
const Settings = z.strictObject({
  url: z.string().optional(),
  apiKey: z.string().min(1).optional(),
  apiKeyFile: z.string().min(1).optional(),
});
type Settings = z.infer<typeof Settings>;

/** Which console is meant, and by which key. */
export type Address = { readonly url: URL; readonly key: () => string };

/** The console that the option, else KEYTURN_URL, else the settings file names. The key of the settings file goes to the console of that file and to no other.
 *  The file is read where KEYTURN_CONFIG says, else ~/.config/keyturn/config.json if there is one. */
export function addressOf(options: { readonly url?: string }, io: Pick<Io, 'env' | 'cwd'>): Address {
  const settings = settingsIn(io);
  const named = options.url ?? (io.env.KEYTURN_URL || settings.url || DEFAULT_URL);
  const url = urlOf(named);
  const own = settings.url !== undefined && urlOf(settings.url).origin === url.origin ? settings : {};
  return { url, key: () => findKey(url, { ...io, env: { ...keyOf(own, io), ...io.env } }) };
}

/** What the environment says outranks what the file says. */
function keyOf({ apiKey, apiKeyFile }: Settings, { env }: Pick<Io, 'env'>): NodeJS.ProcessEnv {
  if (env.KEYTURN_API_KEY || env.KEYTURN_API_KEY_FILE) return {};
  return {
    ...(apiKey === undefined ? {} : { KEYTURN_API_KEY: apiKey }),
    ...(apiKeyFile === undefined ? {} : { KEYTURN_API_KEY_FILE: apiKeyFile }),
  };
}

function settingsIn({ env, cwd }: Pick<Io, 'env' | 'cwd'>): Settings {
  const file = env.KEYTURN_CONFIG
    ? path.resolve(cwd, env.KEYTURN_CONFIG)
    : path.join(env.HOME ?? homedir(), '.config', 'keyturn', 'config.json');
  const text = read(file, Boolean(env.KEYTURN_CONFIG));
  if (text === null) return {};
  const parsed = Settings.safeParse(json(text));
  if (!parsed.success) throw failure(exitCodes.usage, `${file} is no settings file: it is JSON with url, and apiKeyFile or apiKey.`);
  const { apiKey, apiKeyFile, ...rest } = parsed.data;
  if (apiKey !== undefined && apiKeyFile !== undefined)
    throw failure(exitCodes.usage, `${file} has apiKey, and apiKeyFile: keep one of the two.`);
  if (apiKey !== undefined && (statSync(file).mode & 0o077) !== 0)
    throw failure(exitCodes.notAllowed, `${file} holds a key, and others may read it: chmod 600 ${file}.`);
  return {
    ...rest,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(apiKeyFile === undefined ? {} : { apiKeyFile: path.resolve(path.dirname(file), apiKeyFile) }),
  };
}

function read(file: string, isNamed: boolean): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (!isNamed && (cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw failure(
      exitCodes.usage,
      `${file} can't be read (${(cause as NodeJS.ErrnoException).code ?? 'unreadable'}). Name a file that you may read.`,
    );
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw failure(exitCodes.usage, `${text} is no http(s) URL: give --url or KEYTURN_URL like ${DEFAULT_URL}.`);
}
