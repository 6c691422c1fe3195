import { envPort, kafkaEnv, migrateEnv, parseEnv } from '@keyturn/runtime';
import { z } from 'zod';

const SECRET_CHARACTERS_MIN = 16;
const TOKEN_CHARACTERS_MIN = 8;

/** The environment of this service. */
export const Env = z.object({
  ...kafkaEnv,
  ...migrateEnv,
  /** Signs X-Hub-Signature-256. Meta app dashboard > App settings > Basic. While it is changed: current, previous. */
  WHATSAPP_APP_SECRET: z
    .string()
    .transform((value) => value.split(',').map((secret) => secret.trim()))
    .refine(
      (secrets) => secrets.every((secret) => secret.length >= SECRET_CHARACTERS_MIN),
      `must be the app secret, while it is changed 'current,previous': each has ${SECRET_CHARACTERS_MIN} characters or more (Meta app dashboard > App settings > Basic)`,
    ),
  /** Ours to choose, and to enter in the Meta app dashboard > WhatsApp > Configuration. It signs nothing. */
  WHATSAPP_VERIFY_TOKEN: z
    .string()
    .min(
      TOKEN_CHARACTERS_MIN,
      `must have ${TOKEN_CHARACTERS_MIN} characters or more: choose any, and enter the same in the Meta app dashboard > WhatsApp > Configuration`,
    ),
  INGRESS_PORT: envPort.default(8080),
});
/** What the ingress is told from outside. */
export type Config = z.infer<typeof Env>;

/** Answers a complete configuration, or throws `config.invalid` naming every fault. */
export const loadConfig = (env: NodeJS.ProcessEnv): Config => parseEnv(Env, env);
