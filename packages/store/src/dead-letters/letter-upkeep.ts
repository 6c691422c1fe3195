import { DAY_MS, DEAD_LETTER_DAYS } from '@keyturn/contracts';
import type { Log } from '@keyturn/runtime';
import type pg from 'pg';
import { observeOpenLetters } from '../consume/consumer-metrics.ts';
import type { Tx } from '../database.ts';

const INTERVAL_MS = 15_000;
const PRUNE_MAX = 500;
/** More than this are shown as this many: counting them must not cost more and more. */
const COUNT_MAX = 100_000;

/** Shows how many dead letters of a group are open, and removes those whose time is over, a few at a time. What fails comes with the next turn. */
export function startLetterUpkeep({ pool, group, log }: { pool: pg.Pool; group: string; log: Log }): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const turn = async () => {
    observeOpenLetters(group, await countOpen(pool, group));
    const { removed, open } = await pruneLetters(pool, new Date());
    if (open > 0) log.warn({ removed, open }, `dead letters that nobody decided on were kept for ${DEAD_LETTER_DAYS} days and are gone`);
  };
  const next = () => {
    running = running.then(() => turn().catch((error: Error) => log.debug({ reason: error.message }, 'dead letters could not be counted')));
  };
  next();
  const timer = setInterval(next, INTERVAL_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

async function countOpen(tx: Tx, group: string): Promise<number> {
  const { rows } = await tx.query<{ open: number }>(
    `select count(*)::int as open from (select from dead_letter where status = 'open' and group_id = $1 limit $2) o`,
    [group, COUNT_MAX],
  );
  return rows[0]?.open ?? 0;
}

/** Removes dead letters of any group that are older than their topic would keep them, `PRUNE_MAX` at most, and answers how many, and how many of them
 *  nobody had decided on. The decisions stay. Safe from several processes at once. */
export async function pruneLetters(tx: Tx, now: Date): Promise<{ removed: number; open: number }> {
  const { rows } = await tx.query<{ status: string }>(
    `delete from dead_letter where dead_letter_id in (
       select dead_letter_id from dead_letter where dead_lettered_at < $1 order by dead_lettered_at limit $2 for update skip locked
     ) returning status`,
    [new Date(now.getTime() - DEAD_LETTER_DAYS * DAY_MS), PRUNE_MAX],
  );
  return { removed: rows.length, open: rows.filter(({ status }) => status === 'open' || status === 'requested').length };
}
