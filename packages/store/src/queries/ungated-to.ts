import type { UngatedJson } from '@keyturn/contracts';
import type { Holding } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { holdingColumns } from '../holdings.ts';

/** A contact, what it held, in which scope, and since when it has been blocked. */
export type UngatedAsked = {
  readonly contactId: string;
  readonly scope: string;
  readonly holdings: readonly Holding[];
  readonly since: string;
};

/** What went to these contacts past the gate since they were blocked, by contact; of whom there is nothing, nothing. */
export async function ungatedTo(tx: Tx, asked: readonly UngatedAsked[]): Promise<ReadonlyMap<string, UngatedJson>> {
  const held = asked.flatMap(({ holdings, ...one }) => holdings.map((holding) => ({ ...one, ...holding })));
  if (held.length === 0) return new Map();
  const { rows } = await tx.query<{ contact_id: string; messages: number; last_at: Date; phone_number_ids: string[] }>({
    name: 'outbound.ungated-to',
    text: `select h.contact_id, count(*)::int as messages, max(u.sent_at) as last_at, array_agg(distinct u.phone_number_id) as phone_number_ids
           from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[])
             as h(contact_id, scope, identifier, "from", "to", since)
           join outbound_ungated u on u.identifier = h.identifier and u.sent_at >= greatest(h."from", h.since) and u.sent_at < h."to"
           join waba_scope w on w.waba_id = u.waba_id and w.scope = h.scope
           where not exists (select from outbound_sent s where s.wamid = u.wamid)
           group by h.contact_id`,
    values: [
      held.map(({ contactId }) => contactId),
      held.map(({ scope }) => scope),
      ...holdingColumns(held),
      held.map(({ since }) => since),
    ],
  });
  return new Map(
    rows.map(({ contact_id, messages, last_at, phone_number_ids }) => [
      contact_id,
      { messages, lastAt: last_at.toISOString(), phoneNumberIds: phone_number_ids },
    ]),
  );
}
