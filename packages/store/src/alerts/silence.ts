import { type AlertFacts, DAY_MS, HOUR_MS, MINUTE_MS } from '@keyturn/contracts';
import { factsOf, type Heard, silenceOf } from '@keyturn/domain';
import type { Tx } from '../database.ts';

type Bounds = { readonly minutes: number; readonly atLeast: number };
/** So many weeks are read, around the hours that a silence is held against; how webhooks are counted: by so many stretches an hour. */
const WEEKS = 4;
const STRETCHES_PER_HOUR = 12;
const MARGIN_MS = 2 * HOUR_MS;

/** What is known of a silence of the line; null: it is none. What is usual is read only once nothing has come for so long. */
export async function silentLine(tx: Tx, { minutes, atLeast }: Bounds): Promise<AlertFacts | null> {
  const ends = await endsOf(tx);
  const bounds = { quietMs: minutes * MINUTE_MS, usualMin: atLeast };
  if (ends === null || ends.countedUntil - ends.lastAt < bounds.quietMs) return null;
  const silence = silenceOf({ ...ends, byHour: await usualHours(tx, ends) }, bounds);
  return silence && factsOf('no_webhooks', { count: silence.usual, since: new Date(silence.since).toISOString() });
}

type Ends = { readonly lastAt: number; readonly countedUntil: number };
/** When the last webhook came, to a stretch of the counts, and up to when they are counted; null: none ever came. */
async function endsOf(tx: Tx): Promise<Ends | null> {
  const { rows } = await tx.query<{ last: Date; until: Date }>({
    name: 'alerts.last-webhook',
    text: `select least(at + interval '1 hour' / ${STRETCHES_PER_HOUR}, counted_to) as last, (select max(counted_to) from webhook_count) as until
           from webhook_count where webhooks > 0 order by at desc limit 1`,
  });
  return rows[0] === undefined ? null : { lastAt: rows[0].last.getTime(), countedUntil: rows[0].until.getTime() };
}

/** How much came in the same hours of the weeks before, of the hours that are counted whole. */
async function usualHours(tx: Tx, { lastAt, countedUntil }: Ends): Promise<Heard['byHour']> {
  const to = Math.min(countedUntil, lastAt + DAY_MS);
  const { rows } = await tx.query<{ hour: Date; webhooks: number }>({
    name: 'alerts.usual-webhooks',
    text: `select date_trunc('hour', w.at, 'UTC') as hour, sum(w.webhooks)::float8 as webhooks
           from generate_series(1, ${WEEKS}) as week join webhook_count w
             on w.at >= $1::timestamptz - week * interval '168 hours' and w.at < $2::timestamptz - week * interval '168 hours'
           group by 1 having count(*) = ${STRETCHES_PER_HOUR}`,
    values: [new Date(lastAt - MARGIN_MS), new Date(to + MARGIN_MS)],
  });
  return new Map(rows.map(({ hour, webhooks }) => [hour.getTime(), webhooks]));
}
