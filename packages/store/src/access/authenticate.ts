import { hash, timingSafeEqual } from 'node:crypto';
import { AppError, type Scope } from '@keyturn/contracts';
import type { KeyCheck } from '../api-keys.ts';
import { isAllowed, requireScope } from './allow.ts';
import { strangersInTurn } from './strangers.ts';

/** Who calls, and what for they were let in. `actor` goes into every record of what they do. */
export type KeyCaller = { readonly actor: string; readonly name: string; readonly scopes: readonly Scope[] };
type Keys = {
  readonly check: (key: string) => Promise<KeyCheck>;
  /** The bootstrap key; absent: this service takes none. */
  readonly adminKey?: string;
};

/** Says who presents an `Authorization` header, or rejects with `request.unauthenticated`, or `request.crowded_out` while too many guess. */
export type Authenticate = (authorization: string | undefined) => Entry;
/** Somebody who wants to come in. `lastScopes`: what for they were let in the last time, so that this may be got ready while they are looked at; null: they
 *  are not known. */
export type Entry = { readonly lastScopes: readonly Scope[] | null; readonly caller: Promise<KeyCaller> };

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
const digest = (text: string): string => hash('sha256', text, 'base64');
const sameDigest = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** How much of the database those get who are not known yet. */
export const STRANGERS = { atOnce: 2, waitingMax: 100 };

/** Lets in whoever has a stored key, asked for each time so that a revoked one is out at once, and whoever has the bootstrap key. However many guess,
 *  two at a time are looked up. */
export function authenticator({ check, adminKey }: Keys): Authenticate {
  const admin = adminKey === undefined ? null : digest(adminKey);
  const { ask, last } = strangersInTurn(check, ({ kind }) => kind === 'good', STRANGERS);
  const letIn = async (key: string | undefined, presented: string): Promise<KeyCaller> => {
    if (key === undefined) throw refuse('missing');
    if (admin !== null && sameDigest(presented, admin)) return { actor: 'key:bootstrap', name: 'bootstrap', scopes: ['admin'] };
    const found = await ask(key, presented);
    if (found.kind !== 'good') throw refuse(found.kind, found.kind === 'unknown' && admin === null ? NO_ADMIN_KEY : '');
    return { actor: `key:${found.keyId}`, name: found.name, scopes: found.scopes };
  };
  return (authorization) => {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    const presented = digest(key ?? '');
    const known = last(presented);
    return { lastScopes: known?.kind === 'good' ? known.scopes : null, caller: letIn(key, presented) };
  };
}

/** What `work` comes to, for whoever has the scope. Whoever was let in for it before is looked at meanwhile, everybody else first; and that somebody may not
 *  outranks whatever became of the work, which must change nothing. */
export async function forCaller<Result>(
  { lastScopes, caller }: Entry,
  scope: Scope,
  work: () => Promise<Result>,
): Promise<[KeyCaller, Result]> {
  if (lastScopes === null || !isAllowed(lastScopes, scope)) requireScope(await caller, scope);
  caller.catch(() => {}); // whatever it is, it is told when the work is done
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    requireScope(await caller, scope);
    throw error;
  }
  const who = await caller;
  requireScope(who, scope);
  return [who, result];
}
