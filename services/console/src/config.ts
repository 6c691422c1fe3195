import { AppError } from '@keyturn/contracts';
import { envFlag, envPort, graphEnv, migrateEnv, parseEnv, refuseSharedSecrets, secretsEnv } from '@keyturn/runtime';
import { databaseEnv } from '@keyturn/store';
import { z } from 'zod';
import { accessEnv, accessSettings } from './access/settings.ts';
import { alertsEnv } from './alerts/settings.ts';
import { verificationEnv } from './verification/settings.ts';

/** The environment of this service. */
export const Env = z.object({
  ...databaseEnv,
  ...migrateEnv,
  CONSOLE_PORT: envPort.default(8081),
  KEYTURN_ADMIN_API_KEY: secretsEnv.KEYTURN_ADMIN_API_KEY,
  ...verificationEnv,
  KEYTURN_TOKEN_KEY: secretsEnv.KEYTURN_TOKEN_KEY,
  ...accessEnv,
  ...alertsEnv,
  ...graphEnv,
  /** Carries blocks by choice over to the platform's own list of blocked users. */
  BUSINESS_BLOCK_MIRROR: envFlag('false'),
  /** Proves to the Graph API that we are the app. */
  WHATSAPP_APP_SECRET: secretsEnv.WHATSAPP_APP_SECRET.optional(),
});
/** What the console is told from outside. */
export type Config = z.infer<typeof Env>;

/** Answers a complete configuration, or throws `config.invalid` naming every fault. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const config = parseEnv(Env, env);
  refuseSharedSecrets({ ...env, ...config });
  if (config.BUSINESS_BLOCK_MIRROR && config.WHATSAPP_ACCESS_TOKEN === undefined)
    throw new AppError(
      'config.invalid',
      "The environment can't be used. BUSINESS_BLOCK_MIRROR is true and needs WHATSAPP_ACCESS_TOKEN: set it, or WHATSAPP_ACCESS_TOKEN_FILE to the path of a file that holds it.",
    );
  if ((config.SMTP_URL === undefined) !== (config.MAIL_FROM === undefined))
    throw new AppError(
      'config.invalid',
      `The environment can't be used. ${config.SMTP_URL === undefined ? 'MAIL_FROM is set and needs SMTP_URL' : 'SMTP_URL is set and needs MAIL_FROM'}: set both, or neither.`,
    );
  accessSettings(config); // refuses a login that could be overheard or made up
  return config;
}
