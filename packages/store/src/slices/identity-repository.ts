import type { IdentityView } from '@keyturn/contracts';
import { type IdentityState, type IdentityTold, identitySlice } from '@keyturn/domain';
import { instants, integers, jsons, texts, uuids } from '../bind.ts';
import { atOnce, type Tx } from '../database.ts';
import { holdingsToJson } from '../holdings.ts';
import type { Repository, Saved } from '../repository.ts';
import { loadSlice } from './load-slice.ts';

/** The identity slice: one row a contact, with what the queue of open changes needs beside it; and who is to be sorted into it, and of whom the business may have to be asked. */
export const identityRepository: Repository<IdentityState, IdentityTold> = {
  load: (tx, contactIds) => loadSlice(tx, 'identity', contactIds, identitySlice.empty),

  async save(tx, changed) {
    const views = changed.map(({ stored }): IdentityView => identitySlice.view(stored.state, stored.version));
    const save = () =>
      tx.query({
        name: 'identity.save',
        text: `update identity_state s set version = c.version, state = c.state, holdings = coalesce(c.holdings, s.holdings),
               merged_into = case when c.holdings is null then s.merged_into else c.merged_into end,
               status = c.status, blocked_at = c.blocked_at, updated_at = c.updated_at
             from unnest($1::uuid[], $2::int[], $3::jsonb[], $4::jsonb[], $5::uuid[], $6::text[], $7::timestamptz[], $8::timestamptz[])
               as c(contact_id, version, state, holdings, merged_into, status, blocked_at, updated_at)
             where s.contact_id = c.contact_id`,
        values: [
          uuids(changed.map(({ contactId }) => contactId)),
          integers(changed.map(({ stored }) => stored.version)),
          jsons(changed.map(({ stored }) => JSON.stringify(stored.state))),
          jsons(changed.map(({ who }) => who && holdingsToJson(who.holdings))),
          uuids(changed.map(({ who }) => who?.mergedInto ?? null)),
          texts(views.map((view) => view.status)),
          instants(views.map((view) => view.blockedAt)),
          instants(changed.map(({ recordedAt }) => recordedAt)),
        ],
      });
    const moved = changed.filter(({ told }, i) => told.length > 0 && (views[i]?.status === 'blocked' || told.some(endsBlock)));
    await atOnce(tx, save, () => moved.length > 0 && dueForOthers(tx, moved));
  },
};

const dueForOthers = (tx: Tx, moved: readonly Pick<Saved<IdentityState, IdentityTold>, 'contactId'>[]) =>
  tx.query({
    name: 'identity.due',
    text: `with asked as (insert into verification_due (contact_id) select unnest($1::uuid[]))
           insert into open_change_due (contact_id) select unnest($1::uuid[])`,
    values: [moved.map(({ contactId }) => contactId)],
  });

const endsBlock = ({ type }: IdentityTold): boolean => type === 'identity.acknowledged' || type === 'identity.regrouped';
