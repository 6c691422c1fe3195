import { AppError, DAY_MS, MemberChange, type MemberJson, MemberRequest } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import {
  actorOf,
  changeMember,
  createMember,
  listMembers,
  type Member,
  makeLink,
  memberNotFound,
  readMember,
  type Tx,
  transact,
} from '@keyturn/store';
import { type Request, Router } from 'express';
import { actsOn } from '../access/record.ts';
import { isRoleByLogin } from '../access/role-by-login.ts';
import type { Deps } from './deps.ts';
import { idIn } from './id-in-path.ts';

const INVITED_MS = 3 * DAY_MS;

/** All with scope `admin`, else 401 or 403; 503 while the database is away. `GET /v1/members`: 200 with everybody. `POST /v1/members {name, email, role}`: 201
 *  with the member and, where passwords are on, a link that is shown this once; 400; 409 somebody has the address; 422. `PATCH
 *  /v1/members/{memberId} {name?, role?, disabled?}`: 200 with the member now; 400; 404; 409 nobody would be left as admin, or the role is the login's to say; 422. `POST
 *  /v1/members/{memberId}/invitation`: 201 with a new link; 404; 409 passwords are off, the member is disabled, or their role is the login's to say. */
export function membersRoute(deps: Deps): Router {
  const { pool, allow, access, now, newId } = deps;
  return Router()
    .get('/v1/members', allow('admin'), async (_req, res) => {
      const members = await listMembers(pool);
      res.json({ items: members.map((member) => shown(member, deps)), nextCursor: null });
    })
    .post('/v1/members', allow('admin'), jsonBody, async (req, res) => {
      const wanted = { ...readJson(MemberRequest, req), memberId: newId(), actor: actorOf(res) };
      actsOn(res, `member:${wanted.memberId}`);
      const invitation = await transact(pool, async (tx) => {
        await createMember(tx, wanted, now());
        return access.local ? invite(tx, wanted.memberId, deps) : null;
      });
      res.status(201).json({ member: shown(await known(pool, wanted.memberId), deps), invitation });
    })
    .patch('/v1/members/:memberId', allow('admin'), jsonBody, async (req, res) => {
      const change = readJson(MemberChange, req);
      if (change.role !== undefined && shown(await known(pool, memberIdIn(req)), deps).roleByLogin)
        throw new AppError(
          'member.conflict',
          'role: follows from this member’s groups (OIDC_ROLES), at each login. Change the groups instead, or disable the member.',
          {
            detail: { reason: 'role_by_login' },
          },
        );
      const member = await transact(pool, (tx) => changeMember(tx, memberIdIn(req), change, now()));
      res.json(shown(member, deps));
    })
    .post('/v1/members/:memberId/invitation', allow('admin'), async (req, res) => {
      const member = await known(pool, memberIdIn(req));
      const { memberId, disabledAt, email } = member;
      if (!access.local)
        throw new AppError('login.off', 'Passwords are off here (CONSOLE_LOCAL_ACCOUNTS): who signs in elsewhere needs no link.');
      if (disabledAt !== null || email === null)
        throw new AppError('member.conflict', 'This member is disabled, or has no e-mail address to sign in with. Change that first.', {
          detail: { reason: disabledAt === null ? 'no_email' : 'disabled' },
        });
      if (isRoleByLogin(member, access))
        throw new AppError(
          'member.conflict',
          'This member’s role follows from their groups (OIDC_ROLES): they sign in by that login alone.',
          {
            detail: { reason: 'role_by_login' },
          },
        );
      res.status(201).json(await invite(pool, memberId, deps));
    });
}

async function invite(
  tx: Tx,
  memberId: string,
  { pageUrl, now }: Pick<Deps, 'pageUrl' | 'now'>,
): Promise<{ url: string; expiresAt: string }> {
  const expiresAt = new Date(now().getTime() + INVITED_MS);
  const token = await makeLink(tx, memberId, now(), expiresAt);
  return { url: `${pageUrl()}/invitation#${token}`, expiresAt: expiresAt.toISOString() };
}

const shown = (member: Member, { access }: Pick<Deps, 'access'>): MemberJson => ({
  ...member,
  roleByLogin: isRoleByLogin(member, access),
});

function memberIdIn(req: Request): string {
  const memberId = idIn(req, 'memberId');
  if (memberId !== undefined) return memberId;
  throw memberNotFound();
}
async function known(tx: Tx, memberId: string): Promise<Member> {
  const member = await readMember(tx, memberId);
  if (member === null) throw memberNotFound();
  return member;
}
