import { AppError, MINUTE_MS } from '@keyturn/contracts';
import type { Log } from '@keyturn/runtime';
import {
  keepOidcLogin,
  type OidcIdentity,
  type OidcLogin,
  oidcMember,
  recordAudit,
  takeBackAttempt,
  takeOidcLogin,
  transact,
} from '@keyturn/store';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { addressOf } from '../access/address.ts';
import { cookieOf, dropCookie, keepCookie } from '../access/cookies.ts';
import type { Oidc } from '../access/oidc.ts';
import { handOver, signIn } from '../access/sign-in.ts';
import { type Counted, countTry, tries } from '../access/throttle.ts';
import { WayBack } from '../access/way-back.ts';
import type { Deps } from './deps.ts';

const AWAY_MS = 10 * MINUTE_MS;
const Query = z.object({ to: WayBack });
type Back = { readonly to: string } | { readonly problem: string };

/** `GET /auth/oidc/start?to=`: 303 to the organisation's login; 409 there is none; 422 `to` is no path of ours; 429; 503 it is away. `GET
 *  /auth/oidc/callback`: 303 to the page that was asked for, signed in, or to `/login?problem=` with why not: `expired` (another browser, too late, or used),
 *  `refused` (not vouched for), `unavailable`, `unknown`, `disabled`, `no_role`, `taken`; 503. */
export function oidcRoute(deps: Deps): Router {
  const { pool, access, now } = deps;
  return Router()
    .get('/auth/oidc/start', async (req, res) => {
      const oidc = required(deps.oidc);
      const { to } = Query.parse(req.query);
      await countTry(pool, addressTries(req, deps), { res, now: now() });
      const { url, ...held } = await oidc.begin();
      const expiresAt = new Date(now().getTime() + AWAY_MS);
      keepCookie(res, access, 'keyturn_login', { value: await keepOidcLogin(pool, { ...held, to }, expiresAt), expiresAt });
      res.set('cache-control', 'no-store').status(303).location(url.href).end();
    })
    .get('/auth/oidc/callback', async (req, res) => {
      const oidc = required(deps.oidc);
      const token = cookieOf(req, access, 'keyturn_login');
      const held = token === undefined ? null : await takeOidcLogin(pool, token, now());
      dropCookie(res, access, 'keyturn_login');
      const back = held === null ? { problem: 'expired' } : await finish(deps, oidc, held, req, res);
      const place = 'to' in back ? back.to : `/login?problem=${back.problem}`;
      res.set('cache-control', 'no-store').status(303).location(place).end();
    });
}

async function finish(deps: Deps, oidc: Oidc, { to, ...held }: OidcLogin, req: Request, res: Response): Promise<Back> {
  const { pool, access, now, newId, log } = deps;
  const search = req.originalUrl.slice(req.path.length);
  const identity = await oidc.finish(search, held).catch((error: unknown) => problemOf(error, log));
  const signed = typeof identity === 'string' ? identity : await come(deps, identity, req);
  if (typeof signed === 'string') {
    const entry = { requestId: newId(), actor: 'anonymous', action: 'finishOidcLogin', subject: null, status: 401 };
    await recordAudit(pool, { ...entry, phase: 'done' }, now());
    return { problem: signed };
  }
  await takeBackAttempt(pool, addressTries(req, deps).name);
  handOver(res, access, signed);
  return { to };
}

const come = ({ pool, access, now, newId }: Deps, identity: OidcIdentity, req: Request) =>
  transact(pool, async (tx) => {
    const member = await oidcMember(tx, identity, newId(), now());
    if (typeof member === 'string') return member;
    return signIn(tx, req, { settings: access, now, newId }, { member, by: 'oidc', action: 'finishOidcLogin', status: 303 });
  });

/** What the login itself says is for the log: it may be of any length and about anybody. */
function problemOf(error: unknown, log: Log): string {
  if (error instanceof AppError) return 'unavailable';
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  log.warn({ reason: String(code ?? (error as Error).name), cause: cause?.code }, 'a login by OIDC is refused');
  return 'refused';
}

const addressTries = (req: Request, { access }: Deps): Counted => tries.ofAddress(addressOf(req, access.proxies));
function required(oidc: Oidc | null): Oidc {
  if (oidc !== null) return oidc;
  throw new AppError('login.off', 'There is no organisation’s login here (OIDC_ISSUER). Sign in by e-mail address and password.');
}
