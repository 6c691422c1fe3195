import { AppError, type MeJson, roleScopes } from '@keyturn/contracts';
import {
  type Authenticate,
  checkSession,
  type Database,
  type KeyCaller,
  type SessionCheck,
  STRANGERS,
  strangersInTurn,
  tokenHash,
} from '@keyturn/store';
import type { Request, Response } from 'express';
import { cookieOf } from './cookies.ts';
import type { AccessSettings } from './settings.ts';

/** Who asks, as the API shows it, and by which session. */
export type Caller = {
  readonly me: MeJson;
  readonly session: { readonly sessionId: string; readonly memberId: string; readonly by: 'password' | 'oidc' } | null;
};

/** Says who asks, by the key in `Authorization`, else by the session in the cookie. Throws `request.unauthenticated`, or `request.crowded_out` while too many
 *  guess. */
export type Identify = (req: Request) => Promise<Caller>;

/** What an open page asks for again and again, whether or not anybody looks at it: its stream, and what it says that it asks for by itself. */
const isByItself = (req: Request): boolean => req.path === '/v1/stream' || req.get('x-keyturn-by-itself') !== undefined;

type Parts = { readonly pool: Database['pool']; readonly byKey: Authenticate; readonly settings: AccessSettings; readonly now: () => Date };

/** Identifies whoever asks. A session is looked up each time, so that it, its member or their role is gone at once where it was taken away. */
export function identifyWith({ pool, byKey, settings, now }: Parts): Identify {
  const check = (isUse: boolean) => (token: string) => checkSession(pool, token, settings.life, now(), isUse);
  const isGood = ({ kind }: SessionCheck) => kind === 'good';
  const [byUse, byItself] = [strangersInTurn(check(true), isGood, STRANGERS), strangersInTurn(check(false), isGood, STRANGERS)];
  return async (req) => {
    const authorization = req.get('authorization');
    const token = cookieOf(req, settings, 'keyturn_session');
    if (authorization !== undefined || token === undefined) return keyCaller(await byKey(authorization).caller);
    const found = await (isByItself(req) ? byItself : byUse).ask(token, tokenHash(token).toString('base64'));
    if (found.kind !== 'good')
      throw new AppError('request.unauthenticated', 'This session is over. Sign in again.', { detail: { reason: 'session_ended' } });
    const { sessionId, memberId, name, email, role, by } = found;
    return {
      me: { actor: `member:${memberId}`, name, email, role, scopes: role === null ? [] : [...roleScopes[role]], via: 'session' },
      session: { sessionId, memberId, by },
    };
  };
}

const keyCaller = ({ actor, name, scopes }: KeyCaller): Caller => ({
  me: { actor, name, email: null, role: null, scopes: [...scopes], via: 'key' },
  session: null,
});

/** Who asks, behind a guard. */
export function callerOf(res: Response): Caller {
  const { caller } = res.locals;
  if (caller === undefined) throw new TypeError('a route that acts for somebody stands behind no guard');
  return caller as Caller;
}
