import type { AlertDeliveryJson, AlertRouteJson } from '@keyturn/contracts';
import type { Naming } from '../console/named-actors.ts';
import { plain } from './plain.ts';
import { table } from './table.ts';
import { when } from './when.ts';

/** Where alerts go, in a table. */
export function routesText(routes: readonly AlertRouteJson[], { now: clock, columns, named }: Naming): string[] {
  const now = clock();
  if (routes.length === 0) return ['Nobody is told of anything yet: keyturn alert-routes set, or keyturn alerts preset daily-digest.'];
  const rows = routes.map((one) => [
    ...[one.route.name, one.route.kind, one.route.language, toText(one), `${when(one.setAt, now)} ${plain(named(one.setBy))}`],
    stateText(one, now),
  ]);
  return table(['ROUTE', 'KIND', 'LANGUAGE', 'TO', 'SET', 'STATE'], rows, columns);
}

function toText({ route }: AlertRouteJson): string {
  if (route.kind === 'email') return plain(route.to.join(', '));
  return route.kind === 'slack' ? '(secret)' : plain(route.url);
}

function stateText({ isComplete, health }: AlertRouteJson, now: Date): string {
  if (!isComplete) return 'no secret can be read: set it anew';
  const waiting = health.waiting === 0 ? '' : `; ${health.waiting} wait`;
  if (health.failingSince === null) return `${health.status}${waiting}`;
  const { lastOutcome: outcome, lastHttpStatus: httpStatus, lastAnswer: answer } = health;
  return `failing since ${when(health.failingSince, now)}: ${attemptText({ outcome, httpStatus, answer })}${waiting}`;
}

type Attempt = Pick<NonNullable<AlertDeliveryJson['lastAttempt']>, 'outcome' | 'httpStatus' | 'answer'>;
/** How an attempt ended, with what the route answered. */
export const attemptText = ({ outcome, httpStatus, answer }: Attempt): string =>
  plain([outcome ?? 'nobody knows how it ended', httpStatus, answer].filter((part) => part !== null && part !== '').join(' '));

/** How one message to one route ended. */
export const deliveryText = ({ route, status, lastAttempt }: AlertDeliveryJson): string =>
  status === 'delivered'
    ? `${route} took it: ${lastAttempt === null ? '' : attemptText(lastAttempt)}`
    : `${route} did not take it: ${lastAttempt === null ? status : attemptText(lastAttempt)}. keyturn alert-routes set ${route} mends what was set.`;
