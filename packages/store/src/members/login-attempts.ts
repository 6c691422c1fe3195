import { createHash } from 'node:crypto';
import { DAY_MS } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

/** So many tries in so long. */
export type AttemptBounds = { readonly attemptsMax: number; readonly withinMs: number };

const bucketOf = (name: string): string => createHash('sha256').update(name).digest('hex');

/** Counts a try before it is made, so that many at once are as many as one after the other. Answers null where it may be made, else when the next one may. */
export async function countAttempt(tx: Tx, name: string, { attemptsMax, withinMs }: AttemptBounds, now: Date): Promise<Date | null> {
  const { rows } = await tx.query<{ attempts: number; since: Date }>(
    `insert into login_attempt as a (bucket, attempts, since) values ($1, 1, $2)
     on conflict (bucket) do update set
       attempts = case when a.since <= $3 then 1 else least(a.attempts + 1, 1000000) end,
       since = case when a.since <= $3 then $2 else a.since end
     returning attempts, since`,
    [bucketOf(name), now, new Date(now.getTime() - withinMs)],
  );
  const [{ attempts, since }] = rows as [{ attempts: number; since: Date }];
  return attempts <= attemptsMax ? null : new Date(since.getTime() + withinMs);
}

/** Forgets all tries of a name: whoever it is got in. */
export async function forgetAttempts(tx: Tx, name: string): Promise<void> {
  await tx.query('delete from login_attempt where bucket = $1', [bucketOf(name)]);
}

/** Takes back one try of a name: it was no guess. */
export async function takeBackAttempt(tx: Tx, name: string): Promise<void> {
  await tx.query(
    `with gone as (delete from login_attempt where bucket = $1 and attempts = 1)
     update login_attempt set attempts = attempts - 1 where bucket = $1 and attempts > 1`,
    [bucketOf(name)],
  );
}

/** So long after it was last used to sign in is a browser known to an account. */
const KNOWN_DAYS = 90;

/** Whether a browser was used to sign in to an account before; its name has both. */
export async function isKnownBrowser(tx: Tx, name: string, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select from login_attempt where bucket = $1 and attempts = 0 and since > $2::timestamptz - interval '${KNOWN_DAYS} days'`,
    [bucketOf(name), now],
  );
  return rowCount === 1;
}

/** Keeps that a browser was used to sign in to an account: a row without a try, since nothing is counted under this name. */
export async function knowBrowser(tx: Tx, name: string, now: Date): Promise<Date> {
  await tx.query(
    'insert into login_attempt (bucket, attempts, since) values ($1, 0, $2) on conflict (bucket) do update set since = excluded.since',
    [bucketOf(name), now],
  );
  return new Date(now.getTime() + KNOWN_DAYS * DAY_MS);
}

/** Forgets the tries that count no more, and the browsers that were not used for long. */
export async function forgetPastAttempts(tx: Tx, now: Date): Promise<void> {
  await tx.query(
    `delete from login_attempt where since <= $1::timestamptz - case when attempts = 0 then interval '${KNOWN_DAYS} days' else interval '1 day' end`,
    [now],
  );
}
