import { envPort, kafkaEnv, migrateEnv, parseEnv, refuseSharedSecrets, secretsEnv } from '@keyturn/runtime';
import { z } from 'zod';

/** The environment of this service. */
export const Env = z.object({
  ...kafkaEnv,
  ...migrateEnv,
  WHATSAPP_APP_SECRET: secretsEnv.WHATSAPP_APP_SECRET,
  WHATSAPP_VERIFY_TOKEN: secretsEnv.WHATSAPP_VERIFY_TOKEN,
  INGRESS_PORT: envPort.default(8080),
});
/** What the ingress is told from outside. */
export type Config = z.infer<typeof Env>;

/** Answers a complete configuration, or throws `config.invalid` naming every fault. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const config = parseEnv(Env, env);
  refuseSharedSecrets({ ...env, ...config });
  return config;
}
