import type pg from 'pg';
import { type Tx, transact } from '../database.ts';

/** Says that what the queue sorts these contacts by may have moved. In the transaction that moved it. */
export async function dueForQueue(tx: Tx, contactIds: readonly string[]): Promise<void> {
  if (contactIds.length === 0) return;
  await tx.query({ name: 'queue.due', text: 'insert into open_change_due (contact_id) select unnest($1::uuid[])', values: [contactIds] });
}

/** Says that what is at stake for these contacts may have moved: of those among them whose block awaits a decision, to the queue and to whoever follows blocks. In
 *  the transaction that moved it. */
export async function dueWhereOpen(tx: Tx, contactIds: readonly string[]): Promise<void> {
  if (contactIds.length === 0) return;
  await tx.query({
    name: 'queue.due_where_open',
    text: `with open as (
             select contact_id from identity_state where contact_id = any($1::uuid[]) and status = 'blocked' and merged_into is null
           ), followed as (
             insert into verification_due (contact_id) select contact_id from open
           )
           insert into open_change_due (contact_id) select contact_id from open`,
    values: [contactIds],
  });
}

/** How many are looked at in one go. */
const MISSED_MAX = 5_000;

/** Finds blocks that are sorted in otherwise than they stand, as a release that knew no queue leaves them, and makes them due. Answers how many; none: all
 *  is as it should be; null: somebody else is at it. It reads what is open, and nothing else. */
export const dueWhereMissed = (pool: pg.Pool): Promise<number | null> =>
  transact(pool, async (tx) => {
    if (!(await takeTurn(tx))) return null;
    const { rowCount } = await tx.query({
      name: 'queue.missed',
      text: `insert into open_change_due (contact_id)
             (select i.contact_id from identity_state i left join open_change o using (contact_id) left join consent_state c using (contact_id)
              where i.status = 'blocked' and i.merged_into is null
                and (o.version is distinct from i.version or o.consent_version is distinct from coalesce(c.version, 0)) limit $1)
             union all
             (select o.contact_id from open_change o left join identity_state i using (contact_id)
              where i.status is distinct from 'blocked' or i.merged_into is not null limit $1)`,
      values: [MISSED_MAX],
    });
    return rowCount ?? 0;
  });

/** Whether the queue is this transaction's until it ends: one at a time sorts it. */
export async function takeTurn(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query<{ ours: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('keyturn queue'), hashtext(current_schema())) as ours`,
  );
  return rows[0]?.ours === true;
}
