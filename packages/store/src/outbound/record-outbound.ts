import type { InboundEvent } from '@keyturn/contracts';
import { bsuidNamespace, type OutboundFact, outboundFact, outboundRanks, UNGATED_AFTER_SECONDS } from '@keyturn/domain';
import type pg from 'pg';
import { doubles, smallints, texts } from '../bind.ts';
import type { Tx } from '../database.ts';
import { scopesOf } from '../directory/waba-scopes.ts';

/** What these events say of messages of ours, in the words of the scope that each WABA is believed to be in. Nobody is looked up: whom a fact is about is
 *  asked when it is read. */
export async function outboundFacts(
  pool: pg.Pool,
  events: readonly InboundEvent[],
): Promise<(OutboundFact & { readonly scope: string })[]> {
  if (events.length === 0) return [];
  const scopes = await scopesOf(pool, events);
  return events.flatMap((event) => {
    const scope = scopes.get(event.wabaId) as string;
    const fact = outboundFact(event, bsuidNamespace(scope, event.wabaId));
    return fact === null ? [] : [{ ...fact, scope }];
  });
}

/** Adds them, each once however often it comes, by one statement. What is older than what is kept is left out, so that a replay brings nothing back. A message
 *  of a number that sends through the gate, of which the gate has said nothing yet, is looked at again when it must have (see `settleUngated`). */
export async function recordOutbound(tx: Tx, facts: readonly OutboundFact[]): Promise<void> {
  if (facts.length === 0) return;
  await recordUndeliverable(tx, facts);
  await tx.query({
    name: 'outbound.record',
    text: `with said as (
             select * from unnest($1::text[], $2::float8[], $3::text[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[])
               as s(identifier, at, wamid, rank, waba_id, phone_number_id, category, source)
           ),
           added as (
             insert into outbound_status (identifier, occurred_at, wamid, rank, waba_id, phone_number_id, category)
             select identifier, to_timestamp(at), wamid, rank, waba_id, phone_number_id, category from said
             where to_timestamp(at) >= coalesce((select kept_from from outbound_kept), '-infinity')
             order by identifier, at
             on conflict do nothing
             returning identifier, occurred_at, wamid, rank, waba_id, phone_number_id
           )
           insert into ungated_candidate (wamid, identifier, sent_at, waba_id, phone_number_id, source, due_at)
           select distinct on (a.wamid) a.wamid, a.identifier, a.occurred_at, a.waba_id, a.phone_number_id, said.source,
             greatest(a.occurred_at, now()) + make_interval(secs => ${UNGATED_AFTER_SECONDS})
           from added a join gate_number g using (phone_number_id) join said on said.wamid = a.wamid and said.rank = a.rank
           where a.rank = ${outboundRanks.sent} and a.occurred_at >= g.first_sent_at
             and not exists (select from outbound_sent s where s.wamid = a.wamid)
           order by a.wamid, said.source desc
           on conflict do nothing`,
    values: [
      texts(facts.map(({ as }) => as)),
      doubles(facts.map(({ at }) => at)),
      texts(facts.map(({ wamid }) => wamid)),
      smallints(facts.map(({ rank }) => rank)),
      texts(facts.map(({ wabaId }) => wabaId)),
      texts(facts.map(({ phoneNumberId }) => phoneNumberId)),
      texts(facts.map(({ category }) => category)),
      texts(facts.map(({ source }) => source)),
    ],
  });
}

/** The last of each, by one statement where there is any: which is seldom. */
async function recordUndeliverable(tx: Tx, facts: readonly OutboundFact[]): Promise<void> {
  const failed = facts.filter(({ undeliverable }) => undeliverable);
  if (failed.length === 0) return;
  await tx.query({
    name: 'outbound.undeliverable',
    text: `insert into outbound_undeliverable as u (identifier, failed_at)
           select identifier, to_timestamp(max(at)) from unnest($1::text[], $2::float8[]) as said(identifier, at) group by identifier order by identifier
           on conflict (identifier) do update set failed_at = excluded.failed_at where u.failed_at < excluded.failed_at`,
    values: [texts(failed.map(({ as }) => as)), doubles(failed.map(({ at }) => at))],
  });
}
