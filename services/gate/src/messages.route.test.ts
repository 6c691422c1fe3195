import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import { defaultPolicy, type GateDecision } from '@keyturn/domain';
import { createApp, createLog } from '@keyturn/runtime';
import { runLogEnv } from '@keyturn/testkit';
import { messagesRoutes } from './messages.route.ts';
import { type OpenCall, type PlatformCall, platformAt, unreached } from './platform.ts';

Object.assign(process.env, runLogEnv('messages-route'));

const said = { status: 200, body: '{}' };
const server = createServer((_req, res) => res.writeHead(said.status).end(said.body));
const listening: Server[] = [];
const urlOf = (one: Server) => `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
async function listen(one: Server): Promise<string> {
  listening.push(one.listen(0, '127.0.0.1'));
  await once(one, 'listening');
  return urlOf(one);
}
beforeAll(async () => void (await listen(server)));
afterAll(() => {
  for (const one of listening) one.close().closeAllConnections();
});

const counts = [{ contactId: '01900000-0000-7000-8000-000000000001', category: 'marketing', max: 1, withinHours: 24 }] as const;
const allow: GateDecision = {
  ...{ decision: 'allow', reasons: [], shadowed: [], unanswered: [], contactId: null, identityKeyHash: null, counts },
};
type Told = { takenBack: number; dropped: number; ended?: Promise<unknown> };

/** A gate that allows everything and counts it. */
async function gateWith(
  open: (call: PlatformCall) => Promise<OpenCall>,
  counted: () => Promise<void> = async () => {},
  otherPaths: 'pass' | 'refuse' = 'refuse',
) {
  const told: Told = { takenBack: 0, dropped: 0 };
  const deps: Parameters<typeof messagesRoutes>[0] = {
    authenticate: () => ({ lastScopes: ['send'], caller: Promise.resolve({ actor: 'key:1', name: 'one', scopes: ['send'] }) }),
    judge: async (sends) => sends.map(() => allow),
    count: async () => {
      await counted();
      return {
        takeBack() {
          told.takenBack += 1;
        },
      };
    },
    after: {
      refused: async () => {},
      took(_going, answer) {
        told.ended = answer;
      },
    },
    open: { fire: open },
    ownSide: async () => ({ wabas: [], numbers: new Map(), templates: new Map() }),
    ...{ heldToken: async () => null, decided: () => {}, otherPaths, policy: defaultPolicy, log: createLog('test') },
  };
  const gate = createServer(createApp({ log: deps.log, routes: messagesRoutes(deps) }));
  const sockets: Socket[] = [];
  gate.on('connection', (socket) => sockets.push(socket));
  return { url: `${await listen(gate)}/v25.0/106540352242922/messages`, told, sockets };
}
const sent = {
  method: 'POST',
  headers: { authorization: 'Bearer EAA', 'x-keyturn-key': 'kt_1', 'content-type': 'application/json' },
  body: JSON.stringify({ messaging_product: 'whatsapp', to: '491700', type: 'text', text: { body: 'Hello' } }),
};
const unused = (send: OpenCall['send'], drop = () => {}): OpenCall => ({ readySince: 0, send, drop });

describe('what was counted before it went out', () => {
  it.each<[what: string, error: AppError, takenBack: number, nothingSent: boolean]>([
    ['is taken back where its connection broke before it', unreached('no connection: reset'), 1, true],
    ['stays where it broke after it', new AppError('graph.unavailable', 'reset; whether it went out is not known'), 0, false],
  ])('%s', async (_what, error, takenBack, nothingSent) => {
    const { url, told } = await gateWith(async () => unused(() => Promise.reject(error)));
    const answer = await fetch(url, sent);
    expect([answer.status, await answer.json(), told.takenBack]).toMatchObject([
      502,
      { error: { code: 990_005, error_data: { details: error.message, keyturn: { nothingSent } } } },
      takenBack,
    ]);
  });

  const refusal = JSON.stringify({ error: { code: 131_000, message: 'Something went wrong' } });
  it.each<[what: string, status: number, body: string, takenBack: number]>([
    ['stays where the platform took it', 200, '{}', 0],
    ['is taken back where the platform refused it', 400, 'x', 1],
    ['also by an error of its own', 500, refusal, 1],
    ['and stays where somebody in between says that it failed', 504, '<html>', 0],
  ])('%s', async (_what, status, body, takenBack) => {
    const platform = platformAt(urlOf(server), 1);
    const { url, told } = await gateWith(platform.open);
    Object.assign(said, { status, body });
    expect((await fetch(url, sent)).status).toBe(status);
    await told.ended;
    expect(told.takenBack).toBe(takenBack);
    platform.stop();
  });
});

it('whoever has left before the platform was there for a message gets it not sent, and not counted', async () => {
  const { promise: isLeft, resolve: left } = Promise.withResolvers<void>();
  const { promise: isDropped, resolve: dropped } = Promise.withResolvers<void>();
  let calls = 0;
  const open = async () =>
    unused(() => {
      calls += 1;
      dropped();
      return Promise.reject(new Error('it was sent'));
    }, dropped);
  const { promise: isCounting, resolve: counting } = Promise.withResolvers<void>();
  const { url, told, sockets } = await gateWith(open, () => {
    counting();
    return isLeft;
  });
  const asking = request(url, sent).on('error', () => {});
  asking.end(sent.body);
  await isCounting;
  asking.destroy();
  await once(sockets[0] as Socket, 'close');
  left();
  await isDropped;
  expect([calls, told.takenBack]).toEqual([0, 1]);
});

it('a platform that answers before a file has come whole leaves the connection of its sender to what comes next', async () => {
  const impatient = createServer((_req, res) => res.writeHead(400, { connection: 'close' }).end('{}'));
  const platform = platformAt(await listen(impatient), 1);
  const { url } = await gateWith(platform.open, undefined, 'pass');
  const asking = connect(Number(new URL(url).port), '127.0.0.1');
  const answers = answersOn(asking);
  const [boundary, size] = ['0123456789abcdef', 4 * 1024 * 1024];
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"\r\n\r\n`;
  const end = `\r\n--${boundary}--\r\n`;
  const headers = [
    'host: gate',
    'authorization: Bearer EAA',
    'x-keyturn-key: kt_1',
    `content-type: multipart/form-data; boundary=${boundary}`,
  ];
  const length = `content-length: ${head.length + size + end.length}`;
  asking.write(['POST /v25.0/106540352242922/media HTTP/1.1', ...headers, length, '', head].join('\r\n'));
  expect(await answers.next()).toMatch(/^HTTP\/1\.1 400/);
  asking.write(Buffer.alloc(size));
  asking.write(`${end}GET /nothing HTTP/1.1\r\nhost: gate\r\n\r\n`);
  expect(await answers.next()).toMatch(/^HTTP\/1\.1 404/);
  asking.destroy();
  platform.stop();
});

it.each(['GET', 'DELETE', 'POST'])('what comes as the body of a %s goes on as its body, and is no call of its own', async (method) => {
  const calls: string[] = [];
  const server = createServer((req, res) => {
    calls.push(`${req.method} ${req.url}`);
    req.resume().on('end', () => res.end('{}'));
  });
  const platform = platformAt(await listen(server), 1);
  const { url } = await gateWith(platform.open, undefined, 'pass');
  const within = 'POST /v25.0/106540352242922/messages HTTP/1.1\r\nhost: graph\r\ncontent-length: 2\r\n\r\n{}';
  const part = `--0123456789abcdef\r\ncontent-disposition: form-data; name="x"\r\n\r\n${within}\r\n--0123456789abcdef--\r\n`;
  const asked = async (body: string, more: Record<string, string>) => {
    const asking = request(url.replace('messages', 'media'), { method, headers: { ...sent.headers, ...more } });
    asking.end(body);
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    await once(answer.resume(), 'end');
    return answer.statusCode;
  };
  const parts = 'multipart/form-data; boundary=0123456789abcdef';
  expect(await asked(within, { 'content-type': 'text/plain', 'content-length': String(within.length) })).toBe(200);
  expect(await asked(part, { 'content-type': parts, 'transfer-encoding': 'chunked' })).toBe(200);
  expect(await asked(part, { 'content-type': parts, 'content-length': String(part.length) })).toBe(200);
  expect(calls).toEqual(Array(3).fill(`${method} /v25.0/106540352242922/media`));
  platform.stop();
});

it.each([
  ['who a message goes to', 'messages?appsecret_proof=a?b&to=491799', 400],
  ['a batch of calls', 'media?fields=a?b&batch=[]', 404],
  ['another method', 'media?fields=a?b&method=POST', 404],
])('nothing hides behind a second question mark in the URL: %s', async (_what, end, status) => {
  let opened = 0;
  const open = async () => unused(() => Promise.reject(new Error(`opened ${++opened} times`)));
  const { url } = await gateWith(open, undefined, 'pass');
  expect((await fetch(url.replace('messages', end), sent)).status).toBe(status);
  expect(opened).toBe(0);
});

it.each([
  ['read as a form, though it is JSON as well, is a batch of calls', 'application/x-www-form-urlencoded', '{"a":"&batch=[]&b="}', 422],
  ['is JSON, and holds a URL with such a parameter', 'application/json', '{"url":"https://shop.example/?a=b&method=c"}', 200],
])('a body that %s', async (_what, type, body, status) => {
  Object.assign(said, { status: 200, body: '{}' });
  const platform = platformAt(urlOf(server), 1);
  const { url } = await gateWith(platform.open, undefined, 'pass');
  const headers = { ...sent.headers, 'content-type': type };
  expect((await fetch(url.replace('messages', 'message_templates'), { method: 'POST', headers, body })).status).toBe(status);
  platform.stop();
});

/** The heads of what is answered, one after the other. */
function answersOn(socket: Socket): { next(): Promise<string> } {
  let text = '';
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
  });
  return {
    async next() {
      while (!/HTTP\/1\.1 [\s\S]*?\r\n\r\n/.test(text)) await once(socket, 'data');
      const [answer] = /HTTP\/1\.1 [\s\S]*?\r\n\r\n/.exec(text) ?? [''];
      text = text.slice(text.indexOf(answer) + answer.length);
      return answer;
    },
  };
}
