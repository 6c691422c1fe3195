import { consumerTopics, errorCodes, type HealthJson, SECOND_MS } from '@keyturn/contracts';
import type { Tx } from '../database.ts';
import { LETTER_CELLS } from '../dead-letters/letter-cells.ts';
import { webhooksNow } from '../webhook-counts/webhooks-now.ts';
import { backlogOfChanges } from './backlog-of-changes.ts';
import { concernsOf } from './concerns.ts';

const OUTBOX_MAX = 10_000;
const LETTERS_MAX = 1_000;

/** The line as the database has it: how far each consumer is, what the relay has yet to publish, what awaits a decision, what comes in. What it costs is bounded, however
 *  much of anything there is. */
export async function readHealth(tx: Tx, now: Date): Promise<HealthJson> {
  const found = {
    consumers: await consumersNow(tx, now),
    outbox: await outboxNow(tx),
    deadLetters: await lettersNow(tx),
    identityChanges: await changesNow(tx),
    webhooks: await webhooksNow(tx),
    asOf: now.toISOString(),
  };
  const concerns = concernsOf(found);
  return { healthy: concerns.length === 0, concerns, ...found };
}

async function consumersNow(tx: Tx, now: Date): Promise<HealthJson['consumers']> {
  const { rows } = await tx.query<{ group_id: string; at: Date; lost: boolean }>({
    name: 'health.consumers',
    text: 'select group_id, min(caught_up_at) as at, bool_or(log_lost_at is not null) as lost from consumer_offset where partition >= 0 group by 1',
  });
  const known = new Map(rows.map((row) => [row.group_id, row]));
  return Object.keys(consumerTopics).map((group) => {
    const row = known.get(group);
    const at = row === undefined || row.at.getTime() === 0 ? null : row.at;
    const behindSeconds = at === null ? null : Math.max(0, Math.round((now.getTime() - at.getTime()) / SECOND_MS));
    return { group, caughtUpAt: at?.toISOString() ?? null, behindSeconds, logLost: row?.lost ?? false };
  });
}

async function outboxNow(tx: Tx): Promise<HealthJson['outbox']> {
  const { rows } = await tx.query<{ waiting: number; oldest: Date | null }>({
    name: 'health.outbox',
    text: `select count(*)::int as waiting, min(created_at) as oldest from (select created_at from outbox order by position limit ${OUTBOX_MAX}) o`,
  });
  return { waiting: rows[0]?.waiting ?? 0, oldestAt: rows[0]?.oldest?.toISOString() ?? null };
}

async function lettersNow(tx: Tx): Promise<HealthJson['deadLetters']> {
  const { rows } = await tx.query<{ group_id: string; code: string; open: number; oldest: Date }>({
    name: 'health.letters',
    text: `select g.group_id, c.code, count(*)::int as open, min(l.dead_lettered_at) as oldest from ${LETTER_CELLS} cross join lateral (
             select d.dead_lettered_at from dead_letter d where d.status = 'open' and d.group_id = g.group_id and d.code = c.code
             order by d.dead_letter_id limit ${LETTERS_MAX}) l
           group by 1, 2 order by 3 desc, 1, 2`,
    values: [Object.keys(consumerTopics), Object.keys(errorCodes)],
  });
  return rows.map(({ group_id, code, open, oldest }) => ({ group: group_id, code, open, oldestAt: oldest.toISOString() }));
}

async function changesNow(tx: Tx): Promise<HealthJson['identityChanges']> {
  const { open, oldestSince } = await backlogOfChanges(tx);
  return { open, oldestSince: oldestSince?.toISOString() ?? null };
}
