import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { postOutward, type Resolve } from './post-outward.ts';

let handle: (req: IncomingMessage, res: ServerResponse) => void;
let asked: string[] = [];
const server = createServer((req, res) => {
  asked.push(req.url ?? '');
  handle(req, res);
});
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
beforeEach(() => {
  asked = [];
  handle = (_req, res) => void res.end();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const resolvesTo =
  (...addresses: string[]): Resolve =>
  (_hostname, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
const outward = (url: string) => ({ url, headers: { 'x-one': '1' }, body: '{}', timeoutMs: 2_000, isPrivateAllowed: false });
const allowed = (path: string) => ({ ...outward(`http://127.0.0.1:${port}${path}`), isPrivateAllowed: true });

describe('where nothing private is allowed, nothing is sent to', () => {
  it.each([
    ['plain HTTP', (p: number) => `http://example.com:${p}/`],
    ['a loopback address', (p: number) => `https://127.0.0.1:${p}/`],
    ['one written as a number', (p: number) => `https://2130706433:${p}/`],
    ['one in hexadecimal', (p: number) => `https://0x7f000001:${p}/`],
    ['one in octal', (p: number) => `https://0177.0.0.1:${p}/`],
    ['a short one', (p: number) => `https://127.1:${p}/`],
    ['one of IPv6', (p: number) => `https://[::1]:${p}/`],
    ['IPv4 in IPv6', (p: number) => `https://[::ffff:127.0.0.1]:${p}/`],
    ['a cloud’s metadata', () => 'https://169.254.169.254/latest/meta-data'],
    ['a private network', () => 'https://10.0.0.1/'],
    ['localhost', (p: number) => `https://localhost:${p}/`],
  ])('%s', async (_what, url) => {
    expect(await postOutward(outward(url(port)))).toEqual({ kind: 'refused_address' });
    expect(asked).toEqual([]);
  });

  it.each([
    ['a private address', ['10.0.0.1']],
    ['this machine', ['127.0.0.1']],
    ['a public address and a private one', ['93.184.215.14', '192.168.0.1']],
    ['IPv6 of its own network', ['fd00::1']],
  ])('a name that leads to %s', async (_what, addresses) => {
    const url = `https://verify.example:${port}/`;
    expect(await postOutward({ ...outward(url), resolve: resolvesTo(...addresses) })).toEqual({ kind: 'refused_address' });
    expect(asked).toEqual([]);
  });
});

it('a name is resolved once, and what was looked at is what is connected to', async () => {
  let resolved = 0;
  const resolve: Resolve = (hostname, done) => {
    resolved += 1;
    resolvesTo(resolved === 1 ? '127.0.0.1' : '192.0.2.1')(hostname, done);
  };
  const url = `http://verify.example:${port}/hook`;
  expect(await postOutward({ ...outward(url), isPrivateAllowed: true, resolve })).toEqual({ kind: 'answered', status: 200 });
  expect([resolved, asked]).toEqual([1, ['/hook']]);
});

it('reads of an answer as much as is asked for, and when to come again', async () => {
  handle = (_req, res) => void res.writeHead(429, { 'retry-after': '30' }).end('rate_limited and more');
  expect(await postOutward({ ...allowed('/'), answerBytesMax: 12 })).toEqual({
    ...{ kind: 'answered', status: 429, text: 'rate_limited', retryAfter: '30' },
  });
  handle = (_req, res) => {
    res.writeHead(200, { 'content-length': '10' }).write('ok');
    setImmediate(() => res.destroy());
  };
  expect(await postOutward({ ...allowed('/'), answerBytesMax: 12 })).toMatchObject({ kind: 'answered', status: 200 });
});

it('a redirect is an answer, and is not followed', async () => {
  handle = (_req, res) => void res.writeHead(307, { location: `http://127.0.0.1:${port}/inside` }).end();
  expect(await postOutward(allowed('/out'))).toEqual({ kind: 'answered', status: 307 });
  expect(asked).toEqual(['/out']);
});

it('sends what it is given, as one POST', async () => {
  let got: unknown;
  handle = (req, res) => {
    const { method, headers } = req;
    got = { method, one: headers['x-one'], length: headers['content-length'] };
    res.writeHead(204).end();
  };
  expect(await postOutward(allowed('/'))).toEqual({ kind: 'answered', status: 204 });
  expect(got).toEqual({ method: 'POST', one: '1', length: '2' });
});

it.each([
  ['an endpoint that says nothing', () => {}, 'timeout'],
  ['one that breaks off', (req: IncomingMessage) => req.socket.destroy(), 'unreachable'],
])('%s is an outcome, never an error, and may have got it', async (_what, behaviour, kind) => {
  handle = behaviour;
  expect(await postOutward({ ...allowed('/'), timeoutMs: 200 })).toEqual({ kind, wasSent: true });
});

it('nobody there, no such name and no TLS are outcomes', async () => {
  const nobody: Resolve = (_hostname, done) => done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
  expect(await postOutward({ ...allowed('/'), url: 'http://127.0.0.1:1/' })).toEqual({ kind: 'unreachable' });
  expect(await postOutward({ ...outward('https://nobody.example/'), resolve: nobody })).toEqual({ kind: 'unreachable' });
  expect(await postOutward({ ...allowed('/'), url: `https://127.0.0.1:${port}/` })).toEqual({ kind: 'tls' });
});

it('an answer without an end is broken off', async () => {
  let broken: () => void = () => {};
  const closed = new Promise<void>((resolve) => (broken = resolve));
  handle = (_req, res) => {
    res.once('close', () => broken());
    res.writeHead(200);
    const more = () => void (res.destroyed || res.write(Buffer.alloc(16_384), more));
    more();
  };
  expect(await postOutward({ ...allowed('/'), timeoutMs: 60_000 })).toEqual({ kind: 'answered', status: 200 });
  await closed; // long before its time is over
});
