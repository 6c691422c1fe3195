import type { Tx } from '../database.ts';

/** Who answers for a contact now, and in which scope: itself, or whom it was merged into. Null: nobody has this id. */
export async function survivorOf(tx: Tx, contactId: string): Promise<{ contactId: string; scope: string } | null> {
  const { rows } = await tx.query<{ survivor: string; scope: string }>({
    name: 'contact.survivor',
    text: 'select coalesce(merged_into, contact_id) as survivor, scope from contact where contact_id = $1',
    values: [contactId],
  });
  return rows[0] === undefined ? null : { contactId: rows[0].survivor, scope: rows[0].scope };
}
