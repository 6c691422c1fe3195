import { AppError, LoginRequest } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import {
  forgetAttempts,
  hasMembers,
  type PasswordHolder,
  passwordHolder,
  readMember,
  recordAudit,
  takeBackAttempt,
  transact,
} from '@keyturn/store';
import { type Request, type Response, Router } from 'express';
import { addressOf } from '../access/address.ts';
import { beforeLogin, isOverheard } from '../access/before-login.ts';
import { knownBrowser } from '../access/known-browser.ts';
import { isPassword } from '../access/passwords.ts';
import { isRoleByLogin, roleByLogin } from '../access/role-by-login.ts';
import { handOver, type SignedIn, signIn } from '../access/sign-in.ts';
import { countTry, tries } from '../access/throttle.ts';
import type { Deps } from './deps.ts';

/** `GET /auth/methods`: 200 with how one may sign in; 503. `POST /auth/login {email, password}`: 200 with who that is, the session in a cookie; 400; 401
 *  whatever was wrong, in the same time; 403 from another site; 409 passwords are off, would be overheard, or the organisation's login says this member's role; 422; 429 with `retry-after`; 503. */
export function loginRoute(deps: Deps): Router {
  const { pool, access } = deps;
  const { local, oidc } = access;
  return Router()
    .get('/auth/methods', async (req, res) => {
      const firstAdmin = local && !(await hasMembers(pool));
      const overheard = local && isOverheard(req, access);
      res.set('cache-control', 'no-store').json({ local: local && !overheard, overheard, oidc: oidc && { name: oidc.name }, firstAdmin });
    })
    .post('/auth/login', beforeLogin(access), jsonBody, async (req, res) => {
      const signed = await login(deps, req, res);
      handOver(res, access, signed);
      res.json(signed.me);
    });
}

async function login({ pool, access, now, newId }: Deps, req: Request, res: Response): Promise<SignedIn> {
  const { email, password } = readJson(LoginRequest, req);
  const from = addressOf(req, access.proxies);
  await countTry(pool, tries.ofAddress(from), { res, now: now() });
  const known = await knownBrowser(pool, req, { settings: access, email, now: now() });
  const [own, ...everywhere] = tries.ofAccount(email, from, known);
  for (const one of [own, ...everywhere]) await countTry(pool, one, { res, now: now() });
  const holder = await passwordHolder(pool, email);
  const fits = await isPassword(holder?.hash ?? null, password);
  if (!fits || holder === null || holder.disabled) throw await refused(holder, { pool, now, newId });
  return transact(pool, async (tx) => {
    await forgetAttempts(tx, own.name);
    for (const { name } of [tries.ofAddress(from), ...everywhere]) await takeBackAttempt(tx, name);
    const member = await readMember(tx, holder.memberId);
    if (member === null) throw new TypeError('a password is nobody’s');
    if (isRoleByLogin(member, access)) throw roleByLogin();
    return signIn(tx, req, { settings: access, now, newId }, { member, by: 'password', action: 'login', status: 200 });
  });
}

/** Written down in the same time whether there is such an account or not. */
async function refused(holder: PasswordHolder | null, { pool, now, newId }: Pick<Deps, 'pool' | 'now' | 'newId'>): Promise<AppError> {
  const subject = holder === null ? null : `member:${holder.memberId}`;
  await recordAudit(pool, { phase: 'done', requestId: newId(), actor: 'anonymous', action: 'login', subject, status: 401 }, now());
  return new AppError('login.refused', 'E-mail address or password is not right. An admin can send you a link to set another password.');
}
