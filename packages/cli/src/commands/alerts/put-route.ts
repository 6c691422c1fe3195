import { AlertRoutesPage } from '@keyturn/contracts';
import type { Console } from '../../console/connect.ts';
import { exitCodes } from '../../exit-codes.ts';
import { failure } from '../../failure.ts';

/** Makes a route, or changes the one of the name: what is not wanted otherwise stays, its secret too. Answers what the console does. */
export async function putRoute(call: Console, name: string, wanted: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { items } = AlertRoutesPage.parse(await call('GET', '/v1/alert-routes'));
  const there = items.find(({ route }) => route.name === name);
  if (there !== undefined)
    return call('PUT', `/v1/alert-routes/${encodeURIComponent(name)}`, { version: there.version, route: { ...there.route, ...wanted } });
  if (wanted.kind === undefined) throw failure(exitCodes.usage, `No route is called ${name} yet: give --kind to make it.`);
  return call('POST', '/v1/alert-routes', { ...wanted, name });
}
