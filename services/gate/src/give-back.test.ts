import { once } from 'node:events';
import { createServer, get, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { giveBack } from './give-back.ts';

const SENT = JSON.stringify({ messages: [{ id: 'wamid.1' }] });

async function listening(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

it.each([
  ['with its length', { 'content-length': SENT.length }],
  ['in chunks', {}],
])('what the platform took is known though whoever asked has left by then: an answer %s', async (_how, headers) => {
  const platform = await listening((_req, res) => res.writeHead(200, headers).end(SENT));
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const gate = await listening((_req, res) => {
    res.once('close', () => get(platform.url, (answer) => void giveBack(answer, res, async () => {}).then(resolve)));
    asking.destroy();
  });
  const asking = get(gate.url).on('error', () => {});
  expect(await promise).toBe(SENT);
  gate.close();
  platform.close();
});

it('what the platform took is known though whoever asked leaves between its head and its end', async () => {
  const { promise: left, resolve: leaves } = Promise.withResolvers<void>();
  const platform = await listening((_req, res) => {
    res.writeHead(200).write(SENT.slice(0, 10));
    void left.then(() => res.end(SENT.slice(10)));
  });
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const gate = await listening((_req, res) => {
    res.once('close', () => setImmediate(leaves));
    get(platform.url, (answer) => {
      void giveBack(answer, res, async () => {}).then(resolve);
      setImmediate(() => asking.destroy());
    });
  });
  const asking = get(gate.url).on('error', () => {});
  expect(await promise).toBe(SENT);
  gate.close();
  platform.close();
});

it('what breaks off breaks off here too, and is known to nobody', async () => {
  const platform = await listening((_req, res) => res.writeHead(200).write(SENT.slice(0, 10), () => res.destroy()));
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const gate = await listening((_req, res) => {
    get(platform.url, (answer) => void giveBack(answer, res, async () => {}).then(resolve));
  });
  await expect(fetch(gate.url).then((answer) => answer.text())).rejects.toThrow();
  expect(await promise).toBeNull();
  gate.close();
  platform.close();
});
