import { type ContactState, type Identifier, type MirrorAction, type Mirrored, mirrorActions } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { CONTACT_STATE } from '../slices/contact-columns.ts';

/** An action at the platform with the scope of whom it is about. */
export type MirrorJob = MirrorAction & { readonly scope: string };

/** What there is to do at the platform for these contacts now. Reads only, without a lock: a contact that changes meanwhile is due again. */
export async function mirrorWork(tx: Tx, contactIds: readonly string[], now: Date): Promise<MirrorJob[]> {
  const contacts = await tx.query<{ contact_id: string; scope: string; state: ContactState }>({
    name: 'block_mirror.contacts',
    text: `select contact_id, c.scope, ${CONTACT_STATE} as state from contact c join contact_state s using (contact_id)
           where contact_id = any($1::uuid[]) and s.business_blocked_at is not null`,
    values: [contactIds],
  });
  const rows = await mirroredOf(tx, contactIds, now);
  const scopes = new Map(
    [...rows, ...contacts.rows.map(({ contact_id, scope }) => ({ contactId: contact_id, scope }))].map(({ contactId, scope }) => [
      contactId,
      scope,
    ]),
  );
  const states = contacts.rows.map(({ contact_id, state }) => ({ contactId: contact_id, state }));
  return mirrorActions(states, rows, Math.floor(now.getTime() / 1000)).map((action) => ({
    ...action,
    scope: scopes.get(action.contactId) as string,
  }));
}

/** What was asked of the platform about these contacts, or about identifiers that they hold or held. Where a merge is known to the directory and not to the slice yet,
 *  the block of the one that was merged counts: what is taken back at the platform can't be set again before the person writes. */
export async function mirroredOf(tx: Tx, contactIds: readonly string[], now: Date): Promise<(Mirrored & { readonly scope: string })[]> {
  const { rows } = await tx.query<{
    phone_number_id: string;
    scope: string;
    identifier: Identifier;
    contact_id: string;
    mirrored_at: Date | null;
    refused_code: number | null;
    wanted: boolean;
  }>({
    name: 'block_mirror.mirrored',
    text: `with mine as (
             select m.phone_number_id, m.scope, m.identifier, m.contact_id as about from block_mirror m where m.contact_id = any($1::uuid[])
             union all
             select m.phone_number_id, m.scope, m.identifier, p.contact_id from identifier_period p
             join block_mirror m on m.scope = p.scope and m.identifier = p.identifier where p.contact_id = any($1::uuid[])
           )
           select distinct on (m.phone_number_id, m.scope, m.identifier)
             m.phone_number_id, m.scope, m.identifier, mine.about as contact_id, m.mirrored_at, m.refused_code,
             holder.business_blocked_at is not null
               or (merged.merged_into = held.contact_id and former.business_blocked_at is not null) is true as wanted
           from mine join block_mirror m using (phone_number_id, scope, identifier)
           left join lateral (
             select p.contact_id from identifier_period p
             where p.scope = m.scope and p.identifier = m.identifier and p."from" <= $2 order by p."from" desc limit 1
           ) as held on true
           left join contact_state holder on holder.contact_id = held.contact_id
           left join contact merged on merged.contact_id = m.contact_id
           left join contact_state former on former.contact_id = m.contact_id
           order by m.phone_number_id, m.scope, m.identifier, mine.about`,
    values: [contactIds, now],
  });
  return rows.map(({ phone_number_id, contact_id, mirrored_at, refused_code, ...row }) => ({
    ...row,
    phoneNumberId: phone_number_id,
    contactId: contact_id,
    mirroredAt: mirrored_at?.toISOString() ?? null,
    refusedCode: refused_code,
  }));
}
