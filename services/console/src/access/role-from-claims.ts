import { Role } from '@keyturn/contracts';
import type { RoleMapping } from './oidc-settings.ts';

/** The highest role that any of somebody's groups has; null: none has one. The claim is one of this name, else one deeper in, as `realm_access.roles`. */
export function roleFromClaims({ claim, roles }: RoleMapping, claims: Readonly<Record<string, unknown>>): Role | null {
  const groups = new Set([claimAt(claims, claim)].flat());
  const mine = roles.filter(({ group }) => groups.has(group)).map(({ role }) => role);
  return Role.options.findLast((role) => mine.includes(role)) ?? null;
}

function claimAt(claims: Readonly<Record<string, unknown>>, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim];
  return claim
    .split('.')
    .reduce<unknown>(
      (within, name) =>
        typeof within === 'object' && within !== null && Object.hasOwn(within, name) ? within[name as keyof object] : undefined,
      claims,
    );
}
