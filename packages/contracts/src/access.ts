import { z } from 'zod';
import { PageQuery, pageOf, Scope } from './http.ts';
import { Instant } from './ids.ts';
import { givenName } from './plain.ts';
import { Role } from './policy.ts';

const Email = z.email('is an e-mail address').max(254);
/** What a member is called. */
export const MemberName = givenName('say who it is');
/** Which passwords are too weak the console says: 12 characters is the least. */
const Password = z.string().min(1).max(200);
const Token = z.string().min(1).max(200);

/** Who asks, and what they may do. `role` is null for a key, and for a member from whom every role was taken. */
export const MeJson = z.object({
  /** As decisions and the audit log have it: `member:<memberId>`, `key:<keyId>`. */
  actor: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role: Role.nullable(),
  scopes: z.array(Scope),
  via: z.enum(['session', 'key']),
});
export type MeJson = z.infer<typeof MeJson>;

/** How one may sign in here. */
export const AuthMethodsJson = z.object({
  /** By e-mail and password. */
  local: z.boolean(),
  /** Passwords are on, but not here: this page came over plain HTTP from another machine, and one would travel in the clear. */
  overheard: z.boolean(),
  /** By the organisation's own login, of this name; null: there is none. */
  oidc: z.object({ name: z.string() }).nullable(),
  /** There is no member yet: the link to make the first is in the output of `npm start`. */
  firstAdmin: z.boolean(),
});
export type AuthMethodsJson = z.infer<typeof AuthMethodsJson>;

/** Where the browser goes to end the session of the organisation's own login too. */
export const LoggedOutJson = z.object({ to: z.url() });
export type LoggedOutJson = z.infer<typeof LoggedOutJson>;

/** Who signs in by password. */
export const LoginRequest = z.strictObject({ email: Email, password: Password });
export type LoginRequest = z.infer<typeof LoginRequest>;
/** The first admin, by the link that `npm start` printed. */
export const FirstAdminRequest = z.strictObject({ token: Token, name: MemberName, email: Email, password: Password });
export type FirstAdminRequest = z.infer<typeof FirstAdminRequest>;
/** The password of a member who was invited, by the link that the admin was given. */
export const InvitationRequest = z.strictObject({ token: Token, password: Password });
export type InvitationRequest = z.infer<typeof InvitationRequest>;

/** Somebody who may sign in. */
export const MemberJson = z.object({
  memberId: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  /** Null: may do nothing. */
  role: Role.nullable(),
  /** Whether the organisation's own login says the role, at each login. */
  roleByLogin: z.boolean(),
  /** By which means they can sign in as of now. */
  methods: z.array(z.enum(['password', 'oidc'])),
  createdAt: Instant,
  createdBy: z.string(),
  disabledAt: Instant.nullable(),
  lastLoginAt: Instant.nullable(),
});
export type MemberJson = z.infer<typeof MemberJson>;
/** All members, by name. */
export const MembersPage = pageOf(MemberJson);
/** A member to be. */
export const MemberRequest = z.strictObject({ name: MemberName, email: Email, role: Role });
export type MemberRequest = z.infer<typeof MemberRequest>;
/** What is to be different about a member, from their next request on. */
export const MemberChange = z
  .strictObject({ name: MemberName.optional(), role: Role.nullable().optional(), disabled: z.boolean().optional() })
  .refine((change) => Object.keys(change).length > 0, { error: 'name what is to change: name, role or disabled' });
export type MemberChange = z.infer<typeof MemberChange>;
/** A link by which a member sets a password, once. Shown this once. */
export const InvitationJson = z.object({ url: z.string(), expiresAt: Instant });
export type InvitationJson = z.infer<typeof InvitationJson>;
/** A new member, and how they come in; `invitation` is null where passwords are off. */
export const MemberCreatedJson = z.object({ member: MemberJson, invitation: InvitationJson.nullable() });
export type MemberCreatedJson = z.infer<typeof MemberCreatedJson>;

/** What an actor is called, as decisions and the audit log have it: `member:<memberId>`, `key:<keyId>`. */
export const ActorJson = z.object({ actor: z.string(), name: z.string() });
export type ActorJson = z.infer<typeof ActorJson>;
/** Everybody who is called something: members and keys, also who no longer may. */
export const ActorsPage = pageOf(ActorJson);

/** One browser that is signed in. */
export const SessionJson = z.object({
  sessionId: z.uuid(),
  memberId: z.uuid(),
  name: z.string(),
  by: z.enum(['password', 'oidc']),
  /** What the browser calls itself, cut off. */
  browser: z.string(),
  createdAt: Instant,
  lastSeenAt: Instant,
  /** However much it is used. */
  expiresAt: Instant,
  /** Whether it is the one that asks. */
  current: z.boolean(),
});
export type SessionJson = z.infer<typeof SessionJson>;
/** Who is signed in now, the latest first. */
export const SessionsPage = pageOf(SessionJson);

/** One thing that somebody did, or tried. */
export const AuditEntryJson = z.object({
  id: z.string(),
  at: Instant,
  /** `member:<memberId>`, `key:<keyId>`, `verification:<endpoint>/<rule>` of the business's answers; `anonymous` of whoever could not sign in. */
  actor: z.string(),
  /** The operation, as the API's document calls it: `acknowledge`, `createKey`. */
  action: z.string(),
  /** On what: `contact:<contactId>`. Null: on nothing that has an id. */
  subject: z.string().nullable(),
  requestId: z.string(),
  /** What it was answered: 2xx, it was done. Null: the process ended before it could say. */
  status: z.number().int().nullable(),
});
export type AuditEntryJson = z.infer<typeof AuditEntryJson>;
/** Which entries: of one actor, one action, on one subject. */
export const AuditQuery = PageQuery.extend({
  actor: z.string().max(200).optional(),
  action: z.string().max(200).optional(),
  subject: z.string().max(200).optional(),
});
/** Who did what, newest first. */
export const AuditPage = pageOf(AuditEntryJson);
