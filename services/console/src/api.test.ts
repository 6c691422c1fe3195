import { expect, it } from '@jest/globals';
import { httpRoutes, policy } from '@keyturn/contracts';
import { servedRoutes } from '@keyturn/runtime';
import { Router } from 'express';
import { guardWith } from './access/guard.ts';
import { requirePolicy } from './access/require-policy.ts';
import { api } from './api.ts';
import type { Deps } from './routes/deps.ts';

const allow = guardWith({ identify: () => Promise.reject(), settings: { origin: null }, record: () => Promise.reject() });

it('serves the routes that the published document has, and no others', () => {
  const served = servedRoutes(api({ pool: {}, allow, access: {}, now: () => new Date(), newId: String } as unknown as Deps));
  const documented = httpRoutes.console.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(served.map(({ route }) => route).sort()).toEqual(documented.sort()); // else correct packages/contracts/src/routes.ts, then npm run contracts
});

it('the policy names no route that is nowhere', () => {
  const documented = Object.values(httpRoutes).flatMap((routes) => routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`));
  expect(Object.keys(policy).filter((route) => !documented.includes(route))).toEqual([]);
});

it.each([
  ['the policy says nothing of', Router().get('/v1/new', allow('read')), 'GET /v1/new is not in packages/contracts/src/policy.ts'],
  ['is kept for another scope', Router().get('/v1/audit', allow('read')), 'GET /v1/audit is kept for read, and the policy says admin'],
  ['nobody keeps', Router().get('/v1/me', () => {}), 'GET /v1/me is kept for everybody, and the policy says somebody'],
  ['is kept behind something else', Router().get('/v1/keys', () => {}, allow('admin')), 'GET /v1/keys is kept for everybody'],
  ['is deep within', Router().use(Router().put('/v1/keys', allow('admin'))), 'PUT /v1/keys is not in packages/contracts/src/policy.ts'],
])('a route that %s does not start', (_what, router, why) => {
  expect(() => requirePolicy(router)).toThrow(why);
});
