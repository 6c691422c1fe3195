import { HOUR_MS } from '@keyturn/contracts';
import type { Log } from '@keyturn/runtime';
import { type Database, type Tx, transact } from './database.ts';

const MONTHS_AHEAD = 2;
/** How long it waits for a journal that others read, as a backup does for hours, and so how long those wait who write to it. */
const LOCK_TIMEOUT_MS = 2_000;

/** Makes the journal's partitions for this month and the next two, where they are missing. The function in the database does it as the owner of the
 *  schema, so a role that may make no table can call it. It needs the journal for itself: the caller bounds how long it waits for that. */
export async function makeJournalMonths(tx: Tx, now: Date): Promise<void> {
  await tx.query('select make_journal_months($1, $2)', [now, MONTHS_AHEAD]);
}

/** Makes the journal's next months in time: now, and once an hour for as long as the process lives. It is in nobody's way for longer than two seconds
 *  a lock: an hour missed is made up the next; there are two months of room, and after that a partition that takes the rest. */
export async function keepJournalMonths({ pool }: Database, log: Log): Promise<{ stop(): void }> {
  const make = () =>
    transact(pool, async (tx) => {
      await tx.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await makeJournalMonths(tx, new Date());
    }).catch((error: Error) => log.warn({ reason: error.message }, 'the journal’s next month was not made; in an hour again'));
  await make();
  const hourly = setInterval(make, HOUR_MS);
  hourly.unref();
  return { stop: () => clearInterval(hourly) };
}
