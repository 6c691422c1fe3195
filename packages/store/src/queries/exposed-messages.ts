import type { ExposedMessage, ExposureCounts, Reach } from '@keyturn/contracts';
import type { ExposureSpan, Holding } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { holdingColumns } from '../holdings.ts';

/** Whose messages, in which scope, since the last proof of the holder, until the decision. */
export type ExposureAsked = {
  readonly scope: string;
  readonly holdings: readonly Holding[];
  readonly span: ExposureSpan;
  readonly until: string | null;
};
/** Where a page ended. */
export type MessagePlace = { readonly at: string; readonly wamid: string };
type Side = ExposedMessage['side'];

/** One row a message, under the furthest that it got, from what is kept under the identifiers at the times at which they were held. What had arrived
 *  before the last proof went to the holder whom we knew, and is out; what was sent before it and arrived after may not have. */
const EXPOSED = `
  with held as (select * from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as h(identifier, "from", "to")),
  span as (select * from unnest($4::text[], $5::timestamptz[]) as s(phone_number_id, since)),
  message as (
    select o.wamid, min(o.phone_number_id) as phone_number_id, max(o.category) as category,
      min(o.occurred_at) filter (where o.rank = 1) as sent_at, min(o.occurred_at) filter (where o.rank >= 2) as delivered_at,
      min(o.occurred_at) filter (where o.rank = 3) as read_at, min(o.occurred_at) as first_at,
      case max(case o.rank when 0 then 1.5 else o.rank end) when 3 then 'read' when 2 then 'delivered' when 1 then 'sent' else 'failed' end as reach
    from held join outbound_status o on o.identifier = held.identifier and o.occurred_at >= held."from" and o.occurred_at < held."to"
    where o.waba_id in (select waba_id from waba_scope where scope = $6)
    group by o.wamid
  ),
  placed as (select message.*, coalesce(delivered_at, sent_at, first_at) as at from message),
  exposed as (
    select placed.*, case when at < $8::timestamptz then 'before_block' else 'after_block' end as side
    from placed left join span using (phone_number_id)
    where at >= coalesce(case when span.phone_number_id is null then $7::timestamptz else span.since end, '-infinity')
      and at <= coalesce($9::timestamptz, 'infinity')
  )`;

const valuesOf = ({ scope, holdings, span, until }: ExposureAsked): unknown[] => [
  ...holdingColumns(holdings),
  [...span.since.keys()],
  [...span.since.values()],
  scope,
  span.elsewhere,
  span.blockedAt,
  until,
];

/** How many of each kind there are, on each side of the block. */
export async function countExposed(tx: Tx, asked: ExposureAsked): Promise<Record<Side, ExposureCounts>> {
  const { rows } = await tx.query<{ side: Side; reach: Reach; category: string | null; count: number }>({
    name: 'exposure.count',
    text: `${EXPOSED} select side, reach, category, count(*)::int as count from exposed group by side, reach, category order by category`,
    values: valuesOf(asked),
  });
  return { before_block: countsIn(rows, 'before_block'), after_block: countsIn(rows, 'after_block') };
}

/** None of any kind. */
export const noneExposed: ExposureCounts = { sent: 0, delivered: 0, read: 0, failed: 0, byCategory: {} };
function countsIn(rows: readonly { side: Side; reach: Reach; category: string | null; count: number }[], side: Side): ExposureCounts {
  const counts = { ...noneExposed, byCategory: {} as Record<string, number> };
  for (const { reach, category, count } of rows.filter((row) => row.side === side)) {
    counts[reach] += count;
    const name = category ?? 'unknown';
    if (reach !== 'failed') counts.byCategory[name] = (counts.byCategory[name] ?? 0) + count;
  }
  return counts;
}

type Row = Omit<ExposedMessage, 'phoneNumberId' | 'at' | 'sentAt' | 'deliveredAt' | 'readAt'> & {
  phone_number_id: string;
  at: Date;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
};
/** Those that did not fail, newest first, from before a place on (null: from the newest). */
export async function exposedMessages(tx: Tx, asked: ExposureAsked, limit: number, before: MessagePlace | null): Promise<ExposedMessage[]> {
  const { rows } = await tx.query<Row>({
    name: 'exposure.messages',
    text: `${EXPOSED} select wamid, phone_number_id, category, reach, side, at, sent_at, delivered_at, read_at from exposed
           where reach <> 'failed' and (at, wamid) < (coalesce($10::timestamptz, 'infinity'), coalesce($11, ''))
           order by at desc, wamid desc limit $12`,
    values: [...valuesOf(asked), before?.at ?? null, before?.wamid ?? null, limit],
  });
  return rows.map(({ phone_number_id, at, sent_at, delivered_at, read_at, ...message }) => ({
    ...message,
    phoneNumberId: phone_number_id,
    at: at.toISOString(),
    sentAt: sent_at?.toISOString() ?? null,
    deliveredAt: delivered_at?.toISOString() ?? null,
    readAt: read_at?.toISOString() ?? null,
  }));
}
