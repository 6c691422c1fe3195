import { metrics } from '@keyturn/runtime';
import { type Database, howRoutesFare } from '@keyturn/store';
import { secondsSince } from '../seconds-since.ts';

const waiting = metrics.gauge('keyturn_alert_deliveries_waiting', 'Messages that a route has not taken yet, counted up to 1000.', [
  'route',
]);
const oldest = metrics.gauge('keyturn_alert_deliveries_oldest_seconds', 'For how long the oldest of them has waited; 0: none does.', [
  'route',
]);
const failing = metrics.gauge(
  'keyturn_alert_route_failing_seconds',
  'For how long a route has taken nothing; 0: the last attempt went well.',
  ['route'],
);

/** Shows before each scrape how each route fares; nothing, rather than old news, while PostgreSQL does not answer. Answers how to end it. */
export const showRoutes = (pool: Database['pool']): (() => void) =>
  metrics.beforeScrape(async () => {
    for (const gauge of [waiting, oldest, failing]) gauge.reset();
    for (const { route, waiting: count, oldestSince, failingSince } of await howRoutesFare(pool)) {
      waiting.set({ route }, count);
      oldest.set({ route }, secondsSince(oldestSince));
      failing.set({ route }, secondsSince(failingSince));
    }
  });
