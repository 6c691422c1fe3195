import type { BlockedContactJson, BusinessBlockEntryJson, MirroredBlockJson } from '@keyturn/contracts';
import { type ContactState, contactSlice, identifierParts } from '@keyturn/domain';
import { mirroredOf } from '../block-mirror/mirror-work.ts';
import type { Tx } from '../database.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { contactIdentifiers, type HoldingsJson, holdingsFromJson } from '../holdings.ts';
import { CONTACT_STATE } from '../slices/contact-columns.ts';
import { timelineOf } from './timeline.ts';

/** Where a page of blocked contacts ended. */
export type BlockPlace = { readonly blockedAt: string; readonly contactId: string };
type Row = { contact_id: string; scope: string; state: ContactState; holdings: HoldingsJson };

/** Who is blocked by choice, the newest block first, from after a place on (null: from the newest); `wrote`: those alone who wrote or called since. */
export async function blockedContacts(tx: Tx, wrote: boolean, limit: number, after: BlockPlace | null): Promise<BlockedContactJson[]> {
  const { rows } = await tx.query<Row>({
    name: `contact.blocked${wrote ? '-wrote' : ''}${after === null ? '' : '-after'}`,
    text: `select contact_id, c.scope, ${CONTACT_STATE} as state, s.holdings from contact_state s join contact c using (contact_id)
           where s.business_blocked_at is not null ${wrote ? 'and s.blocked_wrote_at is not null' : ''}
             ${after === null ? '' : 'and (s.business_blocked_at, s.contact_id) < ($2::timestamptz, $3::uuid)'}
           order by s.business_blocked_at desc, s.contact_id desc limit $1`,
    values: after === null ? [limit] : [limit, after.blockedAt, after.contactId],
  });
  const who = await whoAre(
    tx,
    rows.map((row) => row.contact_id),
  );
  return rows.flatMap(({ contact_id: contactId, scope, state, holdings }) => {
    const { profileName, businessBlock } = contactSlice.view(state, 0);
    const now = who.get(contactId);
    const held = now === undefined || now.mergedInto !== null ? holdingsFromJson(holdings) : now.holdings;
    return businessBlock === undefined ? [] : [{ contactId, scope, profileName, identifiers: contactIdentifiers(held), businessBlock }];
  });
}

const TYPES = ['contact.business_blocked', 'contact.business_unblocked', 'contact.blocked_person_wrote'] as const;

/** What happened to a contact's blocks by choice, and to those of contacts merged into it, newest first, from before a place on (null: from the
 *  newest). */
export async function blockHistory(
  tx: Tx,
  contactId: string,
  limit: number,
  before: string | null,
): Promise<(BusinessBlockEntryJson & { readonly place: string })[]> {
  const rows = await timelineOf(tx, contactId, limit, before, TYPES);
  return rows.map(({ place, id, contactId: of, type, occurredAt, recordedAt, actor, detail }) => {
    const { reason = null, note = null } = (detail as Detail)?.decision ?? {};
    return { place, id, contactId: of, type: type as BusinessBlockEntryJson['type'], occurredAt, recordedAt, actor, reason, note };
  });
}
type Detail = { readonly decision?: { readonly reason: string; readonly note?: string } } | null;

/** Where the platform blocks a contact too, or was asked to. */
export async function mirroredBlocks(tx: Tx, contactId: string, now: Date): Promise<MirroredBlockJson[]> {
  const rows = await mirroredOf(tx, [contactId], now);
  return rows.map(({ phoneNumberId, identifier, mirroredAt, refusedCode }) => ({
    ...{ phoneNumberId, identifier: identifierParts(identifier), mirroredAt, refusedCode },
  }));
}
