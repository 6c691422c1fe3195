import { AppError, MINUTE_MS } from '@keyturn/contracts';
import { countAttempt, type Tx } from '@keyturn/store';
import type { Response } from 'express';

const WITHIN_MS = 15 * MINUTE_MS;
const BOUNDS = { address: { attemptsMax: 50, withinMs: WITHIN_MS }, account: { attemptsMax: 10, withinMs: WITHIN_MS } } as const;

/** The name under which tries are counted. */
export const tries = {
  ofAddress: (address: string): string => `address:${address}`,
  ofAccount: (email: string): string => `account:${email.toLowerCase()}`,
};

/** Counts a try before it is made; an account that nobody has is counted like any other. Throws `login.throttled`, and says when the next one may be made. */
export async function countTry(tx: Tx, kind: keyof typeof BOUNDS, name: string, { res, now }: { res: Response; now: Date }): Promise<void> {
  const nextAt = await countAttempt(tx, name, BOUNDS[kind], now);
  if (nextAt === null) return;
  const seconds = Math.max(1, Math.ceil((nextAt.getTime() - now.getTime()) / 1_000));
  res.set('retry-after', String(seconds));
  throw new AppError(
    'login.throttled',
    `Too many tries to sign in ${kind === 'account' ? 'to this account' : 'from this address'}. The next one may be made in ${Math.ceil(seconds / 60)} min; who has a session keeps it.`,
    { detail: { retryAfterSeconds: seconds } },
  );
}
