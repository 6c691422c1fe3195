import { metrics } from '@keyturn/runtime';
import { type Database, waitingVerifications } from '@keyturn/store';
import { secondsSince } from '../seconds-since.ts';

const waiting = metrics.gauge('keyturn_verifications_waiting', 'Requests that an endpoint has not taken yet, counted up to 10000.', [
  'endpoint',
]);
const oldest = metrics.gauge('keyturn_verifications_oldest_seconds', 'For how long the oldest of them has waited.', ['endpoint']);

/** Shows before each scrape what waits for each endpoint; nothing, rather than old news, while PostgreSQL does not answer. Answers how to end it. */
export const showWaiting = (pool: Database['pool']): (() => void) =>
  metrics.beforeScrape(async () => {
    for (const gauge of [waiting, oldest]) gauge.reset();
    for (const { endpoint, waiting: count, oldest: since } of await waitingVerifications(pool)) {
      waiting.set({ endpoint }, count);
      oldest.set({ endpoint }, secondsSince(since));
    }
  });
