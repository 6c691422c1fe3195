import type { Tx } from '../database.ts';
import { newToken, tokenHash } from '../tokens.ts';

/** What a browser that comes back from the organisation's login is held to, and where it goes then. */
export type OidcLogin = { readonly state: string; readonly nonce: string; readonly verifier: string; readonly to: string };

/** Keeps it until the browser is back, and answers the token by which that browser is known. */
export async function keepOidcLogin(tx: Tx, { state, nonce, verifier, to }: OidcLogin, expiresAt: Date): Promise<string> {
  const token = newToken();
  await tx.query('insert into oidc_login (token_hash, state, nonce, verifier, "to", expires_at) values ($1, $2, $3, $4, $5, $6)', [
    tokenHash(token),
    state,
    nonce,
    verifier,
    to,
    expiresAt,
  ]);
  return token;
}

/** Takes it up, once; null: it was, or is too old, or nobody's. */
export async function takeOidcLogin(tx: Tx, token: string, now: Date): Promise<OidcLogin | null> {
  const { rows } = await tx.query<OidcLogin>(
    'delete from oidc_login where token_hash = $1 and expires_at > $2 returning state, nonce, verifier, "to"',
    [tokenHash(token), now],
  );
  return rows[0] ?? null;
}
