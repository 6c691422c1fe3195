import { hash, timingSafeEqual } from 'node:crypto';
import { AppError, type Scope } from '@keyturn/contracts';
import type { KeyCheck } from '../api-keys.ts';
import { strangersInTurn } from './strangers.ts';

/** Who calls, and what for they were let in. `actor` goes into every record of what they do. */
type KeyCaller = { readonly actor: string; readonly name: string; readonly scopes: readonly Scope[] };
type Keys = {
  readonly check: (key: string) => Promise<KeyCheck>;
  /** The bootstrap key; absent: this service takes none. */
  readonly adminKey?: string;
};

/** Says who presents an `Authorization` header, or throws `request.unauthenticated`, or `request.crowded_out` while too many guess. */
export type Authenticate = (authorization: string | undefined) => Promise<KeyCaller>;

const refusals = {
  missing: 'Send your API key as `Authorization: Bearer <key>`. An admin makes one with `keyturn keys create` or POST /v1/keys.',
  unknown: 'Nobody has this API key. Check that it was copied in full; an admin makes a new one with `keyturn keys create`.',
  expired: 'This API key has expired. An admin makes a new one with `keyturn keys create`.',
  revoked: 'This API key was revoked. An admin makes a new one with `keyturn keys create`.',
};
const refuse = (why: keyof typeof refusals, more = '') =>
  new AppError('request.unauthenticated', refusals[why] + more, { detail: { reason: why } });
/** Whoever tries the key that `npm start` shows has copied it well. */
const NO_ADMIN_KEY = ' The key of KEYTURN_ADMIN_API_KEY is good at the console alone.';
const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** How much of the database those get who are not known yet. */
export const STRANGERS = { atOnce: 2, waitingMax: 100 };

/** Lets in whoever has a stored key, asked for each time so that a revoked one is out at once, and whoever has the bootstrap key. However many guess,
 *  two at a time are looked up. */
export function authenticator({ check, adminKey }: Keys): Authenticate {
  const admin = adminKey === undefined ? null : digest(adminKey);
  const inTurn = strangersInTurn(check, ({ kind }) => kind === 'good', STRANGERS);
  return async (authorization) => {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined) throw refuse('missing');
    const presented = digest(key);
    if (admin !== null && timingSafeEqual(presented, admin)) return { actor: 'key:bootstrap', name: 'bootstrap', scopes: ['admin'] };
    const found = await inTurn(key, presented.toString('base64'));
    if (found.kind !== 'good') throw refuse(found.kind, found.kind === 'unknown' && admin === null ? NO_ADMIN_KEY : '');
    return { actor: `key:${found.keyId}`, name: found.name, scopes: found.scopes };
  };
}
