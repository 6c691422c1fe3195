import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { httpRoutes } from '@keyturn/contracts';

const said = readFileSync('services/console/web/src/screens/audit/words.ts', 'utf8');
/** Whatever the guard writes down, and what is written down without it. */
const recorded = httpRoutes.console
  .filter(({ method, who, path }) => (method === 'get' ? path.endsWith('/secret') : who !== 'read'))
  .map(({ operationId }) => operationId);

it.each([...recorded, 'finishOidcLogin', 'bulkDecisionDone'])('the page says in both its languages what %s is', (action) =>
  expect(said.match(new RegExp(`^ +${action}: '`, 'gm'))).toHaveLength(2),
);
