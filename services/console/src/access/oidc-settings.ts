import { AppError, Role } from '@keyturn/contracts';
import { weaknessOf } from '@keyturn/runtime';
import { z } from 'zod';
import { isSafe } from './is-safe.ts';

const SECRET_CHARACTERS_MIN = 16;

/** What the console is told about the organisation's own login. */
export const oidcEnv = {
  /** Its issuer, as its own documents spell it. Absent: there is none. */
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'is not an http:// or https:// URL' })
    .refine(isSafe, 'must be https: whoever stands between could let anybody in')
    .optional(),
  OIDC_CLIENT_ID: z.string().max(500).optional(),
  OIDC_CLIENT_SECRET: z
    .string()
    .superRefine((value, context) => {
      const weakness = weaknessOf(value, SECRET_CHARACTERS_MIN);
      if (weakness !== undefined) context.addIssue({ code: 'custom', message: `${weakness}: have your provider make one for this client` });
    })
    .optional(),
  /** As the button says it. */
  OIDC_NAME: z.string().trim().min(1).max(50).default('single sign-on'),
  OIDC_SCOPE: z
    .string()
    .default('openid email profile')
    .refine((scope) => scope.split(' ').includes('openid'), "must have 'openid' among its words"),
  /** The claim that holds somebody's groups, and so their role. Absent: an admin says each member's role. */
  OIDC_ROLE_CLAIM: z.string().min(1).max(200).optional(),
  /** `admin=sre-leads,operator=on-call,viewer=support`: which group has which role; the same role may come several times. */
  OIDC_ROLES: z
    .string()
    .transform((value) => value.split(',').map((one) => one.trim().split(/=(.*)/s)))
    .refine(
      (pairs) => pairs.every(([role, group]) => Role.safeParse(role).success && group !== undefined && group !== ''),
      'must be role=group, several separated by commas, with the roles viewer, operator and admin',
    )
    .transform((pairs) => pairs.map(([role, group]) => ({ role: Role.parse(role), group: group as string })))
    .optional(),
} as const;
type Config = z.infer<z.ZodObject<typeof oidcEnv>> & { readonly CONSOLE_PUBLIC_URL?: string | undefined };

/** Which group has which role, by which claim. */
export type RoleMapping = { readonly claim: string; readonly roles: readonly { readonly role: Role; readonly group: string }[] };
/** The organisation's own login. */
export type OidcSettings = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
  readonly scope: string;
  readonly redirectUri: string;
  /** Null: an admin says each member's role. */
  readonly mapping: RoleMapping | null;
};

/** The settings of a configuration; null: there is no such login. Throws `config.invalid` where half of it is said. */
export function oidcSettings(config: Config, isOverheard: boolean): OidcSettings | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config;
  const { OIDC_ROLE_CLAIM: claim, OIDC_ROLES: roles, CONSOLE_PUBLIC_URL: publicUrl } = config;
  if (issuer === undefined && clientId === undefined && clientSecret === undefined && claim === undefined && roles === undefined)
    return null;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined)
    throw invalid('OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together: set all three, or none of OIDC_….');
  if ((claim === undefined) !== (roles === undefined)) throw invalid('OIDC_ROLE_CLAIM and OIDC_ROLES go together: set both, or neither.');
  if (publicUrl === undefined || isOverheard)
    throw invalid(
      'OIDC_ISSUER is set and needs CONSOLE_PUBLIC_URL, the https URL that the page has: your provider sends browsers back there.',
    );
  return {
    ...{ issuer, clientId, clientSecret, name: config.OIDC_NAME, scope: config.OIDC_SCOPE },
    redirectUri: `${publicUrl.replace(/\/+$/, '')}/auth/oidc/callback`,
    mapping: claim === undefined || roles === undefined ? null : { claim, roles },
  };
}
const invalid = (what: string) => new AppError('config.invalid', `The environment can't be used. ${what}`);
