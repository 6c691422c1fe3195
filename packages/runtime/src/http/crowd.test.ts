import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Crowd, crowd } from './crowd.ts';

let server = createServer();
let { asked, lastOn }: Crowd = crowd(server, 3);
const connections: Socket[] = [];
beforeEach(async () => {
  server = createServer();
  ({ asked, lastOn } = crowd(server, 3));
  server.on('request', asked).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const one of connections.splice(0)) one.destroy();
  server.close();
});

async function open(): Promise<Socket> {
  const { port } = server.address() as AddressInfo;
  const connection = connect(port, '127.0.0.1')
    .on('error', () => {})
    .resume();
  connections.push(connection);
  await once(connection, 'connect');
  return connection;
}
/** Sends a request that says it has a body of three bytes, and these of it; answers what the server then has. */
async function ask(connection: Socket, body: string): Promise<[IncomingMessage, ServerResponse]> {
  const came = once(server, 'request');
  connection.write(`POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 3\r\n\r\n${body}`);
  return (await came) as [IncomingMessage, ServerResponse];
}
async function answer(res: ServerResponse): Promise<void> {
  res.end();
  await once(res, 'close');
}
async function askAndAnswer(connection: Socket): Promise<void> {
  const [req, res] = await ask(connection, 'all');
  await once(req.resume(), 'end');
  await answer(res);
}

it('an answer is known while it is given, and is let go when it is out', async () => {
  const [req, res] = await ask(await open(), 'all');
  const { socket } = req;
  await once(req.resume(), 'end');
  expect(lastOn(socket)).toBe(res);
  await answer(res);
  expect(lastOn(socket)).toBeUndefined();
});

it('one that was given before its request had come whole stays known: the rest may be unreadable', async () => {
  const [req, res] = await ask(await open(), 'a');
  await answer(res);
  expect(lastOn(req.socket)).toBe(res);
});

it('one more takes the place of whoever asked longest ago', async () => {
  const [first, second, third] = [await open(), await open(), await open()];
  for (const one of [first, second, third, first]) await askAndAnswer(one);
  const gone = once(second, 'close');
  await open();
  await gone;
  expect([first.destroyed, third.destroyed]).toEqual([false, false]);
});
