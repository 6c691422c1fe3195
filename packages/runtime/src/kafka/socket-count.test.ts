import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { countedSockets } from './socket-count.ts';

const seen: Socket[] = [];
const server = createServer((socket) => void seen.push(socket));
beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(async () => {
  jest.useRealTimers();
  for (const socket of seen.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

async function connected(): Promise<{ client: Socket; broker: Socket }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const arrived = once(server, 'connection');
  const { port } = server.address() as AddressInfo;
  const client = countedSockets('test')({ host: '127.0.0.1', port, ssl: undefined as never, onConnect: resolve });
  await Promise.all([promise, arrived]);
  return { client, broker: seen[0] as Socket };
}

it('a connection on which nothing comes back is ended, however much is asked meanwhile', async () => {
  const { client } = await connected();
  const ended = once(client, 'error');
  for (let seconds = 0; seconds < 60; seconds += 1) {
    if (!client.destroyed) client.write('a request');
    jest.advanceTimersByTime(1_000);
  }
  expect(await ended).toEqual([expect.objectContaining({ message: 'nothing came back for 45 s' })]);
});

it('one on which answers come, or nothing is asked, stays', async () => {
  const { client, broker } = await connected();
  for (let round = 0; round < 5; round += 1) {
    client.write('a request');
    jest.advanceTimersByTime(40_000);
    const answered = once(client, 'data');
    broker.write('an answer');
    await answered;
    jest.advanceTimersByTime(3_600_000);
    expect(client.destroyed).toBe(false);
  }
  client.destroy();
});
