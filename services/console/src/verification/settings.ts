import { isIP } from 'node:net';
import { envWhole, isPublicAddress, secretsEnv } from '@keyturn/runtime';
import { z } from 'zod';

const originOf = (text: string): string | null =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? new URL(text).origin : null;
/** Origins, separated by commas. */
export const origins = z
  .string()
  .default('')
  .transform((value) => value.split(',').flatMap((one) => one.trim() || []))
  .refine(
    (all) => all.every((one) => originOf(one) === one.replace(/\/$/, '').toLowerCase()),
    'must be origins, such as http://verify.internal:8080, separated by commas',
  )
  .transform((all) => all.map((one) => originOf(one) as string));

/** What the console is told about asking the business. */
export const verificationEnv = {
  KEYTURN_VERIFICATION_KEY: secretsEnv.KEYTURN_VERIFICATION_KEY,
  /** Where the business reaches this console, for the callbacks; paths are added. */
  CONSOLE_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'is not an http:// or https:// URL' }).optional(),
  /** Origins that an endpoint may have although they are not HTTPS or not public: `http://verify.internal:8080`, comma-separated. */
  VERIFICATION_PRIVATE_ORIGINS: origins,
  /** For one attempt to deliver, all in all. */
  VERIFICATION_TIMEOUT_MS: envWhole(10_000, 100, 60_000),
  /** Before the second attempt; each wait is twice the one before … */
  VERIFICATION_RETRY_FIRST_MS: envWhole(5_000, 100, 3_600_000),
  /** … up to this. */
  VERIFICATION_RETRY_MAX_MS: envWhole(3_600_000, 100, 86_400_000),
} as const;
type Config = z.infer<z.ZodObject<typeof verificationEnv>>;

/** How the business is asked. `keys`: the current one first, then those that still count. */
export type VerificationSettings = {
  readonly keys: readonly [string, ...string[]];
  readonly publicUrl: string;
  readonly privateOrigins: readonly string[];
  readonly timeoutMs: number;
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
};

/** The settings of a configuration, but for where the console is reached; null: without a key nobody is asked. */
export function verificationSettings(config: Config): Omit<VerificationSettings, 'publicUrl'> | null {
  const [current, ...others] = config.KEYTURN_VERIFICATION_KEY ?? [];
  if (current === undefined) return null;
  return {
    keys: [current, ...others],
    privateOrigins: config.VERIFICATION_PRIVATE_ORIGINS,
    timeoutMs: config.VERIFICATION_TIMEOUT_MS,
    retry: { firstMs: config.VERIFICATION_RETRY_FIRST_MS, maxMs: config.VERIFICATION_RETRY_MAX_MS },
  };
}

/** Whether an origin is one that the environment vouches for. */
export const isPrivateOrigin = ({ privateOrigins }: Pick<VerificationSettings, 'privateOrigins'>, url: string): boolean =>
  privateOrigins.includes(new URL(url).origin);

/** Why nothing is ever sent to this URL, as the rule that it breaks; undefined: it may be, as far as the URL itself says. What its name resolves to is looked
 *  at whenever something is sent. */
export function faultOfUrl(
  settings: Pick<VerificationSettings, 'privateOrigins'>,
  url: string,
  variable = 'VERIFICATION_PRIVATE_ORIGINS',
): string | undefined {
  if (isPrivateOrigin(settings, url)) return undefined;
  const { protocol, hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const wayOut = `or have its origin listed in ${variable}`;
  if (protocol !== 'https:') return `must be https, ${wayOut}`;
  return isIP(host) !== 0 && !isPublicAddress(host) ? `must be a public address, ${wayOut}` : undefined;
}
