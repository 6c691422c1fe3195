import { expect, it } from '@jest/globals';
import { httpRoutes } from '@keyturn/contracts';
import { servedRoutes } from '@keyturn/runtime';
import { handshakeRoute } from './handshake.route.ts';
import { webhookRoute } from './webhook.route.ts';

it('serves the routes that the published document has, and no others', () => {
  const routers = [
    handshakeRoute({ verifyToken: 'a-token-of-the-tests' }),
    webhookRoute({ appSecrets: [], keep: () => Promise.reject(), now: () => new Date() }),
  ];
  const documented = httpRoutes.ingress.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(routers.flatMap(servedRoutes).map(({ route }) => route)).toEqual(documented);
});
