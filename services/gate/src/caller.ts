import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@keyturn/contracts';
import type { Authenticate, Entry } from '@keyturn/store';
import type { HeldToken } from './held-tokens.ts';

/** A key of ours as a bearer, whole or not: it is for us alone, so nothing like it ever goes on to the platform. */
const OURS = /^(Bearer +)?kt_/i;
/** Whether the bearer is a key of ours, good or not. */
export const comesWithKey = ({ authorization }: IncomingHttpHeaders): boolean => OURS.test(authorization ?? '');

/** Who comes with the platform's token as bearer and is known by `X-Keyturn-Key`, or with a key of ours as bearer. Rejects with
 *  `request.unauthenticated`. */
export function callerOf(authenticate: Authenticate, headers: IncomingHttpHeaders): Entry {
  const { authorization, 'x-keyturn-key': key } = headers;
  const held = comesWithKey(headers);
  const entry = authenticate(held ? authorization : key && `Bearer ${key}`);
  return held || key === undefined ? { ...entry, caller: entry.caller.catch(notOurs) } : entry;
}

/** What the platform is to see as the bearer where a key of ours stands in its place: the token that the gate holds of the number. Null: whatever the caller
 *  sent, who brought the platform's own token. Rejects with `platform_token.not_found`. */
export async function bearerOf(heldToken: HeldToken, headers: IncomingHttpHeaders, phoneNumberId: string): Promise<string | null> {
  if (!comesWithKey(headers)) return null;
  const token = await heldToken(phoneNumberId);
  if (token === null)
    throw new AppError(
      'platform_token.not_found',
      'The gate holds no token of the platform for this number, or has not the KEYTURN_TOKEN_KEY of the console, which opens it. An admin gives it one: `keyturn tokens set --number <phoneNumberId>`.',
    );
  return `Bearer ${token}`;
}

/** What a client of the platform takes for a bad token. */
function notOurs(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== 'request.unauthenticated') throw error;
  throw new AppError('request.unauthenticated', error.message, { cause: error, detail: { ...error.detail, by: 'bearer' } });
}
