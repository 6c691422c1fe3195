import { metrics } from '@keyturn/runtime';
import { BACKLOG_MAX, backlogOfChanges, type Database } from '@keyturn/store';

const FRESH_MS = 5_000;
const open = metrics.gauge(
  'keyturn_identity_changes_open',
  `Blocks that await a decision, counted up to ${BACKLOG_MAX}. Not there while PostgreSQL does not answer.`,
);
const oldest = metrics.gauge('keyturn_identity_changes_oldest_seconds', 'For how long the oldest of them has been blocked; 0: none is.');

type Backlog = Awaited<ReturnType<typeof backlogOfChanges>>;

/** Shows before each scrape what awaits a decision, by one bounded look at PostgreSQL in five seconds; nothing, rather than old news, while that
 *  fails. Answers how to end it. */
export function showBacklog(pool: Database['pool']): () => void {
  let known: { readonly backlog: Backlog; readonly at: number } | null = null;
  let looking: Promise<Backlog> | null = null;
  const lookOnce = (): Promise<Backlog> => {
    looking ??= backlogOfChanges(pool).finally(() => {
      looking = null;
    });
    return looking;
  };
  return metrics.beforeScrape(async () => {
    if (known === null || performance.now() - known.at >= FRESH_MS) {
      for (const gauge of [open, oldest]) gauge.remove();
      known = { backlog: await lookOnce(), at: performance.now() };
    }
    open.set(known.backlog.open);
    oldest.set(secondsSince(known.backlog.oldestSince));
  });
}

const secondsSince = (instant: Date | null): number => (instant === null ? 0 : Math.max(0, Date.now() - instant.getTime()) / 1000);
