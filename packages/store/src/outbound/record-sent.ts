import { SECOND_MS } from '@keyturn/contracts';
import { bsuidNamespace, carriedBy, outboundRanks, UNGATED_AFTER_SECONDS } from '@keyturn/domain';
import type pg from 'pg';
import { instants, texts, uuids } from '../bind.ts';
import { atOnce, type Tx, transact } from '../database.ts';
import { accountsOf } from '../directory/waba-scopes.ts';
import { holdSettling } from './settle-ungated.ts';

/** A message that went through the gate and that the platform took. */
export type SentMessage = {
  readonly wamid: string;
  readonly sentAt: Date;
  readonly phoneNumberId: string;
  /** Whom it was judged for; null: nobody was known, or more than one. */
  readonly contactId: string | null;
  /** Whom the platform says that it goes to; neither: it goes to a group. */
  readonly waId?: string;
  readonly bsuid?: string;
  /** The identity key hash that it carried. */
  readonly keyHash: string | null;
  readonly category: string | null;
  readonly template: string | null;
  readonly actor: string;
};

const TEXT = `
  with said as (
    select * from unnest($1::text[], $2::timestamptz[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
      as s(wamid, at, phone_number_id, contact_id, key_hash, category, template, actor, identifier, waba_id)
  ),
  remembered as (
    insert into outbound_sent (wamid, sent_at, phone_number_id, contact_id, key_hash, category, template, actor)
    select wamid, at, phone_number_id, contact_id, key_hash, category, template, actor from said order by wamid on conflict do nothing
  ),
  went as (
    insert into outbound_status (identifier, occurred_at, wamid, rank, waba_id, phone_number_id, category)
    select identifier, date_trunc('second', at), wamid, ${outboundRanks.sent}, waba_id, phone_number_id, category from said
    where identifier is not null and at >= coalesce((select kept_from from outbound_kept), '-infinity')
    order by identifier, at on conflict do nothing
  ),
  waits as (delete from ungated_candidate where wamid = any($11)),
  after_all as (delete from outbound_ungated where wamid = any($11) returning phone_number_id, sent_at),
  uncounted as (
    update ungated_day d set messages = d.messages - gone.messages
    from (select phone_number_id, (sent_at at time zone 'UTC')::date as day, count(*) as messages from after_all group by 1, 2) as gone
    where d.phone_number_id = gone.phone_number_id and d.day = gone.day
  )
  insert into gate_number (phone_number_id, first_sent_at)
  select phone_number_id, min(at) from said group by phone_number_id order by phone_number_id on conflict do nothing`;

/** What is told later than so may have been taken for a message that went past the gate, or be so while it is written: a statement takes half of what is left
 *  at the most. */
const LATE_MS = (UNGATED_AFTER_SECONDS * SECOND_MS) / 4;

/** Remembers what went through the gate, each message once: whom it was judged for and under which hash, and, for whoever counts what went out, that it was
 *  sent. What was taken to have gone past the gate is so no longer, nor is what is taken for it at this moment. Not one transaction with what it reads of our
 *  accounts: a WABA that moves to another scope in between is known by the old one, as its statuses of that instant are. */
export async function recordSent(pool: pg.Pool, sent: readonly SentMessage[], now?: Date): Promise<void> {
  if (sent.length === 0) return;
  const accounts = await accountsOf(pool, [...new Set(sent.map(({ phoneNumberId }) => phoneNumberId))]);
  const heads = sent.map(({ phoneNumberId, waId, bsuid }) => {
    const account = accounts.get(phoneNumberId);
    return account === undefined ? null : (carriedBy({ waId, bsuid }, bsuidNamespace(account.scope, account.wabaId))?.[0] ?? null);
  });
  const at = now ?? new Date(); // by now, since accounts may have had to be waited for
  const late = sent.filter(({ sentAt }) => at.getTime() - sentAt.getTime() > LATE_MS).map(({ wamid }) => wamid);
  const write = (tx: Tx) =>
    tx.query({
      name: 'outbound.sent',
      text: TEXT,
      values: [
        texts(sent.map(({ wamid }) => wamid)),
        instants(sent.map(({ sentAt }) => sentAt.toISOString())),
        texts(sent.map(({ phoneNumberId }) => phoneNumberId)),
        uuids(sent.map(({ contactId }) => contactId)),
        texts(sent.map(({ keyHash }) => keyHash)),
        texts(sent.map(({ category }) => category)),
        texts(sent.map(({ template }) => template)),
        texts(sent.map(({ actor }) => actor)),
        texts(heads),
        texts(sent.map(({ phoneNumberId }) => accounts.get(phoneNumberId)?.wabaId ?? null)),
        late,
      ],
    });
  if (late.length === 0) await write(pool);
  else
    await transact(pool, (tx) =>
      atOnce(
        tx,
        () => holdSettling(tx),
        () => write(tx),
      ),
    );
}
