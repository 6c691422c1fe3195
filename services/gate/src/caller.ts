import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@keyturn/contracts';
import { type Authenticate, requireScope } from '@keyturn/store';
import type { HeldToken } from './held-tokens.ts';

/** Who sends, and what the platform is to see as its bearer. */
export type Caller = {
  readonly actor: string;
  /** Null: whatever the caller sent, who brought the platform's own token. */
  readonly bearer: string | null;
};
type Deps = { readonly authenticate: Authenticate; readonly heldToken: HeldToken };

/** A key of ours as a bearer, whole or not: it is for us alone, so nothing like it ever goes on to the platform. */
const OURS = /^(Bearer +)?kt_/i;
/** Whether the bearer is a key of ours, good or not. */
export const comesWithKey = ({ authorization }: IncomingHttpHeaders): boolean => OURS.test(authorization ?? '');

/** Who comes with the platform's token as bearer and is known by `X-Keyturn-Key`, or with a key of ours as bearer, for whom the gate sends with the token
 *  that it holds of the number. Throws `request.unauthenticated`, `request.forbidden` without scope `send`, `platform_token.not_found`. */
export async function callerOf({ authenticate, heldToken }: Deps, headers: IncomingHttpHeaders, phoneNumberId: string): Promise<Caller> {
  const { authorization, 'x-keyturn-key': key } = headers;
  const held = comesWithKey(headers);
  const caller = await authenticate(held ? authorization : key && `Bearer ${key}`).catch((error: unknown) => {
    throw held || key === undefined ? notOurs(error) : error;
  });
  requireScope(caller, 'send');
  if (!held) return { actor: caller.actor, bearer: null };
  const token = await heldToken(phoneNumberId);
  if (token === null)
    throw new AppError(
      'platform_token.not_found',
      'The gate holds no token of the platform for this number. An admin gives it one: `keyturn tokens set --number <phoneNumberId>`.',
    );
  return { actor: caller.actor, bearer: `Bearer ${token}` };
}

/** What a client of the platform takes for a bad token. */
function notOurs(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'request.unauthenticated') return error;
  return new AppError('request.unauthenticated', error.message, { cause: error, detail: { ...error.detail, by: 'bearer' } });
}
