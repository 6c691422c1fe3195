import { HOUR_MS, SECOND_MS } from '@keyturn/contracts';
import { CAP_HOURS_MAX, CAP_MAX, type Count } from '@keyturn/domain';
import type pg from 'pg';
import { type Tx, transact } from '../database.ts';

/** What was counted of one send, to be taken back where it did not go out. */
export type Counted = { readonly counts: readonly Count[]; readonly at: string };

/** SQL of the contacts that were merged into one: by key, since each is pinned to an identifier that this one holds. */
export const mergedIntoSql = (contactId: string): string =>
  `select m.contact_id from identifier_period mp join contact m on m.scope = mp.scope and m.pin_identifier = mp.identifier
   where mp.contact_id = ${contactId} and m.merged_into = ${contactId}`;

/** Counts a send under all that caps it, or under nothing: null, where one of them has reached its cap. Of any number at once, in however many gates, no
 *  more are counted within any window than its cap has: what decides is read from the row that is locked. */
export async function countSend(pool: pg.Pool, counts: readonly Count[]): Promise<Counted | null> {
  const [only, ...others] = counts.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  if (only === undefined) return { counts, at: '' };
  const at = others.length === 0 ? await countOne(pool, only) : await countAll(pool, [only, ...others]);
  return at === null ? null : { counts, at };
}
const nameOf = ({ contactId, category }: Count): string => `${contactId} ${category}`;

/** Where one is not counted, those before it are not either. */
async function countAll(pool: pg.Pool, counts: readonly Count[]): Promise<string | null> {
  return transact(pool, async (tx) => {
    let at: string | null = '';
    await tx.query('savepoint none');
    for (const count of counts) if (at !== null) at = await countOne(tx, count);
    if (at === null) await tx.query('rollback to savepoint none');
    return at;
  });
}

const LATELY = `at > now() - make_interval(secs => $4::float8)`;
const MERGED = `(select count(*) from send_count o cross join unnest(o.sent_at) as t(at)
  where o.category = $2 and ${LATELY} and o.contact_id in (${mergedIntoSql('$1::uuid')}))`;

async function countOne(tx: Tx, { contactId, category, max, withinHours }: Count): Promise<string | null> {
  const { rows } = await tx.query<{ at: string }>({
    name: 'send-count.add',
    text: `insert into send_count as s (contact_id, category, sent_at, last_at)
           select $1::uuid, $2::text, array[now()], now() where $3::int is null or ${MERGED} < $3
           on conflict (contact_id, category) do update set last_at = greatest(s.last_at, excluded.last_at), sent_at =
             (select array_agg(at) from (select at from unnest(s.sent_at || excluded.sent_at) as t(at) order by at desc limit ${CAP_MAX}) as newest)
           where $3 is null or (select count(*) from unnest(s.sent_at) as t(at) where ${LATELY}) + ${MERGED} < $3
           returning now()::text as at`,
    values: [contactId, category, max, (withinHours * HOUR_MS) / SECOND_MS],
  });
  return rows[0]?.at ?? null;
}

/** Takes back what was counted of a send that did not go out. */
export async function uncountSend(tx: Tx, { counts, at }: Counted): Promise<void> {
  if (counts.length === 0) return;
  await tx.query({
    name: 'send-count.take-back',
    text: `update send_count s set sent_at = s.sent_at[:array_position(s.sent_at, $3::timestamptz) - 1] || s.sent_at[array_position(s.sent_at, $3::timestamptz) + 1:]
           from (select c.contact_id, c.category from send_count c join unnest($1::uuid[], $2::text[]) as a(contact_id, category) using (contact_id, category)
                 order by 1, 2 for update of c) as held
           where s.contact_id = held.contact_id and s.category = held.category and $3::timestamptz = any(s.sent_at)`,
    values: [counts.map(({ contactId }) => contactId), counts.map(({ category }) => category), at],
  });
}

/** Forgets whom nothing was sent to for longer than a cap can look back. */
export async function forgetSendCounts(tx: Tx): Promise<void> {
  await tx.query(`delete from send_count where last_at < now() - interval '${CAP_HOURS_MAX} hours'`);
}
