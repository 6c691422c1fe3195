import { envPort, migrateEnv, parseEnv, refuseSharedSecrets, secretsEnv } from '@keyturn/runtime';
import { databaseEnv } from '@keyturn/store';
import { z } from 'zod';
import { verificationEnv } from './verification/settings.ts';

/** The environment of this service. */
export const Env = z.object({
  ...databaseEnv,
  ...migrateEnv,
  CONSOLE_PORT: envPort.default(8081),
  KEYTURN_ADMIN_API_KEY: secretsEnv.KEYTURN_ADMIN_API_KEY,
  ...verificationEnv,
});
/** What the console is told from outside. */
export type Config = z.infer<typeof Env>;

/** Answers a complete configuration, or throws `config.invalid` naming every fault. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const config = parseEnv(Env, env);
  refuseSharedSecrets({ ...env, ...config });
  return config;
}
