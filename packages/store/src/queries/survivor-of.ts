import { AppError } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

type Survivor = { readonly contactId: string; readonly scope: string };

/** Who answers for a contact now, and in which scope: itself, or whom it was merged into. Null: nobody has this id. */
export async function survivorOf(tx: Tx, contactId: string): Promise<Survivor | null> {
  const { rows } = await tx.query<{ survivor: string; scope: string }>({
    name: 'contact.survivor',
    text: 'select coalesce(merged_into, contact_id) as survivor, scope from contact where contact_id = $1',
    values: [contactId],
  });
  return rows[0] === undefined ? null : { contactId: rows[0].survivor, scope: rows[0].scope };
}

/** The same. Throws `contact.not_found` where nobody has this id. */
export async function requireSurvivor(tx: Tx, contactId: string): Promise<Survivor> {
  const found = await survivorOf(tx, contactId);
  if (found !== null) return found;
  throw new AppError('contact.not_found', 'No contact has this id. Search for the person with POST /v1/contacts/search.');
}
