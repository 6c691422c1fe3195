import type { WebhookCountsJson, WebhookSpan } from '@keyturn/contracts';
import { type CountedStep, stepsBegin, stepsOver } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { FROM_PLATFORM } from './heard.ts';

/** How many webhooks of the platform were kept in each step of a span that ends now. */
export async function readWebhookCounts(tx: Tx, over: WebhookSpan, now: Date): Promise<WebhookCountsJson> {
  const { stepMs, from } = stepsBegin(over, now);
  const { rows } = await tx.query<CountedStep & { countedTo: Date }>({
    name: 'webhooks.steps',
    text: `select date_bin(make_interval(secs => $2), at, 'epoch') as at, sum(webhooks)::float8 as webhooks,
             1000 * sum(extract(epoch from counted_to - at))::float8 as "countedMs", max(counted_to) as "countedTo"
           from ${FROM_PLATFORM} w where at >= $1 group by 1 order by 1`,
    values: [from, stepMs / 1_000],
  });
  const last = rows.at(-1)?.countedTo ?? (await countedTo(tx));
  return { ...stepsOver(over, now, rows), countedTo: last?.toISOString() ?? null };
}

async function countedTo(tx: Tx): Promise<Date | null> {
  const { rows } = await tx.query<{ last: Date | null }>({
    name: 'webhooks.counted-to',
    text: 'select max(counted_to) as last from webhook_count',
  });
  return rows[0]?.last ?? null;
}
