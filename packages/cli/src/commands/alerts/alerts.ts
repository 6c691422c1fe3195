import { AlertDeliveriesPage, AlertJson, AlertsPage } from '@keyturn/contracts';
import type { Command } from 'commander';
import { namedActors } from '../../console/named-actors.ts';
import type { Io } from '../../io.ts';
import { alertLines, alertsText, deliveriesText } from '../../text/alert.ts';
import { contextOf } from '../context.ts';
import { limitOf } from '../list.ts';
import { nextPage } from '../next-page.ts';
import { addPreset } from './preset.ts';

type Paging = { limit: number; cursor?: string };

/** `keyturn alerts …`: what is wrong now, who is at it, and what was told to whom. */
export function addAlerts(program: Command, io: Io): void {
  const alerts = program.command('alerts').description('what is wrong, who is at it, what was told: list, take, deliveries, preset');
  addList(alerts, io);
  addTake(alerts, io);
  addDeliveries(alerts, io);
  addPreset(alerts, io);
}

function addList(alerts: Command, io: Io): void {
  alerts
    .command('list')
    .description('what is wrong now, one alert a cause, newest first (scope read)')
    .option('--all', 'also what is over')
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText('after', '\nExamples:\n  keyturn alerts list\n  keyturn alerts list --all --json | jq -r ".items[].facts.what"')
    .action(async ({ all, limit, cursor }: { all?: boolean } & Paging, command: Command) => {
      const { call, print } = contextOf(command, io);
      const more = { ...(all ? { status: 'all' } : {}), ...(cursor === undefined ? {} : { cursor }) };
      const raw = await call('GET', `/v1/alerts?${new URLSearchParams({ limit: String(limit), ...more })}`);
      const named = await namedActors(call);
      print(raw, () => {
        const { items, nextCursor } = AlertsPage.parse(raw);
        return [...alertsText(items, { ...io, named }), ...nextPage(command, nextCursor)];
      });
    });
}

function addTake(alerts: Command, io: Io): void {
  alerts
    .command('take')
    .description('say that you are at it: nobody else is told of it from now on (scope identity:decide)')
    .argument('<alertId>', 'as `keyturn alerts list` shows it')
    .addHelpText('after', '\nExamples:\n  keyturn alerts take 01900000-0000-7000-8000-000000000001')
    .action(async (alertId: string, _options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('POST', `/v1/alerts/${encodeURIComponent(alertId)}/take`);
      const named = await namedActors(call);
      print(raw, () => alertLines(AlertJson.parse(raw), { ...io, named }));
    });
}

function addDeliveries(alerts: Command, io: Io): void {
  alerts
    .command('deliveries')
    .description('what was told to which route, newest first, and how the last attempt ended (scope read)')
    .option('--route <name>', 'only to this route')
    .option('--alert <alertId>', 'only of this alert')
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText('after', '\nExamples:\n  keyturn alerts deliveries\n  keyturn alerts deliveries --route on-call --limit 10')
    .action(async ({ route, alert, limit, cursor }: { route?: string; alert?: string } & Paging, command: Command) => {
      const { call, print } = contextOf(command, io);
      const wanted = Object.entries({ route, alertId: alert, cursor }).filter((one): one is [string, string] => one[1] !== undefined);
      const raw = await call('GET', `/v1/alert-deliveries?${new URLSearchParams([['limit', String(limit)], ...wanted])}`);
      print(raw, () => {
        const { items, nextCursor } = AlertDeliveriesPage.parse(raw);
        return [...deliveriesText(items, io), ...nextPage(command, nextCursor)];
      });
    });
}
