import { IdentityCheckJson } from '@keyturn/contracts';
import { metrics } from '@keyturn/runtime';
import { countChecks, type Database } from '@keyturn/store';
import { freshLook } from './fresh-look.ts';

const numbers = metrics.gauge(
  'keyturn_numbers',
  'Numbers of ours to which somebody wrote in the last seven days, by whether their newest messages carried a key hash. Not there while PostgreSQL does not answer.',
  ['identity_check'],
);

/** Shows before each scrape how many numbers stand how with the identity check: one that is `off` can't show a stranger. Answers how to end it. */
export function showChecks(pool: Database['pool']): () => void {
  const look = freshLook(
    () => countChecks(pool, new Date()),
    () => numbers.reset(),
  );
  return metrics.beforeScrape(async () => {
    const counts = await look();
    for (const identity_check of IdentityCheckJson.shape.status.options) numbers.set({ identity_check }, counts.get(identity_check) ?? 0);
  });
}
