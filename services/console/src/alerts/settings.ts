import { envWhole } from '@keyturn/runtime';
import { type Sealer, sealerOf } from '@keyturn/store';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { origins } from '../verification/settings.ts';
import { requiresTls } from './smtp-tls.ts';

/** For how long alerts that are over, and what was told of them, are kept. */
export const ALERTS_KEPT_DAYS = 90;
/** What the console is told about alerts. */
export const alertsEnv = {
  /** Origins that a route may have although they are not HTTPS or not public, comma-separated. */
  ALERT_PRIVATE_ORIGINS: origins,
  /** For one attempt to deliver, all in all. */
  ALERT_TIMEOUT_MS: envWhole(10_000, 100, 60_000),
  /** Before the second attempt; each wait is twice the one before … */
  ALERT_RETRY_FIRST_MS: envWhole(5_000, 10, 3_600_000),
  /** … up to this. */
  ALERT_RETRY_MAX_MS: envWhole(600_000, 10, 86_400_000),
  /** How long until a rule is looked at again. */
  ALERT_LOOK_MS: envWhole(5_000, 10, 600_000),
  /** The mail server: `smtps://user:password@smtp.example.com:465`, or `smtp://…:587`, which begins TLS by STARTTLS. */
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'is not an smtp:// or smtps:// URL' }).optional(),
  /** Whether an `smtp:` server must take TLS: `required`, or `offered` for mail in the clear where it does not. Unset: it must, unless it is in a network of one's own. */
  SMTP_TLS: z.enum(['required', 'offered'], { error: "must be 'required' or 'offered'" }).optional(),
  /** Who mails are from: `keyturn <keyturn@example.com>`. */
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*[^\s<>]+@[^\s<>]+>?$/, 'is no sender such as keyturn <keyturn@example.com>')
    .optional(),
} as const;
type Env = z.infer<z.ZodObject<typeof alertsEnv>>;

/** How alerts are told. `keys`: the current one first, then those that still count; none: no secret can be kept. */
export type AlertSettings = {
  readonly keys: readonly string[];
  /** Null: there is no key. */
  readonly sealer: Sealer | null;
  readonly publicUrl: string;
  readonly privateOrigins: readonly string[];
  readonly timeoutMs: number;
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
  readonly lookMs: number;
  /** Null: no mail server is named. */
  readonly mail: { readonly url: string; readonly from: string; readonly requireTls: boolean } | null;
};

/** The settings of a configuration, but for where the console is reached. */
export const alertSettings = (config: Env & Pick<Config, 'KEYTURN_VERIFICATION_KEY'>): Omit<AlertSettings, 'publicUrl'> => ({
  keys: config.KEYTURN_VERIFICATION_KEY ?? [],
  sealer: sealerOf(config.KEYTURN_VERIFICATION_KEY),
  privateOrigins: config.ALERT_PRIVATE_ORIGINS,
  timeoutMs: config.ALERT_TIMEOUT_MS,
  retry: { firstMs: config.ALERT_RETRY_FIRST_MS, maxMs: config.ALERT_RETRY_MAX_MS },
  lookMs: config.ALERT_LOOK_MS,
  mail:
    config.SMTP_URL === undefined || config.MAIL_FROM === undefined
      ? null
      : { url: config.SMTP_URL, from: config.MAIL_FROM, requireTls: requiresTls(config.SMTP_URL, config.SMTP_TLS) },
});
