import { HOUR_MS } from '@keyturn/contracts';
import type { Log } from '@keyturn/runtime';
import { type Database, type Tx, transact } from '../database.ts';
import { tellKeptDays } from '../kept-days.ts';

const MONTHS_AHEAD = 2;
/** How long it waits for a table that others read, and so how long those wait who write to it. */
const LOCK_TIMEOUT_MS = 2_000;

/** Makes the months that are missing, and drops those of which all is older than so many days. The function in the database does it as the owner of the
 *  schema. */
export async function makeOutboundMonths(tx: Tx, now: Date, keptDays: number): Promise<void> {
  await tx.query('select keep_outbound_months($1, $2, $3)', [now, MONTHS_AHEAD, keptDays]);
  await tellKeptDays(tx, 'outbound_status', keptDays, now);
  await tx.query('delete from outbound_undeliverable where failed_at < (select kept_from from outbound_kept)');
}

/** Keeps them so: now, and once an hour for as long as the process lives. An hour missed is made up the next; meanwhile a partition takes the rest. */
export async function keepOutboundMonths({ pool }: Database, keptDays: number, log: Log): Promise<{ stop(): void }> {
  const keep = () =>
    transact(pool, async (tx) => {
      await tx.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await makeOutboundMonths(tx, new Date(), keptDays);
    }).catch((error: Error) =>
      log.warn({ reason: error.message }, 'the months of what was sent were not made or dropped; in an hour again'),
    );
  await keep();
  const hourly = setInterval(keep, HOUR_MS);
  hourly.unref();
  return { stop: () => clearInterval(hourly) };
}
