import { type MeJson, type Role, roleScopes } from '@keyturn/contracts';
import { type NewSession, openSession, recordAudit, type Tx } from '@keyturn/store';
import type { Request, Response } from 'express';
import { keepCookie } from './cookies.ts';
import { keepKnown } from './known-browser.ts';
import type { AccessSettings } from './settings.ts';

/** What signing in needs. */
export type SignInParts = { readonly settings: AccessSettings; readonly now: () => Date; readonly newId: () => string };
/** Who signs in, how, and by which operation. */
export type SigningIn = {
  readonly member: { readonly memberId: string; readonly name: string; readonly email: string | null; readonly role: Role | null };
  readonly by: NewSession['by'];
  readonly action: string;
  readonly status: number;
};
type Cookie = { readonly value: string; readonly expiresAt: Date };
/** A session to hand over once the transaction has committed, and by what the browser is known where it showed a password. */
export type SignedIn = { readonly me: MeJson; readonly cookie: Cookie; readonly browser: Cookie | null };

/** Opens a session for whoever showed who they are, and writes that down. */
export async function signIn(tx: Tx, req: Request, { settings, now, newId }: SignInParts, who: SigningIn): Promise<SignedIn> {
  const { member, by, action, status } = who;
  const { memberId, name, email, role } = member;
  const session: NewSession = { sessionId: newId(), memberId, by, browser: req.get('user-agent') ?? '' };
  const { token, expiresAt } = await openSession(tx, session, settings.life, now());
  const actor = `member:${memberId}`;
  await recordAudit(tx, { phase: 'done', requestId: newId(), actor, action, subject: `session:${session.sessionId}`, status }, now());
  const me: MeJson = { actor, name, email, role, scopes: role === null ? [] : [...roleScopes[role]], via: 'session' };
  const browser = by === 'password' && email !== null ? await keepKnown(tx, req, { settings, email, now: now() }) : null;
  return { me, cookie: { value: token, expiresAt }, browser };
}

/** Gives the session to the browser, and answers who it is of. */
export function handOver(res: Response, settings: AccessSettings, { cookie, browser }: SignedIn): void {
  keepCookie(res, settings, 'keyturn_session', cookie);
  if (browser !== null) keepCookie(res, settings, 'keyturn_browser', browser);
  res.set('cache-control', 'no-store');
}
