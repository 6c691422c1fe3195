import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import { json, Router } from 'express';
import { z } from 'zod';
import { createLog } from '../log.ts';
import { createApp } from './create-app.ts';
import { type Listening, listen } from './listen.ts';

const written: string[] = [];
const log = createLog('test', { to: { write: (line) => void written.push(line) } });
const Body = z.strictObject({ reason: z.string().min(1, 'say why'), version: z.number({ error: 'must be a number' }) });
const released = Promise.withResolvers<void>();
const entered = Promise.withResolvers<void>();
const routes = Router()
  .get('/people/:waId', (_req, res) => void res.json({ ok: true }))
  .get('/slow', async (_req, res) => {
    entered.resolve();
    await released.promise;
    res.json({ slow: true });
  })
  .post('/things', json({ limit: 100 }), (req, res) => void res.json(Body.parse(req.body)))
  .get('/listeners', (req, res) => void res.json(req.socket.listenerCount('close')))
  .get('/conflict', () => {
    throw new AppError('identity.conflict', 'moved on', { detail: { identity: { version: 3 }, status: 'mine' } });
  })
  .get('/unavailable', () => {
    throw new AppError('kafka.unavailable', 'not now');
  })
  .get('/unauthenticated', () => {
    throw new AppError('request.unauthenticated', 'name a key');
  })
  .get('/defect', () => {
    throw new Error('password is hunter2');
  });

let server: Listening;
beforeAll(async () => {
  server = await listen(createApp({ log, routes: [routes] }), { port: 0, host: '127.0.0.1' });
});
afterAll(() => server.close());
const get = (path: string, init?: RequestInit) => fetch(server.url + path, init);
const post = (body: string) => get('/things', { method: 'POST', body, headers: { 'content-type': 'application/json' } });

describe('createApp', () => {
  it.each([
    [
      'an AppError: its status, code and details',
      () => get('/conflict'),
      409,
      { code: 'identity.conflict', detail: 'moved on', status: 409, identity: { version: 3 } },
    ],
    ['what is not there', () => get('/nowhere'), 404, { code: 'request.not_found', detail: expect.stringContaining('check the address') }],
    ['a path that can not be read', () => get('/people/%E0%A4%A'), 400, { code: 'request.malformed' }],
    ['JSON that is none', () => post('{"reason"'), 400, { code: 'request.malformed' }],
    ['a body too large', () => post(JSON.stringify({ reason: 'x'.repeat(200) })), 413, { code: 'request.too_large' }],
    [
      'a body that breaks rules: each field and rule',
      () => post('{"reason":"","extra":1}'),
      422,
      {
        code: 'request.invalid',
        detail: expect.stringMatching(/reason: say why; version: must be a number/),
        errors: expect.arrayContaining([
          { field: 'reason', rule: 'say why' },
          { field: 'version', rule: 'must be a number' },
        ]),
      },
    ],
    ['a defect: nothing of it', () => get('/defect'), 500, { code: 'internal', detail: expect.not.stringContaining('hunter2') }],
  ])('answers %s', async (_case, request, status, expected) => {
    const response = await request();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({ type: expect.stringMatching(/^urn:/), title: expect.any(String), ...expected });
  });

  it('says when to come back, how to log in, and not what it is made of', async () => {
    expect((await get('/unavailable')).headers.get('retry-after')).toBe('5');
    expect((await get('/unauthenticated')).headers.get('www-authenticate')).toBe('Bearer');
    const { headers } = await get('/nowhere');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('leaves nothing on a connection for a request whose body nobody wanted', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (method: string, path: string, body?: string) => {
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
      request(server.url + path, { agent, method }, resolve)
        .on('error', reject)
        .end(body);
      return text(await promise);
    };
    const before = await ask('GET', '/listeners');
    for (let i = 0; i < 5; i++) await ask('POST', '/nowhere', '{}');
    expect(await ask('GET', '/listeners')).toBe(before);
    agent.destroy();
  });

  it('logs one line a request, with the pattern and never the URL', async () => {
    written.length = 0;
    await (await get('/people/491701234567?q=491701234567')).json();
    while (written.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(written.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ method: 'GET', route: '/people/:waId', status: 200, duration_ms: expect.any(Number), msg: 'request' }),
    ]);
    expect(written.join()).not.toContain('491701234567');
  });
});

describe('listen', () => {
  it.each([
    ['a length that no memory holds', 'content-length: 1000000000000\r\n\r\n', Buffer.alloc(64 * 1024, 'x')],
    ['chunks without an end', 'transfer-encoding: chunked\r\n\r\n', Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`)],
  ])('of %s, sent on after the answer, only so much is read that an honest sender gets to see it', async (_case, headers, piece) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {}); // it is cut off
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
    socket.write(`POST /nowhere HTTP/1.1\r\nhost: localhost\r\n${headers}`);
    const pour = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', pour);
    pour();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(heard).toMatch(/^HTTP\/1\.1 404 /);
    expect(socket.bytesWritten - socket.writableLength).toBeLessThan(64 * 1024 * 1024);
  });

  it('a used port names port, variable and way out', async () => {
    const again = listen(createApp({ log, routes: [] }), { port: server.port, host: '127.0.0.1', variable: 'INGRESS_PORT' });
    await expect(again).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringMatching(/port \d+ \(INGRESS_PORT\) is in use.*set INGRESS_PORT/),
    });
  });

  it('close lets a request under way end, and then takes no more', async () => {
    const other = await listen(createApp({ log, routes: [routes] }), { port: 0, host: '127.0.0.1' });
    const answer = fetch(`${other.url}/slow`);
    await entered.promise;
    const closed = other.close();
    released.resolve();
    expect(await (await answer).json()).toEqual({ slow: true });
    await closed;
    await expect(fetch(`${other.url}/slow`)).rejects.toThrow();
  });

  it('close breaks off what does not end by the deadline', async () => {
    const hangs = Promise.withResolvers<void>();
    const hanging = Router().get('/hang', () => hangs.resolve());
    const other = await listen(createApp({ log, routes: [hanging] }), { port: 0, host: '127.0.0.1', closeTimeoutMs: 20 });
    const answer = fetch(`${other.url}/hang`);
    const broken = expect(answer).rejects.toThrow();
    await hangs.promise;
    await other.close();
    await broken;
  });
});
