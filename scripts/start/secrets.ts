import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '@keyturn/contracts';
import { unwritable } from '@keyturn/embedded';
import { parseEnv } from '@keyturn/runtime';
import { z } from 'zod';

const NAMES = [
  'WHATSAPP_APP_SECRET',
  'WHATSAPP_VERIFY_TOKEN',
  'KEYTURN_ADMIN_API_KEY',
  'KEYTURN_VERIFICATION_KEY',
  'KEYTURN_TOKEN_KEY',
] as const;
/** All of them, by the names of their variables. */
export type Secrets = Record<(typeof NAMES)[number], string>;

const text = z.string().optional();
const Given = z.object(Object.fromEntries(NAMES.map((name) => [name, text])) as Record<(typeof NAMES)[number], typeof text>);
const fileIn = (dir: string) => path.join(dir, 'secrets.json');

/** The secrets of an embedded instance: from the environment, else from `secrets.json` in its directory, else made up. Throws `config.invalid`
 *  where what is there can't be read. */
export function embeddedSecrets(dir: string, env: NodeJS.ProcessEnv): Secrets {
  const given = parseEnv(Given, env);
  const stored = storedIn(fileIn(dir));
  const entries = NAMES.map((name) => [name, given[name] ?? stored[name] ?? randomBytes(24).toString('base64url')] as const);
  return Object.fromEntries(entries) as Secrets;
}

/** Keeps them for the next start, readable by this user alone: all of them or, where that can't be, those of before. */
export function storeSecrets(dir: string, secrets: Secrets): void {
  const [file, content] = [fileIn(dir), `${JSON.stringify(secrets, null, 2)}\n`];
  if (existsSync(file) && readFileSync(file, 'utf8') === content) return;
  try {
    writeFileSync(`${file}.new`, content, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw unwritable(error, dir, 'KEYTURN_EMBEDDED_DIR');
  }
}

/** The environment with these secrets in it, and no second word on them: what a file said has been read. */
export function withSecrets(env: NodeJS.ProcessEnv, secrets: Secrets): NodeJS.ProcessEnv {
  const files = new Set<string>(NAMES.map((name) => `${name}_FILE`));
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !files.has(name))), ...secrets };
}

function storedIn(file: string): z.infer<typeof Given> {
  if (!existsSync(file)) return {};
  try {
    return Given.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'it is no JSON of secrets'; // never what stands in it
    throw new AppError(
      'config.invalid',
      `${file} can't be read (${why}): put it back from a backup. Without it new secrets are made up, and what the old ones encrypted can't be opened any more.`,
    );
  }
}
