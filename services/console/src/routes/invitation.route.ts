import { AppError, FirstAdminRequest, InvitationRequest } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import { createMember, endSessionsOf, hasMembers, readLink, readMember, setPassword, takeLink, transact } from '@keyturn/store';
import { type Request, type Response, Router } from 'express';
import { addressOf } from '../access/address.ts';
import { beforeLogin } from '../access/before-login.ts';
import { hashPassword } from '../access/passwords.ts';
import { isRoleByLogin, roleByLogin } from '../access/role-by-login.ts';
import { handOver, type SignedIn, signIn } from '../access/sign-in.ts';
import { countTry, tries } from '../access/throttle.ts';
import type { Deps } from './deps.ts';

/** `POST /auth/first-admin {token, name, email, password}`: 201 with who that is now, the session in a cookie. `POST /auth/invitation {token, password}`: 200
 *  likewise, and the member's other sessions are over. Both: 400; 403 from another site; 409 passwords are off, would be overheard, or the organisation's login says this member's role; 410 the link was used, is too old, or
 *  never was; 422 naming the field, also a password that is too weak; 429; 503. */
export function invitationRoute(deps: Deps): Router {
  const { access } = deps;
  const answer = (status: number, join: typeof firstAdmin) => async (req: Request, res: Response) => {
    await countTry(deps.pool, tries.ofAddress(addressOf(req, access.proxies)), { res, now: deps.now() });
    const signed = await join(deps, req);
    handOver(res, access, signed);
    res.status(status).json(signed.me);
  };
  return Router()
    .post('/auth/first-admin', beforeLogin(access), jsonBody, answer(201, firstAdmin))
    .post('/auth/invitation', beforeLogin(access), jsonBody, answer(200, invited));
}

async function firstAdmin({ pool, access, now, newId }: Deps, req: Request): Promise<SignedIn> {
  const { token, name, email, password } = readJson(FirstAdminRequest, req);
  const link = await readLink(pool, token, now());
  if (link === null || link.memberId !== null) throw linkInvalid();
  const hash = await hashPassword(password, email);
  const member = { memberId: newId(), name, email: email.toLowerCase(), role: 'admin' } as const;
  return transact(pool, async (tx) => {
    if (!(await takeLink(tx, token, now())) || (await hasMembers(tx))) throw linkInvalid();
    await createMember(tx, { ...member, actor: `member:${member.memberId}` }, now());
    await setPassword(tx, member.memberId, hash, now());
    return signIn(tx, req, { settings: access, now, newId }, { member, by: 'password', action: 'createFirstAdmin', status: 201 });
  });
}

async function invited({ pool, access, now, newId }: Deps, req: Request): Promise<SignedIn> {
  const { token, password } = readJson(InvitationRequest, req);
  const link = await readLink(pool, token, now());
  const member = link === null || link.memberId === null ? null : await readMember(pool, link.memberId);
  if (member === null || member.disabledAt !== null) throw linkInvalid();
  if (isRoleByLogin(member, access)) throw roleByLogin();
  const hash = await hashPassword(password, member.email ?? '');
  return transact(pool, async (tx) => {
    if (!(await takeLink(tx, token, now()))) throw linkInvalid();
    await setPassword(tx, member.memberId, hash, now());
    await endSessionsOf(tx, member.memberId);
    return signIn(tx, req, { settings: access, now, newId }, { member, by: 'password', action: 'acceptInvitation', status: 200 });
  });
}

const linkInvalid = () =>
  new AppError(
    'login.link_invalid',
    'This link was used, is too old, or there is a newer one. `npm start` prints the first admin’s; any other an admin makes anew.',
  );
