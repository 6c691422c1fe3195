import { metrics } from '@keyturn/runtime';
import { BACKLOG_MAX, backlogOfChanges, type Database } from '@keyturn/store';
import { freshLook } from './fresh-look.ts';
import { secondsSince } from './seconds-since.ts';

const open = metrics.gauge(
  'keyturn_identity_changes_open',
  `Blocks that await a decision, counted up to ${BACKLOG_MAX}. Not there while PostgreSQL does not answer.`,
);
const oldest = metrics.gauge('keyturn_identity_changes_oldest_seconds', 'For how long the oldest of them has been blocked; 0: none is.');

/** Shows before each scrape what awaits a decision, by one bounded look at PostgreSQL in five seconds; nothing, rather than old news, while that
 *  fails. Answers how to end it. */
export function showBacklog(pool: Database['pool']): () => void {
  const look = freshLook(
    () => backlogOfChanges(pool),
    () => {
      for (const gauge of [open, oldest]) gauge.remove();
    },
  );
  return metrics.beforeScrape(async () => {
    const backlog = await look();
    open.set(backlog.open);
    oldest.set(secondsSince(backlog.oldestSince));
  });
}
