import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import { fixture } from '@keyturn/normalize/testing';
import { createApp, createLog, type Listening, listen, metrics, type OutgoingRecord } from '@keyturn/runtime';
import { guardedKeeper } from './keep.ts';
import { webhookRoute } from './webhook.route.ts';

const SECRET = 'a-secret-of-the-app';
const body = fixture('messages.text');
const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
let server: Listening | undefined;
const lines: Record<string, unknown>[] = [];

async function serve(
  publish: (records: readonly OutgoingRecord[]) => Promise<void>,
  now = () => new Date(),
): Promise<() => Promise<Response>> {
  const keep = guardedKeeper({ publish }).fire;
  lines.length = 0;
  const log = createLog('ingress', { level: 'info', to: { write: (line: string) => void lines.push(JSON.parse(line)) } });
  server = await listen(createApp({ log, routes: [webhookRoute({ appSecrets: [SECRET], keep, now })] }), { port: 0 });
  const url = `${server.url}/webhook`;
  return () => fetch(url, { method: 'POST', body, headers: { 'x-hub-signature-256': signature } });
}
afterEach(() => server?.close());

describe('while Kafka confirms nothing', () => {
  it('a webhook is answered 503 with Retry-After, and soon without asking Kafka', async () => {
    let asked = 0;
    const post = await serve(async () => {
      asked += 1;
      throw new AppError('kafka.unavailable', 'away');
    });
    for (let i = 0; i < 10; i += 1) {
      const answer = await post();
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(await answer.json()).toMatchObject({ code: 'webhook.not_kept' });
    }
    expect(asked).toBe(3);
    expect(lines.at(-1)).toMatchObject({ status: 503, outcome: 'not_kept' });
  });
});

it('nothing is answered before Kafka confirmed', async () => {
  const confirmed = Promise.withResolvers<void>();
  const published = Promise.withResolvers<void>();
  const post = await serve(() => {
    published.resolve();
    return confirmed.promise;
  });
  let answered = false;
  const answer = post().finally(() => {
    answered = true;
  });
  await published.promise;
  await new Promise((resolve) => setImmediate(resolve));
  expect(answered).toBe(false);
  confirmed.resolve();
  expect((await answer).status).toBe(200);
});

it('what in it could not be is counted, and its line says so', async () => {
  const counted = async () =>
    Number(/^keyturn_webhook_impossible_total\{flag="time_impossible"\} (\d+)/m.exec(await metrics.scrape())?.[1]);
  const post = await serve(
    async () => undefined,
    () => new Date(0),
  ); // the clock of 1970
  const before = await counted();
  await (await post()).text();
  expect([await counted(), lines[0]?.flagged]).toEqual([before + 1, ['time_impossible']]);
});

it('one line a webhook, without numbers or names', async () => {
  const post = await serve(async () => undefined);
  await (await post()).text();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    status: 200,
    outcome: 'kept',
    webhook: expect.stringMatching(/^[0-9a-f]{12}$/),
    events: 1,
    bytes: body.length,
  });
  expect(lines[0]).toHaveProperty('duration_ms');
  expect(lines[0]).not.toHaveProperty('flagged');
  expect(JSON.stringify(lines)).not.toMatch(/12025550101|Ada|Sundays/);
});
