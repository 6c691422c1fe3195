import { setTimeout as pause } from 'node:timers/promises';
import { SECOND_MS, webhooks } from '@keyturn/contracts';
import { instantsToCount, type WebhookCount, webhookCounts } from '@keyturn/domain';
import { countBetween, type Kafka, type Log } from '@keyturn/runtime';
import type pg from 'pg';
import type { Tx } from '../database.ts';
import { LAST_HEARD } from './heard.ts';

type Line = { readonly pool: pg.Pool; readonly kafka: Kafka; readonly prefix: string };

const EVERY_MS = 20 * SECOND_MS;
const KEPT_DAYS = 35;

/** Counts for as long as it runs what the ingress kept, by where Kafka says that the log stood when: no webhook waits for it, and what nobody counted for a
 *  while is counted later. Any number of processes may do it, each of them by all. Kafka or PostgreSQL away: the next turn makes good for it. */
export function startCounting({ log, everyMs = EVERY_MS, ...line }: Line & { log: Log; everyMs?: number }): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let fails = false;
  const count = () =>
    countWebhooks(line, new Date()).then(
      () => {
        if (fails) log.info('webhooks are counted again');
        fails = false;
      },
      (error: unknown) => {
        if (stopping.signal.aborted) return;
        log[fails ? 'debug' : 'warn'](
          { error: String(error) },
          'webhooks are not counted, so nobody is told if none comes; with the next turn again',
        );
        fails = true;
      },
    );
  const run = async () => {
    while (!stopping.signal.aborted) {
      await orAborted(count(), stopping.signal); // a Kafka that is silent holds up no stop: what was not counted is counted later
      await pause(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  };
  const ended = run();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** What it waits with goes when it does: a promise that outlives a race keeps a part of each. */
async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onAbort = () => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', onAbort));
}

/** Counts once what there is up to now. However often and by however many, at whatever instant one of them ends: no webhook counts twice. Throws
 *  `kafka.unavailable`, and whatever PostgreSQL says. */
export async function countWebhooks({ pool, kafka, prefix }: Line, now: Date): Promise<void> {
  const { rows } = await pool.query<{ last: Date | null }>({ name: 'webhooks.last', text: 'select max(at) as last from webhook_count' });
  const last = rows[0]?.last ?? null;
  const instants = instantsToCount(last, now);
  const counts = await countBetween(kafka, prefix, webhooks, instants);
  await keepCounts(pool, webhookCounts(last, instants, counts));
  await forget(pool, now);
}

/** While nothing comes, what was usual before is not forgotten: by it is known that it is a silence, however long it lasts. */
async function forget(tx: Tx, now: Date): Promise<void> {
  await tx.query({
    name: 'webhooks.forget',
    text: `with old as (select least($1::timestamptz, ${LAST_HEARD}) - make_interval(days => ${KEPT_DAYS}) as before),
             ours as (delete from webhook_ours where at < (select before from old))
           delete from webhook_count where at < (select before from old)`,
    values: [now],
  });
}

/** A count only grows, whoever comes last: the log before an instant never becomes less. */
async function keepCounts(tx: Tx, counts: readonly WebhookCount[]): Promise<void> {
  await tx.query({
    name: 'webhooks.keep',
    text: `insert into webhook_count as w (at, webhooks, counted_to)
           select at, webhooks, counted_to from unnest($1::timestamptz[], $2::bigint[], $3::timestamptz[]) as c(at, webhooks, counted_to) order by at
           on conflict (at) do update set webhooks = greatest(w.webhooks, excluded.webhooks), counted_to = greatest(w.counted_to, excluded.counted_to)
           where w.webhooks < excluded.webhooks or w.counted_to < excluded.counted_to`,
    values: [counts.map(({ at }) => at), counts.map((one) => one.webhooks), counts.map(({ countedTo }) => countedTo)],
  });
}
