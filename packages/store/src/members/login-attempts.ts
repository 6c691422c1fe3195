import { createHash } from 'node:crypto';
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
  await tx.query('update login_attempt set attempts = greatest(attempts - 1, 0) where bucket = $1', [bucketOf(name)]);
}
