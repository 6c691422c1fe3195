import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLog } from '../log.ts';
import { createApp } from './create-app.ts';
import { type Listening, listen } from './listen.ts';

const log = createLog('test', { to: { write: () => {} } });
let server: Listening;
beforeAll(async () => {
  server = await listen(createApp({ log, routes: [] }), { port: 0, host: '127.0.0.1' });
});
afterAll(() => server.close());

const GET = 'GET / HTTP/1.1\r\nhost: here\r\n\r\n';
const TUNNEL = 'CONNECT there:443 HTTP/1.1\r\nhost: there\r\n\r\n';
async function askAndReset(what: string): Promise<void> {
  const socket = connect(server.port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  await new Promise<void>((resolve) => socket.write(what, () => resolve()));
  socket.resetAndDestroy();
  await once(socket, 'close');
}

it.each([
  ['for a tunnel', TUNNEL],
  ['for a tunnel behind another request', GET + TUNNEL],
  ['for one after the other at once', GET + GET],
  ['for an upgrade', 'GET / HTTP/1.1\r\nhost: here\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
  ['in no HTTP', 'JUNK\r\n\r\n'],
])('who asks %s and resets the connection before the answer harms nobody', async (_what, asked) => {
  for (let i = 0; i < 30; i += 1) await askAndReset(asked); // not each of them comes before the answer
  expect((await fetch(server.url)).status).toBe(404);
});
