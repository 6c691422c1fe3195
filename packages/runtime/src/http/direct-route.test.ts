import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLog } from '../log.ts';
import { createApp } from './create-app.ts';
import { directRoute } from './direct-route.ts';
import { type Listening, listen } from './listen.ts';

const written: { route?: string }[] = [];
const log = createLog('test', { to: { write: (line) => void written.push(JSON.parse(line)) } });
const PATH = '/:version/:number/messages';
const answer = directRoute(PATH, async (_req, res) => void res.end('answered'), /^\/v\d+\/\w+\/messages$/);

let server: Listening;
beforeAll(async () => {
  server = await listen(createApp({ log, routes: [answer] }), { port: 0, host: '127.0.0.1' });
});
afterAll(() => server.close());

it.each([
  ['as it is meant', '/v1/100/messages'],
  ['with a query', '/v1/100/messages?a=1'],
  ['with a slash at its end', '/v1/100/messages/'],
  ['in capitals', '/v1/100/MESSAGES'],
  ['of another form', '/one/1-0-0/messages'],
])('a path with parameters is answered, and logged by its pattern alone: %s', async (_how, path) => {
  const before = written.length;
  const response = await fetch(server.url + path, { method: 'POST' });
  expect([response.status, await response.text()]).toEqual([200, 'answered']);
  while (written.length === before) await new Promise(setImmediate);
  expect(written.slice(before).map(({ route }) => route)).toEqual([PATH]);
});

it.each([
  ['another method', 'GET', '/v1/100/messages'],
  ['another path', 'POST', '/v1/100/messages/more'],
])('and nothing else is: %s', async (_what, method, path) => expect((await fetch(server.url + path, { method })).status).toBe(404));
