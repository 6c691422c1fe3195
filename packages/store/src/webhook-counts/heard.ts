import { DAY_MS, HOUR_MS } from '@keyturn/contracts';
import { COUNTED_MS, type Heard } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** When the last webhook of the platform came, to a stretch of the counts, and up to when they are counted. Instants are milliseconds. */
export type Ends = { readonly lastAt: number; readonly countedUntil: number };

/** So many weeks are read, around the hours that are asked for. */
const WEEKS = 4;
const MARGIN_MS = 2 * HOUR_MS;
const STRETCHES_PER_HOUR = HOUR_MS / COUNTED_MS;

/** The stretches without what the gate made itself. What it made a moment before a stretch ended may stand in the next: for sums, not to see whether anything came. */
export const FROM_PLATFORM = `(
  select w.at, w.counted_to, greatest(w.webhooks - coalesce(o.webhooks, 0), 0) as webhooks from webhook_count w left join webhook_ours o using (at))`;

/** When the stretch with the last webhook of the platform began; null: none ever came. Ours are counted before they stand in the log, however late the relay brings them: what the log has more than
 *  ours, all in all, grows with what the platform sends and with nothing else. It was the most for the first time when the last of that came. */
export const LAST_HEARD = `(
  select at from (
    select at, sum(webhooks) over (order by at) as theirs from (
      select at, webhooks from webhook_count where webhooks > 0 union all select at, -webhooks from webhook_ours) m) s
  where theirs > 0 order by theirs desc, at limit 1)`;

/** Null: none ever came. */
export async function endsOf(tx: Tx): Promise<Ends | null> {
  const { rows } = await tx.query<{ last: Date; until: Date }>({
    name: 'webhooks.last-heard',
    text: `select least(at + interval '1 hour' / ${STRETCHES_PER_HOUR}, counted_to) as last, (select max(counted_to) from webhook_count) as until
           from webhook_count where at = ${LAST_HEARD}`,
  });
  return rows[0] === undefined ? null : { lastAt: rows[0].last.getTime(), countedUntil: rows[0].until.getTime() };
}

/** How much came in the same hours of the weeks before, and in those around them, of the hours that are counted whole. */
export async function weeksBefore(tx: Tx, from: number, to: number): Promise<Heard['byHour']> {
  const { rows } = await tx.query<{ hour: Date; webhooks: number }>({
    name: 'webhooks.weeks-before',
    text: `select date_trunc('hour', w.at, 'UTC') as hour, sum(w.webhooks)::float8 as webhooks
           from generate_series(1, ${WEEKS}) as week join ${FROM_PLATFORM} w
             on w.at >= $1::timestamptz - week * interval '168 hours' and w.at < $2::timestamptz - week * interval '168 hours'
           group by 1 having count(*) = ${STRETCHES_PER_HOUR}`,
    values: [new Date(from - MARGIN_MS), new Date(to + MARGIN_MS)],
  });
  return new Map(rows.map(({ hour, webhooks }) => [hour.getTime(), webhooks]));
}

/** What is known of the line since the last webhook, beside what is usual in the first day after it; null: none ever came. */
export async function heardSince(tx: Tx, ends: Ends): Promise<Heard> {
  return { ...ends, byHour: await weeksBefore(tx, ends.lastAt, Math.min(ends.countedUntil, ends.lastAt + DAY_MS)) };
}
