import { DAY_MS } from '@keyturn/contracts';
import type { Log } from '@keyturn/runtime';
import type { Database, Tx } from './database.ts';

const MONTHS_AHEAD = 2;

/** Makes the journal's partitions for this month and the next two, where they are missing. The function in the database does it as the owner of the
 *  schema, so a role that may make no table can call it. */
export async function makeJournalMonths(tx: Tx, now: Date): Promise<void> {
  await tx.query('select make_journal_months($1, $2)', [now, MONTHS_AHEAD]);
}

/** Makes the journal's next months in time: now, and once a day for as long as the process lives. A day missed is made up the next; there are two
 *  months of room, and after that a partition that takes the rest. */
export async function keepJournalMonths({ pool }: Database, log: Log): Promise<{ stop(): void }> {
  const make = () =>
    makeJournalMonths(pool, new Date()).catch((error: Error) =>
      log.warn({ reason: error.message }, 'the journal’s next month was not made; tomorrow again'),
    );
  await make();
  const daily = setInterval(make, DAY_MS);
  daily.unref();
  return { stop: () => clearInterval(daily) };
}
