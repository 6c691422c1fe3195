import { AppError, type Scope } from '@keyturn/contracts';
import type { RequestHandler, Response } from 'express';
import type { Authenticate } from './authenticate.ts';

/** Guards a route: 401 without a good key, 403 where the key lacks the scope. `admin` is let in everywhere. */
export type Allow = (scope: Scope) => RequestHandler;

/** Throws `request.forbidden` where a caller's key lacks the scope. `admin` may do all. */
export function requireScope({ scopes }: { readonly scopes: readonly Scope[] }, scope: Scope): void {
  if (scopes.includes(scope) || scopes.includes('admin')) return;
  throw new AppError(
    'request.forbidden',
    `This needs an API key with the scope ${scope}; this one has ${scopes.join(', ')}. An admin makes one with \`keyturn keys create --scope ${scope}\`.`,
    { detail: { missingScope: scope, scopes } },
  );
}

/** A guard that asks `authenticate` before anything of the request is read. What is answered behind it is about people, and not to be cached. */
export const allowWith =
  (authenticate: Authenticate): Allow =>
  (scope) =>
  async (req, res, next) => {
    const caller = await authenticate(req.get('authorization'));
    requireScope(caller, scope);
    res.locals.actor = caller.actor;
    res.set('cache-control', 'no-store');
    next();
  };

/** Who asked, behind a guard: `key:<keyId>`. */
export function actorOf(res: Response): string {
  const { actor } = res.locals;
  if (typeof actor !== 'string') throw new TypeError('a route that acts for somebody stands behind no guard');
  return actor;
}
