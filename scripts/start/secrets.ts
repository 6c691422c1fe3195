import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv, refuseSharedSecrets, secretsEnv } from '@keyturn/runtime';
import { z } from 'zod';

const NAMES = [
  'WHATSAPP_APP_SECRET',
  'WHATSAPP_VERIFY_TOKEN',
  'KEYTURN_ADMIN_API_KEY',
  'KEYTURN_VERIFICATION_KEY',
  'KEYTURN_TOKEN_KEY',
] as const;
export type Secrets = Record<(typeof NAMES)[number], string>;

/** The secrets of an embedded instance: from the environment, else from `secrets.json` in its directory, else made up and stored there for the next
 *  start, readable by this user alone. */
export function embeddedSecrets(dir: string, env: NodeJS.ProcessEnv): Secrets {
  const file = path.join(dir, 'secrets.json');
  const stored: Partial<Secrets> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const entries = NAMES.map((name) => [name, fromEnvironment(env, name) ?? stored[name] ?? randomBytes(24).toString('base64url')] as const);
  const secrets = Object.fromEntries(entries) as Secrets;
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

/** The environment with these secrets in it, and no second word on them: what a file said has been read. */
export function withSecrets(env: NodeJS.ProcessEnv, secrets: Secrets): NodeJS.ProcessEnv {
  const files = new Set<string>(NAMES.map((name) => `${name}_FILE`));
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !files.has(name))), ...secrets };
}

function fromEnvironment(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const file = env[`${name}_FILE`];
  return env[name] || (file ? readFileSync(file, 'utf8').trim() : undefined);
}

/** Throws `config.invalid` naming every secret that is missing, weak or used twice: with Kafka or a database of somebody else's, none is made up. */
export function requireSecrets(env: NodeJS.ProcessEnv): void {
  refuseSharedSecrets(parseEnv(z.object(secretsEnv), env));
}
