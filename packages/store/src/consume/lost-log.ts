import { AppError, type Group } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

const WAY_OUT =
  "For new topics: stop ingress, relay and consumers, make the topics anew, run `delete from consumer_offset` in keyturn's schema, start again; " +
  'each group then begins at the start of its logs (docs/operate.md, "Backup and restore")';

/** The offsets of the group are of the logs that are read now. Throws `config.invalid` where they are of logs with another prefix, and
 *  `log.shorter_than_state` where one of the logs is known to be lost. */
export async function requireOwnLog(tx: Tx, group: Group, prefix: string): Promise<void> {
  const { rows } = await tx.query<{ prefix: string | null; log_lost_at: Date | null }>({
    name: 'offset.log',
    text: `select prefix, log_lost_at from consumer_offset where group_id = $1 and (log_lost_at is not null or prefix <> $2)
           order by log_lost_at limit 1`,
    values: [group, prefix],
  });
  const [row] = rows;
  if (row === undefined) return;
  if (row.log_lost_at !== null) throw logLost(group, row.log_lost_at);
  throw new AppError(
    'config.invalid',
    `the offsets of ${group} in this database are of the topics with KAFKA_PREFIX '${row.prefix}', not '${prefix}'. ` +
      `Set KAFKA_PREFIX back to '${row.prefix}', or use another database or DATABASE_SCHEMA. ${WAY_OUT}.`,
  );
}

/** Keeps that a log of the group is lost, for every start and every batch until its offsets are deleted: once it has grown, nobody could see it. */
export async function keepLogLost(tx: Tx, group: Group): Promise<void> {
  await tx.query('update consumer_offset set log_lost_at = now() where group_id = $1 and log_lost_at is null', [group]);
}

type Shorter = { readonly topic: string; readonly partition: number; readonly next: bigint; readonly high: bigint };

/** `log.shorter_than_state`: this log ends before what the group applied from it. */
export const logShorter = (group: Group, { topic, partition, next, high }: Shorter): AppError =>
  new AppError(
    'log.shorter_than_state',
    `${topic}/${partition} ends at ${high}, but ${group} has applied it up to ${next}: the topic was made anew or cut beside an old database, and its ` +
      `next records would be taken for applied. ${WAY_OUT}; embedded: npm run reset.`,
  );

/** `log.shorter_than_state`, as it was found earlier. */
export const logLost = (group: string, since: Date): AppError =>
  new AppError(
    'log.shorter_than_state',
    `at ${since.toISOString()} a log of ${group} ended before what was applied from it, and since then its records can't be told from applied ones. ` +
      `${WAY_OUT}; embedded: npm run reset.`,
  );
