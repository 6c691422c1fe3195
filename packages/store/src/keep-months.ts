import { DAY_MS, HOUR_MS, MINUTE_MS } from '@keyturn/contracts';
import type { Log } from '@keyturn/runtime';
import { type Database, type Tx, transact } from './database.ts';
import { tellKeptDays } from './kept-days.ts';

/** A table of which each month is a partition. */
type MonthlyTable = 'outbound_sent' | 'outbound_ungated' | 'gate_decision';
/** The counts of its days, which are kept as long. */
const daysOf: Partial<Record<MonthlyTable, string>> = { outbound_ungated: 'ungated_day', gate_decision: 'gate_day' };

const MONTHS_AHEAD = 2;
/** How long it waits for a table that others read, and so how long those wait who write to it. */
const LOCK_TIMEOUT_MS = 2_000;

/** Makes the months of a table that are missing, and drops those of which all is older than so many days. The function in the database does it as the owner
 *  of the schema. */
export async function makeMonths(tx: Tx, table: MonthlyTable, now: Date, keptDays: number): Promise<void> {
  await tx.query('select keep_months($1, $2, $3, $4)', [table, now, MONTHS_AHEAD, keptDays]);
  await tellKeptDays(tx, table, keptDays, now);
  const days = daysOf[table];
  const oldest = new Date(now.getTime() - keptDays * DAY_MS).toISOString().slice(0, 10);
  if (days !== undefined) await tx.query(`delete from ${days} where day < $1`, [oldest]);
}

type Kept = { readonly tables: readonly MonthlyTable[]; readonly days: number; readonly log: Log };
/** Keeps tables so for as long as the process lives: from now on once an hour, and a minute after it failed. Until there is a month for them, a partition
 *  takes the rows. */
export function keepMonths({ pool }: Database, { tables, days, log }: Kept): { stop(): void } {
  const make = (table: MonthlyTable) =>
    transact(pool, async (tx) => {
      await tx.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await makeMonths(tx, table, new Date(), days);
    });
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const keep = async (): Promise<void> => {
    const made = await Promise.allSettled(tables.map(make));
    const failed = made.find((one) => one.status === 'rejected');
    if (stopped) return;
    if (failed) log.warn({ reason: (failed.reason as Error).message }, 'months of tables were not made or dropped; in a minute again');
    timer = setTimeout(keep, failed ? MINUTE_MS : HOUR_MS).unref();
  };
  void keep();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
