import { AlertDeliveryJson, AlertRoutesPage } from '@keyturn/contracts';
import type { Command } from 'commander';
import { namedActors } from '../../console/named-actors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { failure } from '../../failure.ts';
import type { Io } from '../../io.ts';
import { deliveryText, routesText } from '../../text/alert-route.ts';
import { plain } from '../../text/plain.ts';
import { contextOf } from '../context.ts';
import { addRouteSet } from './set-route.ts';

const NAME = 'as `keyturn alert-routes list` shows it';

/** `keyturn alert-routes …`: where alerts go. */
export function addAlertRoutes(program: Command, io: Io): void {
  const routes = program.command('alert-routes').description('where alerts go: list, set, remove, test (scope admin)');
  routes
    .command('list')
    .description('all routes, how each fares, and what it answered last; never a secret')
    .addHelpText('after', '\nExamples:\n  keyturn alert-routes list')
    .action(async (_options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('GET', '/v1/alert-routes');
      const named = await namedActors(call);
      print(raw, () => routesText(AlertRoutesPage.parse(raw).items, { ...io, named }));
    });
  addRouteSet(routes, io);
  routes
    .command('remove')
    .description('take a route away that no rule names, and what it was still to take')
    .argument('<name>', NAME)
    .addHelpText('after', '\nExamples:\n  keyturn alert-routes remove on-call')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      await call('DELETE', `/v1/alert-routes/${encodeURIComponent(name)}`);
      print({ name, removed: true }, () => [`Nothing goes to ${plain(name)} any more.`]);
    });
  addTest(routes, io);
}

function addTest(routes: Command, io: Io): void {
  routes
    .command('test')
    .description('send one message to a route, now and once, and say what it answered')
    .argument('<name>', NAME)
    .addHelpText('after', '\nExamples:\n  keyturn alert-routes test on-call')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('POST', `/v1/alert-routes/${encodeURIComponent(name)}/test`, undefined, { timeoutMs: 90_000 });
      const delivery = AlertDeliveryJson.parse(raw);
      print(raw, () => (delivery.status === 'delivered' ? [deliveryText(delivery)] : []));
      if (delivery.status !== 'delivered') throw failure(exitCodes.unhealthy, deliveryText(delivery));
    });
}
