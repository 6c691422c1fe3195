import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { until } from '@keyturn/testkit';
import { type Platform, platformAt } from './platform.ts';

/** A platform that takes connections and says nothing. */
const server = createServer((socket) => void sockets.push(socket.on('error', () => {}).resume()));
const sockets: Socket[] = [];
let platform: Platform;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  platform = platformAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 3);
});
afterAll(() => {
  platform.stop();
  for (const one of sockets) one.destroy();
  server.close();
});

async function opened() {
  const before = sockets.length;
  const call = await platform.open({ method: 'POST', path: '/v1', headers: {} });
  await until('it is connected', () => sockets.length > before);
  return { call, socket: sockets.at(-1) as Socket };
}
const gone = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

it.each<[string, (socket: Socket) => unknown]>([
  ['ended', (socket) => socket.end()],
  ['closed', (socket) => socket.destroy()],
  ['reset', (socket) => socket.resetAndDestroy()],
])('a connection that is %s between its opening and its use fails the call on it, and nothing else', async (_how, end) => {
  const { call, socket } = await opened();
  end(socket);
  await once(socket, 'close');
  await gone();
  await expect(call.send('{}')).rejects.toMatchObject({ code: 'graph.unavailable' });
});

it('an answer that is none, an upgrade that nobody asked for, fails the call', async () => {
  const { call, socket } = await opened();
  socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'));
  await expect(call.send('{}')).rejects.toMatchObject({ code: 'graph.unavailable' });
});

it('a connection that is ended after its call was let go is nobody’s', async () => {
  const { call, socket } = await opened();
  call.drop();
  await once(socket, 'close');
  await gone();
});

const ends: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});
const LISTEN = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port) })`;

it('a platform that neither takes a connection nor refuses it is given up on', async () => {
  const silent = spawn(process.execPath, ['-e', LISTEN]);
  ends.push(() => silent.kill('SIGKILL'));
  const [port] = (await once(silent.stdout, 'data')).map(Number) as [number];
  silent.kill('SIGSTOP');
  const waits = async () => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    ends.push(() => socket.destroy());
    return Promise.race([once(socket, 'connect').then(() => false), pause(300, true)]);
  };
  while (!(await waits()));
  const unheard = platformAt(`http://127.0.0.1:${port}`, 1, 100);
  ends.push(() => unheard.stop());
  await expect(unheard.open({ method: 'POST', path: '/v1', headers: {} })).rejects.toThrow('no connection: none in 100 ms');
});
