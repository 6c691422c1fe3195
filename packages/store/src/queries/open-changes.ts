import type { AskedOfBusiness, IdentityChangeAwaits, IdentityChangeJson } from '@keyturn/contracts';
import { type ContactState, contactSlice, type IdentityState, identitySlice } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { contactIdentifiers, type HoldingsJson, holdingsFromJson } from '../holdings.ts';
import { CONTACT_STATE } from '../slices/contact-columns.ts';

/** Where a page of open changes ended. */
export type ChangePlace = { readonly blockedAt: string; readonly contactId: string };
type Row = {
  contact_id: string;
  scope: string;
  version: number;
  state: IdentityState;
  holdings: HoldingsJson;
  blocked_at: Date;
  contact: ContactState | null;
  request_id: string | null;
  endpoint: string;
  request_status: AskedOfBusiness['status'];
  valid_until: Date;
};

/** The blocks that await a decision, oldest first, from after a place on (null: from the start). As many as asked for, unless there are no more. A
 *  block that stays open while somebody pages is on exactly one page, however many others come and go. `awaits`: only those whose turn it is; null: all. */
export async function openChanges(
  tx: Tx,
  limit: number,
  after: ChangePlace | null,
  awaits: IdentityChangeAwaits | null = null,
): Promise<IdentityChangeJson[]> {
  const { rows } = await tx.query<Row>({
    name: after === null ? 'identity.open' : 'identity.open-after',
    text: `select i.contact_id, c.scope, i.version, i.state, i.holdings, i.blocked_at, ${CONTACT_STATE} as contact,
             v.request_id, v.endpoint, v.status as request_status, v.valid_until
           from identity_state i join contact c using (contact_id) left join contact_state s using (contact_id)
             left join verification v on v.contact_id = i.contact_id and v.version = i.version
           where ($2::boolean is null or $2 = coalesce(v.status in ('waiting', 'delivered'), false)) and i.status = 'blocked' and i.merged_into is null ${after === null ? '' : 'and (i.blocked_at, i.contact_id) > ($3::timestamptz, $4::uuid)'}
           order by i.blocked_at, i.contact_id limit $1`,
    values: [limit, awaits === null ? null : awaits === 'business', ...(after === null ? [] : [after.blockedAt, after.contactId])],
  });
  const who = await whoAre(
    tx,
    rows.map((row) => row.contact_id),
  );
  return rows.map((row) => {
    const now = who.get(row.contact_id);
    const holdings = now === undefined || now.mergedInto !== null ? holdingsFromJson(row.holdings) : now.holdings;
    return {
      contactId: row.contact_id,
      scope: row.scope,
      profileName: contactSlice.view(row.contact ?? contactSlice.empty, 0).profileName,
      identifiers: contactIdentifiers(holdings),
      identity: identitySlice.view(row.state, row.version),
      since: row.blocked_at.toISOString(),
      ...(row.request_id === null ? {} : { verification: askedOf(row, row.request_id) }),
    };
  });
}

const askedOf = ({ endpoint, request_status, valid_until }: Row, requestId: string): AskedOfBusiness => ({
  ...{ requestId, endpoint, status: request_status, validUntil: valid_until.toISOString() },
});
