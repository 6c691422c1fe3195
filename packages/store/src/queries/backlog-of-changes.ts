import type { Tx } from '../database.ts';

/** How far the count goes; a larger backlog is told as this. */
export const BACKLOG_MAX = 10_000;

/** How many blocks await a decision (`BACKLOG_MAX`: so many or more), and since when the oldest does; null: none. It reads that many entries of one
 *  index in its order, whatever the tables hold. */
export async function backlogOfChanges(tx: Tx): Promise<{ open: number; oldestSince: Date | null }> {
  const { rows } = await tx.query<{ open: number; oldest: Date | null }>({
    name: 'identity.backlog',
    text: `select count(*)::int as open, min(blocked_at) as oldest
           from (select blocked_at from identity_state where status = 'blocked' and merged_into is null order by blocked_at, contact_id limit $1) first`,
    values: [BACKLOG_MAX],
  });
  return { open: rows[0]?.open ?? 0, oldestSince: rows[0]?.oldest ?? null };
}
