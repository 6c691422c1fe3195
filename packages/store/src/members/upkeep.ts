import { HOUR_MS, MINUTE_MS } from '@keyturn/contracts';
import type { Log } from '@keyturn/runtime';
import { type Database, type Tx, transact } from '../database.ts';
import { forgetPastAttempts } from './login-attempts.ts';

/** Removes what is of no use any more: ended sessions, links and logins, tries that count no more, and what the audit log keeps no longer. */
export async function forgetPast(tx: Tx, now: Date, auditKeptDays: number, idleMinutes: number): Promise<void> {
  const idleSince = new Date(now.getTime() - idleMinutes * MINUTE_MS);
  await tx.query('delete from member_session where expires_at <= $1 or last_seen_at <= $2', [now, idleSince]);
  await tx.query('delete from one_time_link where expires_at <= $1', [now]);
  await tx.query('delete from oidc_login where expires_at <= $1', [now]);
  await forgetPastAttempts(tx, now);
  await tx.query('select forget_audit($1, $2)', [now, auditKeptDays]);
}

/** Does so now, and once an hour for as long as the process lives; an hour missed is made up the next. */
export function keepForgetting(
  { pool }: Pick<Database, 'pool'>,
  kept: { readonly auditDays: number; readonly idleMinutes: number },
  log: Log,
): { stop(): Promise<void> } {
  const forget = () =>
    transact(pool, (tx) => forgetPast(tx, new Date(), kept.auditDays, kept.idleMinutes)).catch((error: Error) =>
      log.warn({ reason: error.message }, 'what is past of sessions and audit was not removed; in an hour again'),
    );
  let running = forget();
  const hourly = setInterval(() => {
    running = forget();
  }, HOUR_MS);
  hourly.unref();
  return {
    async stop() {
      clearInterval(hourly);
      await running;
    },
  };
}
