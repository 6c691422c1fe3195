import { envPort, migrateEnv, parseEnv } from '@keyturn/runtime';
import { databaseEnv } from '@keyturn/store';
import { z } from 'zod';

const ADMIN_KEY_CHARACTERS_MIN = 24;

/** The environment of this service. */
export const Env = z.object({
  ...databaseEnv,
  ...migrateEnv,
  CONSOLE_PORT: envPort.default(8081),
  /** May do everything: it makes the first keys, after which nobody needs it. Its actor is `key:bootstrap`. */
  KEYTURN_ADMIN_API_KEY: z
    .string()
    .regex(/^\S+$/, 'must not hold white space: it is sent in a header')
    .min(
      ADMIN_KEY_CHARACTERS_MIN,
      `must have ${ADMIN_KEY_CHARACTERS_MIN} characters or more, for whoever guesses it releases anybody: take the output of \`openssl rand -hex 32\``,
    ),
});
/** What the console is told from outside. */
export type Config = z.infer<typeof Env>;

/** Answers a complete configuration, or throws `config.invalid` naming every fault. */
export const loadConfig = (env: NodeJS.ProcessEnv): Config => parseEnv(Env, env);
