import type { Tx } from '../database.ts';
import { newToken, tokenHash } from '../tokens.ts';

/** Makes the link of a member, or (null) of the first admin, and answers its token; the one before is of no use any more. */
export async function makeLink(tx: Tx, memberId: string | null, now: Date, expiresAt: Date): Promise<string> {
  const token = newToken();
  await tx.query(
    `insert into one_time_link (token_hash, member_id, created_at, expires_at) values ($1, $2, $3, $4)
     on conflict (coalesce(member_id, '00000000-0000-0000-0000-000000000000')) do update
     set token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at`,
    [tokenHash(token), memberId, now, expiresAt],
  );
  return token;
}

/** Whose link it is; null: nobody's, or not any more. Changes nothing: whoever guesses is to cost no more than a read. */
export async function readLink(tx: Tx, token: string, now: Date): Promise<{ memberId: string | null } | null> {
  const { rows } = await tx.query<{ memberId: string | null }>(
    'select member_id as "memberId" from one_time_link where token_hash = $1 and expires_at > $2',
    [tokenHash(token), now],
  );
  return rows[0] ?? null;
}

/** Uses a link up. Of two at once one does; false: there is none any more. */
export async function takeLink(tx: Tx, token: string, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query('delete from one_time_link where token_hash = $1 and expires_at > $2', [tokenHash(token), now]);
  return rowCount === 1;
}
