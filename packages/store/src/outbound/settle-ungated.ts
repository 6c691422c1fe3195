import { type Log, metrics } from '@keyturn/runtime';
import type pg from 'pg';
import { atOnce, type Database, type Tx, transact } from '../database.ts';

/** Messages of a number of ours that went past the gate, told at once. */
export type Ungated = {
  readonly phone_number_id: string;
  readonly source: string;
  /** To somebody who was blocked then, as far as is known now. */
  readonly blocked: boolean;
  readonly messages: number;
};

const AT_ONCE = 1_000;
const EVERY_MS = 5_000;

const ungated = metrics.counter(
  'keyturn_ungated_messages_total',
  'Messages that numbers of ours sent past the gate, since they send through it: by number, by which way (api, business_app, standby), and whether to somebody who was blocked.',
  ['phone_number_id', 'source', 'blocked'],
);

/** From here to the end of the transaction nothing is taken to have gone past the gate by anybody else, and what was is there to be seen by the next
 *  statement: so of two, one that settles a message and one that says late that it went through the gate, the second knows of the first. */
export const holdSettling = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('keyturn ungated'), hashtext(current_schema()))`);

/** Looks at up to a thousand messages of which the gate must have said by now that it sent them. Those of which it has not are kept and counted, once, by
 *  however many processes this is done. Answers what was counted, and how many were looked at. */
export async function settleUngated(pool: pg.Pool): Promise<{ readonly ungated: readonly Ungated[]; readonly looked: number }> {
  const [, rows] = await transact(pool, (tx) =>
    atOnce(
      tx,
      () => holdSettling(tx),
      () => settle(tx),
    ),
  );
  return { ungated: rows.flatMap(({ looked: _, ...told }) => (told.phone_number_id === null ? [] : [told])), looked: rows[0]?.looked ?? 0 };
}

type Row = (Ungated | { readonly phone_number_id: null }) & { readonly looked: number };
async function settle(tx: Tx): Promise<readonly Row[]> {
  const { rows } = await tx.query<Row>({
    name: 'outbound.ungated',
    text: `with due as (
             delete from ungated_candidate where wamid in (
               select wamid from ungated_candidate where due_at <= now() order by due_at limit ${AT_ONCE} for update skip locked)
             returning *
           ),
           kept as (
             insert into outbound_ungated (identifier, sent_at, wamid, waba_id, phone_number_id, source)
             select identifier, sent_at, wamid, waba_id, phone_number_id, source from due
             where not exists (select from outbound_sent s where s.wamid = due.wamid)
             order by identifier, sent_at on conflict do nothing returning *
           ),
           counted as (
             insert into ungated_day as d (phone_number_id, day, messages)
             select phone_number_id, (sent_at at time zone 'UTC')::date, count(*) from kept group by 1, 2 order by 1, 2
             on conflict (phone_number_id, day) do update set messages = d.messages + excluded.messages
           )
           select looked, told.* from (select count(*)::int as looked from due) as n left join (
             select k.phone_number_id, k.source, blocked, count(*)::int as messages from kept k cross join lateral (select exists (
             select from waba_scope w
             join identifier_period p on p.scope = w.scope and p.identifier = k.identifier and p."from" <= k.sent_at and k.sent_at < p."to"
             join identity_state i on i.contact_id = p.contact_id and i.status = 'blocked' and i.blocked_at <= k.sent_at
             where w.waba_id = k.waba_id) as blocked) as b
             group by 1, 2, 3) as told on true
           order by told.source, told.blocked`,
  });
  return rows;
}

/** Settles them every five seconds for as long as the process lives, and counts them. */
export function keepUngatedSettled({ pool }: Database, log: Log): { stop(): void } {
  let busy = false;
  const settle = async () => {
    if (busy) return;
    busy = true;
    try {
      for (let looked = AT_ONCE; looked >= AT_ONCE; ) {
        const settled = await settleUngated(pool);
        looked = settled.looked;
        for (const { phone_number_id, source, blocked, messages } of settled.ungated)
          ungated.inc({ phone_number_id, source, blocked: blocked ? 'yes' : 'no' }, messages);
      }
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'what went past the gate is not counted yet; in seconds again');
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(settle, EVERY_MS).unref();
  return { stop: () => clearInterval(timer) };
}
