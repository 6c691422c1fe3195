import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytes, instant } from '../columns.ts';

/** Somebody who may sign in. Never removed, since decisions name them. */
export const member = pgTable(
  'member',
  {
    memberId: uuid('member_id').primaryKey(),
    name: text().notNull(),
    /** In lower case. */
    email: text(),
    /** Null: may do nothing. */
    role: text(),
    /** Who they are to the organisation's own login. */
    issuer: text(),
    subject: text(),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    disabledAt: instant('disabled_at'),
    lastLoginAt: instant('last_login_at'),
  },
  (table) => [uniqueIndex('member_email').on(table.email), uniqueIndex('member_subject').on(table.issuer, table.subject)],
);

/** Apart from the member, so that whoever reads members reads no hash. */
export const memberPassword = pgTable('member_password', {
  memberId: uuid('member_id').primaryKey(),
  hash: text().notNull(),
  setAt: instant('set_at').notNull(),
});

/** A link that works once, by the hash of its token: the first admin's, and that by which a member sets a password. */
export const oneTimeLink = pgTable(
  'one_time_link',
  {
    tokenHash: bytes('token_hash').primaryKey(),
    /** Null: of the first admin, who is nobody yet. */
    memberId: uuid('member_id'),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [uniqueIndex('one_time_link_member').on(sql`coalesce(${table.memberId}, '00000000-0000-0000-0000-000000000000')`)],
);

/** A browser that is signed in, by the hash of its token. */
export const memberSession = pgTable(
  'member_session',
  {
    sessionId: uuid('session_id').primaryKey(),
    tokenHash: bytes('token_hash').notNull(),
    memberId: uuid('member_id').notNull(),
    by: text().notNull(),
    browser: text().notNull(),
    createdAt: instant('created_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [uniqueIndex('member_session_token').on(table.tokenHash), index('member_session_member').on(table.memberId)],
);

/** How often somebody tried to sign in, per account and per address, since the first try that counts; and, without a try, by which browsers an account was signed in to, and
 *  when last. Buckets are hashes: nobody's address is kept. */
export const loginAttempt = pgTable('login_attempt', {
  bucket: text().primaryKey(),
  attempts: integer().notNull(),
  since: instant('since').notNull(),
});

/** A browser that was sent to the organisation's own login and is not back yet, by the hash of its token. */
export const oidcLogin = pgTable('oidc_login', {
  tokenHash: bytes('token_hash').primaryKey(),
  state: text().notNull(),
  nonce: text().notNull(),
  verifier: text().notNull(),
  to: text().notNull(),
  expiresAt: instant('expires_at').notNull(),
});
