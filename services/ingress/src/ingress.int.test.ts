import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { account, inbound, WEBHOOK_BYTES_MAX, webhooks } from '@keyturn/contracts';
import { webhookIdOf } from '@keyturn/normalize';
import { bodyOf, fixture, fixtureNames, text } from '@keyturn/normalize/testing';
import { connectKafka, type Service } from '@keyturn/runtime';
import { keepFromLogs, runLogEnv, testKafka, testLog } from '@keyturn/testkit';
import { start } from './start.ts';

const SECRET = 'the-current-app-secret';
const PREVIOUS = 'the-previous-app-secret';
const { brokers, prefix } = testKafka();
const env = {
  KAFKA_BROKERS: brokers.join(','),
  KAFKA_PREFIX: prefix,
  WHATSAPP_APP_SECRET: `${SECRET},${PREVIOUS}`,
  WHATSAPP_VERIFY_TOKEN: 'fixture-verify-token',
  INGRESS_PORT: '0',
};
type Found = { topic: string; key: string; value: Buffer; headers: Record<string, string> };
let service: Service;
let url: string;
const found: Found[] = [];
let wake = (): void => undefined;
let stopReading: () => Promise<void>;

beforeAll(async () => {
  Object.assign(process.env, runLogEnv('ingress'));
  for (const secret of [SECRET, PREVIOUS, env.WHATSAPP_VERIFY_TOKEN]) keepFromLogs(secret);
  service = await start(env);
  url = `${service.url}/webhook`;
  const kafka = connectKafka({ KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix, KAFKA_TLS: false }, testLog());
  const consumer = kafka.consumer({ groupId: `${prefix}reader`, maxBytesPerPartition: 16 * 1024 * 1024 });
  await consumer.connect();
  await consumer.subscribe({ topics: [webhooks, inbound, account].map(({ name }) => prefix + name), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, message: { key, value, headers } }) => {
      const named = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
      found.push({
        topic: topic.slice(prefix.length),
        key: String(key),
        value: value ?? Buffer.alloc(0),
        headers: Object.fromEntries(named),
      });
      wake();
    },
  });
  stopReading = () => consumer.disconnect();
});
afterAll(async () => {
  await stopReading();
  await service.stop();
});

const sign = (body: Buffer, secret = SECRET): string => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const post = (body: Buffer, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(body), ...headers } });

/** The records that one body became, once there are as many as that. */
async function recordsOf(body: Buffer, count: number): Promise<{ kept: Found[]; events: Found[] }> {
  const webhookId = webhookIdOf(body);
  for (;;) {
    const kept = found.filter(({ topic, key }) => topic === webhooks.name && key === webhookId);
    const events = found.filter(({ topic, value }) => topic !== webhooks.name && value.includes(webhookId));
    if (kept.length > 0 && events.length >= count) return { kept, events };
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}
const json = (body: object): Buffer => Buffer.from(JSON.stringify(body));

describe('handshake', () => {
  const ask = (query: Record<string, string>) => fetch(`${url}?${new URLSearchParams(query)}`);
  const good = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'fixture-verify-token' };
  it('answers the challenge as plain text', async () => {
    const answer = await ask(good);
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/plain; charset=utf-8',
      '1158201444',
    ]);
  });
  it.each<[string, Record<string, string>]>([
    ['another token', { ...good, 'hub.verify_token': 'fixture-verify-tokem' }],
    ['no token', { 'hub.mode': 'subscribe', 'hub.challenge': '1' }],
    ['another mode', { ...good, 'hub.mode': 'unsubscribe' }],
    ['a challenge that is none', { ...good, 'hub.challenge': 'x'.repeat(257) }],
    ['nothing', {}],
  ])('403 for %s', async (_case, query) => expect((await ask(query)).status).toBe(403));
});

describe('answered 200 means kept', () => {
  it('the body byte for byte with its headers, and its events by person', async () => {
    const body = fixture('messages.text');
    expect((await post(body)).status).toBe(200);
    const { kept, events } = await recordsOf(body, 1);
    expect(kept[0]?.value.equals(body)).toBe(true);
    expect(kept[0]?.headers).toEqual({
      'content-type': 'application/json',
      signature: sign(body),
      'received-at': expect.stringMatching(/Z$/),
    });
    expect(events).toMatchObject([
      { topic: inbound.name, key: '12025550101', headers: { 'event-type': 'message.received', facets: 'consent,link,window' } },
    ]);
  });
  it('under the previous secret too', async () => {
    const body = fixture('messages.image');
    expect((await post(body, { 'x-hub-signature-256': sign(body, PREVIOUS) })).status).toBe(200);
    await recordsOf(body, 1);
  });
  it.each([['application/x-www-form-urlencoded'], ['text/plain'], ['no/such type; charset=utf-7']])(
    'whatever it calls itself: %s',
    async (type) => {
      const body = json(bodyOf({ messages: [text({ id: `wamid.${type}` })] }));
      expect((await post(body, { 'content-type': type })).status).toBe(200);
      await recordsOf(body, 1);
    },
  );
  it.each([['{"no":'], ['\u0000\u0001'], ['']])('signed bytes that are no webhook are kept as well: %p', async (bytes) => {
    const body = Buffer.from(bytes);
    expect((await post(body)).status).toBe(200);
    const { kept, events } = await recordsOf(body, 1);
    expect(kept[0]?.value.equals(body)).toBe(true);
    expect(events[0]).toMatchObject({ topic: account.name, headers: { 'event-type': 'webhook.unrecognized' } });
  });
  it('every fixture', async () => {
    for (const name of fixtureNames) expect([name, (await post(fixture(name))).status]).toEqual([name, 200]);
    for (const name of fixtureNames) {
      const { kept } = await recordsOf(fixture(name), 1);
      expect(kept[0]?.value.equals(fixture(name))).toBe(true);
    }
  });
  it('1,000 changes in one body, a bad one among them', async () => {
    const change = (id: number) => ({
      field: 'messages',
      value: {
        metadata: { phone_number_id: '1' },
        messages: [id === 500 ? { type: 'text' } : text({ id: `wamid.${id}`, from: String(12025550100 + id) })],
      },
    });
    const body = json({ entry: [{ id: '2', changes: Array.from({ length: 1_000 }, (_, id) => change(id)) }] });
    expect((await post(body)).status).toBe(200);
    const { events } = await recordsOf(body, 1_000);
    expect(events.filter(({ topic }) => topic === inbound.name)).toHaveLength(999);
    expect(events.filter(({ topic }) => topic === account.name)).toHaveLength(1);
  });
});

describe('size', () => {
  const ofSize = (bytes: number, field: string): Buffer => {
    const padded = (pad: string) => json(bodyOf({ messages: [text({ text: { body: pad } })] }, field));
    return padded('x'.repeat(bytes - padded('').length));
  };
  it.each([['messages'], ['some_new_field']])('one item as large as a body may be, under %s', async (field) => {
    const body = ofSize(WEBHOOK_BYTES_MAX, field);
    expect((await post(body)).status).toBe(200);
    const { kept } = await recordsOf(body, 1);
    expect(kept[0]?.value.equals(body)).toBe(true);
  });
  it('one byte more is 413', async () => {
    const answer = await post(ofSize(WEBHOOK_BYTES_MAX + 1, 'messages'));
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'webhook.too_large']);
  });
});

describe('refused, and nothing of it kept', () => {
  const body = json(bodyOf({ messages: [text({ id: 'wamid.refused' })] }));
  it.each<[string, Record<string, string>, number]>([
    ['another secret', { 'x-hub-signature-256': sign(body, 'another-app-secret') }, 401],
    ['the signature of other bytes', { 'x-hub-signature-256': sign(Buffer.from('{}')) }, 401],
    ['upper-case hex', { 'x-hub-signature-256': sign(body).toUpperCase().replace('SHA', 'sha') }, 401],
    ['no signature', { 'x-hub-signature-256': '' }, 401],
    ['a compressed body', { 'content-encoding': 'gzip' }, 415],
  ])('%s', async (_case, headers, status) => {
    const compressed = 'content-encoding' in headers ? gzipSync(body) : body;
    const answer = await post(compressed, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(found.some(({ value }) => value.includes('wamid.refused'))).toBe(false);
  });
});

it('a start says in one error what is wrong', async () => {
  await expect(start({ ...env, INGRESS_PORT: new URL(url).port })).rejects.toMatchObject({
    code: 'config.invalid',
    message: expect.stringContaining('INGRESS_PORT'),
  });
  await expect(start({ ...env, KAFKA_BROKERS: 'localhost:1' })).rejects.toMatchObject({ code: 'kafka.unavailable' });
});
