import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WEBHOOK_BYTES_MAX } from '@keyturn/contracts';
import { connectKafka, createLog } from '@keyturn/runtime';
import { until } from '@keyturn/testkit';
import { type Beside, beside, type Ingress, ingressProcess, kafkaOfRun } from './hostile.fixture.ts';
import { type Caller, call, head, healthyBody, sign, signed, statusesIn } from './hostile-callers.fixture.ts';

/** Above what it takes at rest; the attacks bring up to 600 MB. */
const MORE_BYTES_MAX = 400 * 1024 * 1024;
/** By when whoever comes too slowly is told off: far above what is seen (under a second), for machines that are busy with other things. */
const SLOWEST_MS_MAX = 10_000;

let ingress: Ingress;
let calmBytes = 0;
const kept = new Set<string>();
beforeAll(async () => {
  ingress = await ingressProcess();
  const calm = await beside(ingress, () => pause(1_000));
  calmBytes = calm.peakBytes;
});
afterAll(() => ingress.stop());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const many = (count: number, said: string): Caller[] => Array.from({ length: count }, () => call(ingress.port, said));
const hangUp = (callers: readonly Caller[]): void => {
  for (const { socket } of callers) socket.destroy();
};
/** All of them say one more piece every half second, for two seconds. */
async function drip(callers: readonly Caller[], piece: string): Promise<void> {
  for (let i = 0; i < 4; i += 1) {
    for (const { socket } of callers) socket.write(piece);
    await pause(500);
  }
  hangUp(callers);
}
const guessed = { 'x-hub-signature-256': sign('', 'a guess') };
const large = { ...guessed, 'content-length': WEBHOOK_BYTES_MAX };
const chunked = { ...guessed, 'transfer-encoding': 'chunked' };

const attacks: [string, () => Promise<unknown>][] = [
  ['3,000 connections that say nothing', () => drip(many(3_000, ''), '')],
  ['3,000 heads that come byte by byte', () => drip(many(3_000, head({}).slice(0, -2)), 'x')],
  ['3,000 bodies that come byte by byte', () => drip(many(3_000, head(large)), 'x')],
  ['150 bodies of 3 MB, all but the last byte', () => drip(many(150, head(large) + 'x'.repeat(WEBHOOK_BYTES_MAX - 6)), 'x')],
  ['millions of chunks of one byte', () => drip(many(8, head(chunked)), '1\r\nx\r\n'.repeat(100_000))],
  [
    'bodies without an end, after their 401',
    () => drip(many(20, head({ 'transfer-encoding': 'chunked' })), `fffff\r\n${'x'.repeat(0xfffff)}\r\n`),
  ],
  [
    'a thousand requests in one packet, answers unread',
    async () => {
      const callers = many(10, head({}, '/', 'GET').repeat(20_000));
      for (const { socket } of callers) socket.pause();
      await pause(2_000);
      hangUp(callers);
    },
  ],
  [
    'a flood of signatures that are none',
    async () => {
      const deadline = Date.now() + 2_000;
      const flood = async () => {
        while (Date.now() < deadline) {
          const body = healthyBody();
          const heard = await call(ingress.port, head({ ...guessed, 'content-length': body.length, connection: 'close' }) + body).closed;
          expect(statusesIn(heard)).toEqual([401]);
        }
      };
      await Promise.all(Array.from({ length: 16 }, flood));
    },
  ],
  [
    'one signed body, 500 times',
    async () => {
      const again = signed(healthyBody(), { connection: 'close' });
      for (let i = 0; i < 50; i += 1) {
        const heard = await Promise.all(many(10, again).map(({ closed }) => closed));
        expect(heard.flatMap(statusesIn)).toEqual(Array(10).fill(200));
      }
    },
  ],
  [
    '1,000 callers that hang up in the middle',
    async () => {
      for (let i = 0; i < 20; i += 1) {
        const callers = many(50, signed().slice(0, -5));
        await Promise.all(callers.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))));
        hangUp(callers);
      }
    },
  ],
];

it.each(attacks)('healthy deliveries are kept, soon, and memory is bounded, beside %s', async (_case, attack) => {
  const seen: Beside = await beside(ingress, attack);
  for (const webhookId of seen.kept) kept.add(webhookId);
  expect(seen).toMatchObject({ statuses: { 200: seen.kept.length } });
  expect(Object.keys(seen.statuses)).toEqual(['200']);
  expect(seen.slowestMs).toBeLessThan(SLOWEST_MS_MAX);
  expect(seen.peakBytes - calmBytes).toBeLessThan(MORE_BYTES_MAX);
});

it('all that was answered 200 is in Kafka, and has its line', async () => {
  expect(kept.size).toBeGreaterThan(100);
  const shown = new Set(ingress.lines.filter(({ outcome }) => outcome === 'kept').map(({ webhook }) => webhook));
  expect([...kept].filter((webhookId) => !shown.has(webhookId.slice(0, 12)))).toEqual([]);
  const missing = new Set(kept);
  const { brokers, prefix } = kafkaOfRun;
  const kafka = connectKafka({ KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix, KAFKA_TLS: false }, createLog('test', { level: 'silent' }));
  const consumer = kafka.consumer({ groupId: `${prefix}reader` });
  await consumer.connect();
  await consumer.subscribe({ topic: `${prefix}whatsapp.webhooks.v1`, fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void missing.delete(String(message.key)) });
  await until('each is found', () => missing.size === 0);
  await consumer.disconnect();
});

it('no line holds anything of a body, a path or a person', () => {
  expect(ingress.written.join()).not.toMatch(/12025550101|wamid|Hi|xxx/);
});
