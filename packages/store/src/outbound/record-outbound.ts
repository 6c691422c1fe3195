import type { InboundEvent } from '@keyturn/contracts';
import { bsuidNamespace, type OutboundFact, outboundFact } from '@keyturn/domain';
import type pg from 'pg';
import { doubles, smallints, texts } from '../bind.ts';
import type { Tx } from '../database.ts';
import { scopesOf } from '../directory/waba-scopes.ts';

/** What these events say of messages of ours. Nobody is looked up: whom a fact is about is asked when it is read. */
export async function outboundFacts(pool: pg.Pool, events: readonly InboundEvent[]): Promise<OutboundFact[]> {
  if (events.length === 0) return [];
  const scopes = await scopesOf(pool, events);
  return events.flatMap((event) => outboundFact(event, bsuidNamespace(scopes.get(event.wabaId) as string, event.wabaId)) ?? []);
}

/** Adds them, each once however often it comes, by one statement. What is older than what is kept is left out, so that a replay brings nothing back. */
export async function recordOutbound(tx: Tx, facts: readonly OutboundFact[]): Promise<void> {
  if (facts.length === 0) return;
  await tx.query({
    name: 'outbound.record',
    text: `insert into outbound_status (identifier, occurred_at, wamid, rank, waba_id, phone_number_id, category)
           select said.identifier, to_timestamp(said.at), said.wamid, said.rank, said.waba_id, said.phone_number_id, said.category
           from unnest($1::text[], $2::float8[], $3::text[], $4::smallint[], $5::text[], $6::text[], $7::text[])
             as said(identifier, at, wamid, rank, waba_id, phone_number_id, category)
           where to_timestamp(said.at) >= coalesce((select kept_from from outbound_kept), '-infinity')
           order by said.identifier, said.at
           on conflict do nothing`,
    values: [
      texts(facts.map(({ as }) => as)),
      doubles(facts.map(({ at }) => at)),
      texts(facts.map(({ wamid }) => wamid)),
      smallints(facts.map(({ rank }) => rank)),
      texts(facts.map(({ wabaId }) => wabaId)),
      texts(facts.map(({ phoneNumberId }) => phoneNumberId)),
      texts(facts.map(({ category }) => category)),
    ],
  });
}
