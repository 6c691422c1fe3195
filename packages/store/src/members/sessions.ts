import { HOUR_MS, MINUTE_MS, type Role, type SessionJson } from '@keyturn/contracts';
import type { Tx } from '../database.ts';
import { newToken, tokenHash } from '../tokens.ts';

/** How long a session lasts: unused, and all in all. */
export type SessionLife = { readonly idleMinutes: number; readonly hoursMax: number };
/** A session to be, of a browser that showed who its member is. */
export type NewSession = {
  readonly sessionId: string;
  readonly memberId: string;
  readonly by: 'password' | 'oidc';
  /** What the browser calls itself. */
  readonly browser: string;
};
const BROWSER_CHARACTERS_MAX = 200;

/** Opens a session, and answers its token, which is in this answer and nowhere else. */
export async function openSession(tx: Tx, wanted: NewSession, life: SessionLife, now: Date): Promise<{ token: string; expiresAt: Date }> {
  const token = newToken();
  const expiresAt = new Date(now.getTime() + life.hoursMax * HOUR_MS);
  const { sessionId, memberId, by, browser } = wanted;
  await tx.query(
    `insert into member_session (session_id, token_hash, member_id, by, browser, created_at, last_seen_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $6, $7)`,
    [sessionId, tokenHash(token), memberId, by, browser.slice(0, BROWSER_CHARACTERS_MAX), now, expiresAt],
  );
  await tx.query('update member set last_login_at = $2 where member_id = $1', [memberId, now]);
  return { token, expiresAt };
}

/** What a presented token turns out to be. */
export type SessionCheck =
  | {
      readonly kind: 'good';
      readonly sessionId: string;
      readonly memberId: string;
      readonly name: string;
      readonly email: string | null;
      readonly role: Role | null;
      readonly by: NewSession['by'];
    }
  | { readonly kind: 'ended' };
type Checked = { session_id: string; member_id: string; name: string; email: string | null; role: Role | null } & {
  by: NewSession['by'];
  last_seen_at: Date;
};

/** How old `last_seen_at` may be: a session that is used costs a write a minute, no more. */
const SEEN_MS = MINUTE_MS;

/** Checks a session by one read of it and of its member as both are now, so that whatever was taken away is gone at once. `isUse`: that counts against its
 *  end, as what a page does by itself must not. */
export async function checkSession(tx: Tx, token: string, life: SessionLife, now: Date, isUse: boolean): Promise<SessionCheck> {
  const { rows } = await tx.query<Checked>({
    name: 'member-session.check',
    text: `select session_id, member_id, name, email, role, by, last_seen_at from member_session join member using (member_id)
           where token_hash = $1 and expires_at > $2 and last_seen_at > $3 and disabled_at is null`,
    values: [tokenHash(token), now, idleSince(life, now)],
  });
  const [found] = rows;
  if (found === undefined) return { kind: 'ended' };
  if (isUse && now.getTime() - found.last_seen_at.getTime() > SEEN_MS)
    await tx.query('update member_session set last_seen_at = $2 where session_id = $1', [found.session_id, now]);
  const { session_id: sessionId, member_id: memberId, name, email, role, by } = found;
  return { kind: 'good', sessionId, memberId, name, email, role, by };
}
const idleSince = ({ idleMinutes }: SessionLife, now: Date): Date => new Date(now.getTime() - idleMinutes * MINUTE_MS);

type Listed = { session_id: string; member_id: string; name: string; by: 'password' | 'oidc'; browser: string } & Record<
  'created_at' | 'last_seen_at' | 'expires_at',
  Date
>;
/** The sessions that are good now, of one member or (null) of all, the latest first. `current`: which of them asks. */
export async function listSessions(
  tx: Tx,
  of: { readonly memberId: string | null; readonly current: string | null },
  life: SessionLife,
  now: Date,
): Promise<SessionJson[]> {
  const { rows } = await tx.query<Listed>(
    `select session_id, member_id, name, by, browser, s.created_at, last_seen_at, expires_at
     from member_session s join member using (member_id)
     where expires_at > $1 and last_seen_at > $2 and disabled_at is null and ($3::uuid is null or member_id = $3)
     order by s.created_at desc, session_id`,
    [now, idleSince(life, now), of.memberId],
  );
  return rows.map((row) => ({
    sessionId: row.session_id,
    memberId: row.member_id,
    name: row.name,
    by: row.by,
    browser: row.browser,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    current: row.session_id === of.current,
  }));
}

/** Ends a session of this member, or (null) of whomever. False: there is none. */
export async function endSession(tx: Tx, sessionId: string, memberId: string | null): Promise<boolean> {
  const { rowCount } = await tx.query('delete from member_session where session_id = $1 and ($2::uuid is null or member_id = $2)', [
    sessionId,
    memberId,
  ]);
  return rowCount === 1;
}

/** Ends all sessions of a member. */
export async function endSessionsOf(tx: Tx, memberId: string): Promise<void> {
  await tx.query('delete from member_session where member_id = $1', [memberId]);
}
