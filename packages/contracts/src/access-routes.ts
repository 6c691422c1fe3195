import { z } from 'zod';
import {
  ActorsPage,
  AuditPage,
  AuditQuery,
  AuthMethodsJson,
  FirstAdminRequest,
  InvitationJson,
  InvitationRequest,
  LoggedOutJson,
  LoginRequest,
  MeJson,
  MemberChange,
  MemberCreatedJson,
  MemberJson,
  MemberRequest,
  MembersPage,
  SessionsPage,
} from './access.ts';
import { type DeclaredRoute, json } from './route.ts';

const memberId = { memberId: z.uuid() };
/** Of what is done before anybody is signed in. */
const login = ['request.foreign', 'login.refused', 'login.throttled', 'login.off', 'store.unavailable', 'store.conflict'] as const;

/** On `CONSOLE_PORT`: signing in, who may, and what was done. */
export const accessRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'get', path: '/auth/methods', operationId: 'getAuthMethods' },
    summary: 'How one may sign in.',
    answers: [json(200, 'The ways.', AuthMethodsJson)],
    problems: ['store.unavailable'],
  },
  {
    ...{ method: 'post', path: '/auth/login', operationId: 'login' },
    summary: 'Signs in by e-mail and password.',
    body: LoginRequest,
    answers: [json(200, 'Signed in: the session is in a cookie.', MeJson)],
    problems: login,
  },
  {
    ...{ method: 'post', path: '/auth/first-admin', operationId: 'createFirstAdmin' },
    summary: 'Makes the first admin, by a link that works once, and signs them in.',
    body: FirstAdminRequest,
    answers: [json(201, 'Made and signed in.', MeJson)],
    problems: [...login, 'login.link_invalid'],
  },
  {
    ...{ method: 'post', path: '/auth/invitation', operationId: 'acceptInvitation' },
    summary: 'Sets the password of a member, by a link that works once, and signs them in; their other sessions end.',
    body: InvitationRequest,
    answers: [json(200, 'Set and signed in.', MeJson)],
    problems: [...login, 'login.link_invalid'],
  },
  {
    ...{ method: 'get', path: '/auth/oidc/start', operationId: 'startOidcLogin' },
    summary: 'Sends a browser to the organisation’s own login.',
    query: z.object({ to: z.string().max(2000).optional() }),
    answers: [{ status: 303, means: 'Go there.' }],
    problems: ['login.off', 'login.throttled', 'oidc.unavailable', 'request.invalid', 'store.unavailable'],
  },
  {
    ...{ method: 'get', path: '/auth/oidc/callback', operationId: 'finishOidcLogin' },
    summary: 'Where the organisation’s own login sends a browser back to.',
    query: z.object({ code: z.string().optional(), state: z.string().optional(), error: z.string().optional() }).loose(),
    answers: [{ status: 303, means: 'To the page that was asked for, signed in; or to /login, with the reason in `problem`.' }],
    problems: ['login.off', 'store.unavailable', 'store.conflict'],
  },
  {
    ...{ method: 'post', path: '/auth/logout', operationId: 'logout' },
    summary: 'Ends the session that asks.',
    answers: [
      { status: 204, means: 'It is over. A key stays as good as it was.' },
      json(200, 'It is over, and so is that of the organisation’s own login once the browser goes there.', LoggedOutJson),
    ],
    problems: [],
  },
  {
    ...{ method: 'get', path: '/v1/me', operationId: 'getMe' },
    summary: 'Who asks, and what they may do.',
    answers: [json(200, 'That.', MeJson)],
    problems: [],
  },
  {
    ...{ method: 'get', path: '/v1/members', operationId: 'listMembers' },
    summary: 'Everybody who may sign in, and who no longer may.',
    answers: [json(200, 'All of them.', MembersPage)],
    problems: [],
  },
  {
    ...{ method: 'post', path: '/v1/members', operationId: 'createMember' },
    summary: 'Makes a member.',
    body: MemberRequest,
    answers: [json(201, 'The member, and a link by which they set a password.', MemberCreatedJson)],
    problems: ['member.conflict'],
  },
  {
    ...{ method: 'patch', path: '/v1/members/{memberId}', operationId: 'changeMember', params: memberId },
    summary: 'Changes what a member is called or may do, from their next request on.',
    body: MemberChange,
    answers: [json(200, 'The member as they are now.', MemberJson)],
    problems: ['member.not_found', 'member.conflict'],
  },
  {
    ...{ method: 'post', path: '/v1/members/{memberId}/invitation', operationId: 'inviteMember', params: memberId },
    summary: 'Makes a new link by which a member sets a password; the one before is of no use any more.',
    answers: [json(201, 'The link, shown this once.', InvitationJson)],
    problems: ['member.not_found', 'member.conflict', 'login.off'],
  },
  {
    ...{ method: 'get', path: '/v1/actors', operationId: 'listActors' },
    summary: 'What members and keys are called, for whoever reads what they did.',
    answers: [json(200, 'All of them.', ActorsPage)],
    problems: [],
  },
  {
    ...{ method: 'get', path: '/v1/sessions', operationId: 'listSessions' },
    summary: 'Who is signed in: one’s own sessions; with scope `admin` everybody’s.',
    answers: [json(200, 'All of them.', SessionsPage)],
    problems: [],
  },
  {
    ...{ method: 'delete', path: '/v1/sessions/{sessionId}', operationId: 'revokeSession', params: { sessionId: z.uuid() } },
    summary: 'Ends a session, at once: one’s own; with scope `admin` anybody’s.',
    answers: [{ status: 204, means: 'It is over.' }],
    problems: ['session.not_found'],
  },
  {
    ...{ method: 'get', path: '/v1/audit', operationId: 'listAudit' },
    summary: 'Who did what, and when.',
    query: AuditQuery,
    answers: [json(200, 'A page of it, newest first.', AuditPage)],
    problems: ['request.invalid'],
  },
];
