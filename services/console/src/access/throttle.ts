import { AppError, HOUR_MS, MINUTE_MS } from '@keyturn/contracts';
import { countAttempt, type Tx } from '@keyturn/store';
import type { Response } from 'express';

const WITHIN_MS = 15 * MINUTE_MS;
/** Whoever guesses from one place is held up there, so nobody is held up by a stranger. From everywhere together an account takes more, and slower: that bound holds who
 *  guesses from many places, and not a browser by which the account was signed in to before. */
const BOUNDS = {
  address: { attemptsMax: 50, withinMs: WITHIN_MS, whose: 'from this address' },
  browser: { attemptsMax: 10, withinMs: WITHIN_MS, whose: 'to this account from this browser' },
  source: { attemptsMax: 10, withinMs: WITHIN_MS, whose: 'to this account from this address' },
  account: { attemptsMax: 60, withinMs: HOUR_MS, whose: 'to this account' },
} as const;

/** What tries are counted for, and under which name. */
export type Counted = { readonly kind: keyof typeof BOUNDS; readonly name: string };
const accountOf = (email: string): string => `account:${email.toLowerCase()}`;
/** The names under which tries are counted. */
export const tries = {
  ofAddress: (address: string): Counted => ({ kind: 'address', name: `address:${address}` }),
  /** By a browser that is known (its token), else from an address, and from everywhere. */
  ofAccount: (email: string, address: string, known: string | null): readonly [Counted, ...Counted[]] =>
    known === null
      ? [
          { kind: 'source', name: `${accountOf(email)} from ${address}` },
          { kind: 'account', name: accountOf(email) },
        ]
      : [{ kind: 'browser', name: `${accountOf(email)} by ${known}` }],
};

/** Counts a try before it is made; an account that nobody has is counted like any other. Throws `login.throttled`, and says when the next one may be made. */
export async function countTry(tx: Tx, { kind, name }: Counted, { res, now }: { res: Response; now: Date }): Promise<void> {
  const nextAt = await countAttempt(tx, name, BOUNDS[kind], now);
  if (nextAt === null) return;
  const seconds = Math.max(1, Math.ceil((nextAt.getTime() - now.getTime()) / 1_000));
  res.set('retry-after', String(seconds));
  throw new AppError(
    'login.throttled',
    `Too many tries to sign in ${BOUNDS[kind].whose}. The next one may be made in ${Math.ceil(seconds / 60)} min; who has a session keeps it.`,
    { detail: { retryAfterSeconds: seconds } },
  );
}
