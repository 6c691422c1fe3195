import { AppError, type Role, type Scope } from '@keyturn/contracts';
import type { RequestHandler, Response } from 'express';

/** Guards a route: 401 without a good key or session, 403 where that lacks the scope. `admin` is let in everywhere; `somebody`: whoever it is. */
export type Allow = (who: Scope | 'somebody') => RequestHandler;

/** Whether these scopes are enough for what needs this one. */
export const isAllowed = (scopes: readonly Scope[], scope: Scope): boolean => scopes.includes(scope) || scopes.includes('admin');

/** Throws `request.forbidden` where a caller lacks the scope, be it a key or a member with a role (null: with none). `admin` may do all. */
export function requireScope({ scopes, role }: { readonly scopes: readonly Scope[]; readonly role?: Role | null }, scope: Scope): void {
  if (isAllowed(scopes, scope)) return;
  if (role !== undefined)
    throw new AppError(
      'request.forbidden',
      `This needs the scope ${scope}, which ${role === null ? 'a member without a role' : `the role ${role}`} has not. An admin can give you another role.`,
      { detail: { missingScope: scope, scopes, role } },
    );
  throw new AppError(
    'request.forbidden',
    `This needs an API key with the scope ${scope}; this one has ${scopes.join(', ')}. An admin makes one with \`keyturn keys create --scope ${scope}\`.`,
    { detail: { missingScope: scope, scopes } },
  );
}

/** Who asked, behind a guard: `key:<keyId>`, `member:<memberId>`. */
export function actorOf(res: Response): string {
  const { actor } = res.locals;
  if (typeof actor !== 'string') throw new TypeError('a route that acts for somebody stands behind no guard');
  return actor;
}
