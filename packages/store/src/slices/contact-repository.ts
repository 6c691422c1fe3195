import { AppError } from '@keyturn/contracts';
import { businessBlockOf, type ContactState, type ContactTold, contactSlice, profileNameOf } from '@keyturn/domain';
import { instants, integers, jsons, texts, uuids } from '../bind.ts';
import { dueForMirror } from '../block-mirror/due.ts';
import { atOnce, type Tx } from '../database.ts';
import { holdingsToJson } from '../holdings.ts';
import type { Repository, Saved } from '../repository.ts';
import { loadSlice } from './load-slice.ts';

/** The contact slice. Its version is that of the directory's row, for both tell on one topic: whoever tells locks that row, before anything is put in the
 *  outbox. `save` throws `store.conflict` where the directory has told of a contact since it was loaded. */
export const contactRepository: Repository<ContactState, ContactTold> = {
  load: (tx, contactIds) => loadSlice(tx, 'contact', contactIds, contactSlice.empty),

  async save(tx, changed) {
    const shown = changed.map(({ stored: { state } }) => ({ profileName: profileNameOf(state), block: businessBlockOf(state) }));
    const save = () =>
      tx.query({
        name: 'contact.save',
        text: `update contact_state s set state = c.state, holdings = coalesce(c.holdings, s.holdings),
               merged_into = case when c.holdings is null then s.merged_into else c.merged_into end, profile_name = c.profile_name,
               updated_at = c.updated_at, business_blocks = c.business_blocks, business_blocked_at = c.business_blocked_at,
               blocked_wrote_at = c.blocked_wrote_at
             from unnest($1::uuid[], $2::jsonb[], $3::jsonb[], $4::uuid[], $5::text[], $6::timestamptz[], $7::jsonb[], $8::timestamptz[],
                         $9::timestamptz[])
               as c(contact_id, state, holdings, merged_into, profile_name, updated_at, business_blocks, business_blocked_at, blocked_wrote_at)
             where s.contact_id = c.contact_id`,
        values: [
          uuids(changed.map(({ contactId }) => contactId)),
          jsons(changed.map(({ stored: { state } }) => JSON.stringify({ kept: state.kept, held: state.held }))),
          jsons(changed.map(({ who }) => who && holdingsToJson(who.holdings))),
          uuids(changed.map(({ who }) => who?.mergedInto ?? null)),
          texts(shown.map(({ profileName }) => profileName)),
          instants(changed.map(({ recordedAt }) => recordedAt)),
          jsons(changed.map(({ stored }) => JSON.stringify(stored.state.blocks))),
          instants(shown.map(({ block }) => block?.blockedAt ?? null)),
          instants(shown.map(({ block }) => block?.wroteAt ?? null)),
        ],
      });
    const blocking = ({ stored, told }: (typeof changed)[number]) =>
      Object.keys(stored.state.blocks).length > 0 || told.some(({ type }) => type === 'contact.business_unblocked');
    const due = changed.filter(blocking).map(({ contactId }) => contactId);
    const told = changed.filter((one) => one.told.length > 0);
    await atOnce(
      tx,
      save,
      () => dueForMirror(tx, due),
      () => told.length > 0 && saveVersions(tx, told),
    );
  },
};

/** In contact order, as the directory locks them. */
async function saveVersions(
  tx: Tx,
  told: readonly Pick<Saved<ContactState, ContactTold>, 'contactId' | 'stored' | 'told'>[],
): Promise<void> {
  const contactIds = uuids(told.map(({ contactId }) => contactId));
  const lock = () =>
    tx.query({
      name: 'contact.lock',
      text: 'select from contact where contact_id = any($1::uuid[]) order by contact_id for update',
      values: [contactIds],
    });
  const move = () =>
    tx.query({
      name: 'contact.version',
      text: `update contact c set version = n.version from unnest($1::uuid[], $2::int[], $3::int[]) as n(contact_id, was, version)
           where c.contact_id = n.contact_id and c.version = n.was`,
      values: [
        contactIds,
        integers(told.map((one) => one.stored.version - one.told.length)),
        integers(told.map(({ stored }) => stored.version)),
      ],
    });
  const [, { rowCount }] = await atOnce(tx, lock, move);
  if (rowCount !== told.length) throw new AppError('store.conflict', 'the directory told of a contact while its slice was decided on');
}
