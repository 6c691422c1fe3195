import type { ContactJson } from '@keyturn/contracts';
import { type ConsentState, type ContactState, consentSlice, contactSlice, type IdentityState, identitySlice } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { contactIdentifiers } from '../holdings.ts';
import { CONTACT_STATE } from '../slices/contact-columns.ts';

type Row = {
  contact_id: string;
  scope: string;
  version: number | null;
  identity: IdentityState | null;
  contact: ContactState | null;
  consent: ConsentState | null;
};

/** All that is known of these contacts, in the order asked; one that nobody has is left out. Of service windows those that are open at `now`. A
 *  merged contact is empty: ask for its survivor. */
export async function readContacts(tx: Tx, contactIds: readonly string[], now: Date): Promise<ContactJson[]> {
  if (contactIds.length === 0) return [];
  const { rows } = await tx.query<Row>({
    name: 'contacts.read',
    text: `select c.contact_id, c.scope, i.version, i.state as identity, ${CONTACT_STATE} as contact, k.state as consent
           from unnest($1::uuid[]) with ordinality as asked(contact_id, place)
           join contact c using (contact_id)
           left join identity_state i using (contact_id)
           left join contact_state s using (contact_id)
           left join consent_state k using (contact_id)
           order by asked.place`,
    values: [contactIds],
  });
  const who = await whoAre(tx, contactIds);
  return rows.map((row) => {
    const { serviceWindows, businessBlock = null, ...seen } = contactSlice.view(row.contact ?? contactSlice.empty, 0);
    return {
      contactId: row.contact_id,
      scope: row.scope,
      ...seen,
      identifiers: contactIdentifiers(who.get(row.contact_id)?.holdings ?? []),
      identity: identitySlice.view(row.identity ?? identitySlice.empty, row.version ?? 0),
      consent: consentSlice.view(row.consent ?? consentSlice.empty, 0),
      serviceWindows: serviceWindows.filter(({ endsAt }) => Date.parse(endsAt) > now.getTime()),
      businessBlocked: businessBlock !== null,
      businessBlock,
    };
  });
}
