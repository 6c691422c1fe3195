import { expect, it } from '@jest/globals';
import { httpRoutes, type Scope } from '@keyturn/contracts';
import { servedRoutes } from '@keyturn/testkit/served-routes';
import type { RequestHandler } from 'express';
import { api } from './api.ts';
import type { Deps } from './routes/deps.ts';

/** Guards that say which scope they stand for. */
const guards = new Map<RequestHandler, Scope>();
const allow = (scope: Scope): RequestHandler => {
  const guard: RequestHandler = () => {};
  guards.set(guard, scope);
  return guard;
};

it('serves the routes that the published document has, each behind the scope that it says, and no others', () => {
  const served = servedRoutes(api({ pool: {}, allow, now: () => new Date(), newId: String } as unknown as Deps));
  const behind = served.map(({ route, handlers: [first] }) => `${route} ${first && guards.get(first)}`);
  const documented = httpRoutes.console.map(({ method, path, scope }) => `${method.toUpperCase()} ${path} ${scope}`);
  expect(behind.sort()).toEqual(documented.sort()); // else correct packages/contracts/src/routes.ts, then npm run contracts
});
