import type { AlertDeliveriesPage, AlertFacts, AlertJson, AlertsPage } from '@keyturn/contracts';
import type { z } from 'zod';
import type { Naming } from '../console/named-actors.ts';
import type { Io } from '../io.ts';
import { attemptText } from './alert-route.ts';
import { plain } from './plain.ts';
import { table } from './table.ts';
import { when } from './when.ts';

type ItemsOf<Schema extends z.ZodType<{ items: unknown }>> = z.infer<Schema>['items'];
type Screen = Pick<Io, 'now' | 'columns'>;

/** What is wrong, in a table. */
export function alertsText(items: ItemsOf<typeof AlertsPage>, { now: clock, columns, named }: Naming): string[] {
  const now = clock();
  if (items.length === 0) return ['Nothing is wrong that a rule looks for.'];
  const rows = items.map(({ alertId, status, severity, rule, openedAt, takenBy, facts }) => [
    ...[alertId, status, severity, rule, when(openedAt, now), takenBy === null ? '-' : plain(named(takenBy)), whatText(facts)],
  ]);
  return table(['ALERT', 'STATUS', 'SEVERITY', 'RULE', 'SINCE', 'TAKEN BY', 'WHAT'], rows, columns);
}

/** One alert that somebody has. */
export const alertLines = ({ alertId, facts, takenBy, takenAt }: AlertJson, { now, named }: Naming): string[] => [
  `${takenBy === null ? '?' : plain(named(takenBy))} has ${alertId}${takenAt === null ? '' : ` since ${when(takenAt, now())}`}: ${whatText(facts)}.`,
  'Nobody else is told of it from now on; it is over once nothing of it is left.',
];

/** What was told to whom, in a table. */
export function deliveriesText(items: ItemsOf<typeof AlertDeliveriesPage>, { now: clock, columns }: Screen): string[] {
  const now = clock();
  if (items.length === 0) return ['Nothing was told.'];
  const rows = items.map(({ createdAt, route, message, status, attempts, alertId, lastAttempt }) => [
    ...[when(createdAt, now), route, message, status, String(attempts), alertId ?? '-'],
    lastAttempt === null ? '-' : attemptText(lastAttempt),
  ]);
  return table(['WHEN', 'ROUTE', 'MESSAGE', 'STATUS', 'TRIES', 'ALERT', 'ANSWER'], rows, columns);
}

/** The same in one line, with how many and which. */
const whatText = ({ what, count, subject, name, detail, ranges, optedIn }: AlertFacts): string => {
  const parts = [
    `${count === null || count === 1 ? '' : `${count} `}${what.replaceAll('_', ' ')}`,
    subject === null ? '' : name === null ? subject : `${name} (${subject})`,
    ranges.map(({ value, count: of }) => `${value}… ${of}`).join(', '),
    optedIn === 0 ? '' : `${optedIn} opted in`,
    detail ?? '',
  ];
  return plain(parts.filter((part) => part !== '').join('; '));
};
