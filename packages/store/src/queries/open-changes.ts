import { type AskedOfBusiness, ConsentCategory, type IdentityChangeJson } from '@keyturn/contracts';
import { type ConsentState, type ContactState, consentSlice, contactSlice, type IdentityState, identitySlice } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { contactIdentifiers, type HoldingsJson, holdingsFromJson } from '../holdings.ts';
import type { Meant } from '../queue/meant.ts';
import { type ChangePlace, pageOf } from '../queue/page-of.ts';
import { ungatedTo } from './ungated-to.ts';

type Row = {
  contact_id: string;
  scope: string;
  version: number;
  state: IdentityState;
  holdings: HoldingsJson;
  blocked_at: Date;
  contact: ContactState | null;
  consent: ConsentState | null;
  request_id: string | null;
  endpoint: string;
  request_status: AskedOfBusiness['status'];
  valid_until: Date;
};

/** The blocks that await a decision, or those among them that are meant, oldest first, from after a place on (null: from the start). As many as asked for,
 *  unless there are no more. A block that stays open while somebody pages is on exactly one page, however many others come and go. */
export async function openChanges(
  tx: Tx,
  limit: number,
  after: ChangePlace | null,
  meant: Meant = { along: null, others: [], before: null },
): Promise<IdentityChangeJson[]> {
  const { rows } = await tx.query<Row>(pageOf(limit, after, meant));
  const who = await whoAre(
    tx,
    rows.map((row) => row.contact_id),
  );
  const found = rows.map((row) => {
    const now = who.get(row.contact_id);
    const holdings = now === undefined || now.mergedInto !== null ? holdingsFromJson(row.holdings) : now.holdings;
    return { row, holdings };
  });
  const past = await ungatedTo(
    tx,
    found.map(({ row, holdings }) => ({ contactId: row.contact_id, scope: row.scope, holdings, since: row.blocked_at.toISOString() })),
  );
  return found.map(({ row, holdings }) => {
    const ungated = past.get(row.contact_id);
    return {
      contactId: row.contact_id,
      scope: row.scope,
      profileName: contactSlice.view(row.contact ?? contactSlice.empty, 0).profileName,
      identifiers: contactIdentifiers(holdings),
      identity: identitySlice.view(row.state, row.version),
      since: row.blocked_at.toISOString(),
      stake: optedInTo(row.consent),
      ...(row.request_id === null ? {} : { verification: askedOf(row, row.request_id) }),
      ...(ungated === undefined ? {} : { ungated }),
    };
  });
}

function optedInTo(state: ConsentState | null): ConsentCategory[] {
  const consent = consentSlice.view(state ?? consentSlice.empty, 0);
  return ConsentCategory.options.filter((category) => consent[category].status === 'opted_in');
}

const askedOf = ({ endpoint, request_status, valid_until }: Row, requestId: string): AskedOfBusiness => ({
  ...{ requestId, endpoint, status: request_status, validUntil: valid_until.toISOString() },
});
