import { expect, it } from '@jest/globals';
import { httpRoutes } from '@keyturn/contracts';
import { servedRoutes } from '@keyturn/runtime';
import { decisionsRoute } from './decisions.route.ts';

it('serves the routes that the published document has, and no others but the platform’s own', () => {
  const documented = httpRoutes.gate.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  const router = decisionsRoute({
    authenticate: () => ({ lastScopes: null, caller: Promise.reject() }),
    judge: () => Promise.reject(),
    decided: () => {},
  });
  expect(servedRoutes(router).map(({ route }) => route)).toEqual(documented);
});
