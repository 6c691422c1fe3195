import { type ConsentState, type ConsentTold, consentSlice, type LedgerRow } from '@keyturn/domain';
import { instants, integers, jsons, texts, uuids } from '../bind.ts';
import { atOnce, type Tx } from '../database.ts';
import { holdingsToJson } from '../holdings.ts';
import { dueWhereOpen } from '../queue/due.ts';
import type { Repository } from '../repository.ts';
import { loadSlice } from './load-slice.ts';

/** The consent slice: registers in one row a contact, and the ledger, whose rows never change. */
export const consentRepository: Repository<ConsentState, ConsentTold> = {
  load: (tx, contactIds) => loadSlice(tx, 'consent', contactIds, consentSlice.empty),

  async save(tx, changed) {
    const save = () =>
      tx.query({
        name: 'consent.save',
        text: `update consent_state s set version = c.version, state = c.state, holdings = coalesce(c.holdings, s.holdings),
               merged_into = case when c.holdings is null then s.merged_into else c.merged_into end, updated_at = c.updated_at
             from unnest($1::uuid[], $2::int[], $3::jsonb[], $4::jsonb[], $5::uuid[], $6::timestamptz[])
               as c(contact_id, version, state, holdings, merged_into, updated_at)
             where s.contact_id = c.contact_id`,
        values: [
          uuids(changed.map(({ contactId }) => contactId)),
          integers(changed.map(({ stored }) => stored.version)),
          jsons(changed.map(({ stored }) => JSON.stringify(stored.state))),
          jsons(changed.map(({ who }) => who && holdingsToJson(who.holdings))),
          uuids(changed.map(({ who }) => who?.mergedInto ?? null)),
          instants(changed.map(({ recordedAt }) => recordedAt)),
        ],
      });
    const atStake = changed.filter(({ told }) => told.some(({ type }) => type !== 'consent.recorded')).map(({ contactId }) => contactId);
    const entries = changed.flatMap(({ contactId, told, actor, recordedAt }) =>
      told.flatMap(({ ledger }) => (ledger === undefined ? [] : [{ contactId, actor, recordedAt, ...ledger }])),
    );
    await atOnce(
      tx,
      save,
      () => dueWhereOpen(tx, atStake),
      () => entries.length > 0 && record(tx, entries),
    );
  },
};

type Entry = LedgerRow & { readonly contactId: string; readonly actor: string; readonly recordedAt: string };
const record = (tx: Tx, entries: readonly Entry[]) =>
  tx.query({
    name: 'consent.record',
    text: `insert into consent_ledger
             (contact_id, fact_id, identifier, phone_number_id, kind, categories, source, evidence, actor, occurred_at, recorded_at)
           select contact_id, fact_id, identifier, phone_number_id, kind, string_to_array(categories, ','), source, evidence, actor, occurred_at, recorded_at
           from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::text[],
                       $10::timestamptz[], $11::timestamptz[])
             as e(contact_id, fact_id, identifier, phone_number_id, kind, categories, source, evidence, actor, occurred_at, recorded_at)
           on conflict do nothing`,
    values: [
      uuids(entries.map((entry) => entry.contactId)),
      texts(entries.map((entry) => entry.factId)),
      texts(entries.map((entry) => entry.as)),
      texts(entries.map((entry) => entry.on)),
      texts(entries.map((entry) => entry.fact.kind)),
      texts(entries.map((entry) => entry.fact.categories.join(','))),
      texts(entries.map((entry) => entry.fact.source)),
      jsons(entries.map((entry) => JSON.stringify(entry.fact.evidence))),
      texts(entries.map((entry) => entry.actor)),
      instants(entries.map((entry) => entry.fact.occurredAt)),
      instants(entries.map((entry) => entry.recordedAt)),
    ],
  });
