import { type IdentityState, identitySlice, type Stored } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { type HoldingsJson, holdingsFromJson } from '../holdings.ts';

type Row = { version: number; state: IdentityState; holdings: HoldingsJson; merged_into: string | null };

/** What the identity slice has of a contact, without a lock: whoever decides on it looks again under one. Of whom it never heard: nothing seen,
 *  version 0. */
export async function readIdentity(tx: Tx, contactId: string): Promise<Stored<IdentityState>> {
  const { rows } = await tx.query<Row>({
    name: 'identity.read',
    text: 'select version, state, holdings, merged_into from identity_state where contact_id = $1',
    values: [contactId],
  });
  const row = rows[0];
  if (row === undefined) return { state: identitySlice.empty, version: 0, holdings: [], mergedInto: null };
  return { state: row.state, version: row.version, holdings: holdingsFromJson(row.holdings), mergedInto: row.merged_into };
}
