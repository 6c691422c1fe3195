import { AppError } from '@keyturn/contracts';
import { envWhole } from '@keyturn/runtime';
import type { SessionLife } from '@keyturn/store';
import { z } from 'zod';
import { isSafe } from './is-safe.ts';
import { type OidcSettings, oidcEnv, oidcSettings } from './oidc-settings.ts';

/** What the console is told about who may sign in. */
export const accessEnv = {
  /** Members may have passwords. Unset: where there is no OIDC, and the console is reached by HTTPS or on this machine. */
  CONSOLE_LOCAL_ACCOUNTS: z.enum(['true', 'false'], { error: "must be 'true' or 'false'" }).optional(),
  /** How many proxies of ours stand before the console, each of which adds to `X-Forwarded-For`. */
  CONSOLE_PROXIES: envWhole(0, 0, 10),
  SESSION_IDLE_MINUTES: envWhole(480, 5, 43_200),
  SESSION_HOURS_MAX: envWhole(24, 1, 720),
  AUDIT_KEPT_DAYS: envWhole(730, 30, 3_650),
  ...oidcEnv,
} as const;
type Config = z.infer<z.ZodObject<typeof accessEnv>> & { readonly CONSOLE_PUBLIC_URL?: string | undefined };

/** Who may sign in, and how. */
export type AccessSettings = {
  readonly local: boolean;
  readonly oidc: OidcSettings | null;
  /** Where people have the page, as far as that was said: its origin. Null: wherever they reach it. */
  readonly origin: string | null;
  readonly life: SessionLife;
  readonly proxies: number;
  readonly auditKeptDays: number;
};

/** The settings of a configuration. Throws `config.invalid` where a login could be overheard or made up. */
export function accessSettings(config: Config): AccessSettings {
  const { CONSOLE_PUBLIC_URL: url, CONSOLE_LOCAL_ACCOUNTS: local } = config;
  const isOverheard = url !== undefined && !isSafe(url);
  if (isOverheard && local === 'true')
    throw new AppError(
      'config.invalid',
      "The environment can't be used. CONSOLE_LOCAL_ACCOUNTS is true, and CONSOLE_PUBLIC_URL is http: passwords and sessions could be read on their way. Let TLS end before the console, and write https.",
    );
  const oidc = oidcSettings(config, isOverheard);
  return {
    local: local === undefined ? oidc === null && !isOverheard : local === 'true',
    oidc,
    origin: url === undefined ? null : new URL(url).origin,
    life: { idleMinutes: config.SESSION_IDLE_MINUTES, hoursMax: config.SESSION_HOURS_MAX },
    proxies: config.CONSOLE_PROXIES,
    auditKeptDays: config.AUDIT_KEPT_DAYS,
  };
}
