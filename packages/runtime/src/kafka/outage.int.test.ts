import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Topic } from '@keyturn/contracts';
import { testKafka, testLog } from '@keyturn/testkit';
import { Kafka, logLevel } from 'kafkajs';
import { type Consumption, consume } from './consume.ts';
import { ensureTopics } from './ensure-topics.ts';
import { type Publisher, startPublisher } from './publisher.ts';
import { patchKafkajsTimer } from './timer-patch.ts';

const { brokers, prefix } = testKafka();
const log = testLog();
const TIMEOUT_MS = 2_000;
const topic: Topic = { name: 'outage', schema: null, partitions: 3, cleanup: 'delete', messageBytesMax: 1_048_576 };

/** A gate before the broker: closed, it breaks every connection; stuck, it takes bytes and answers none. */
type Gate = { server: Server; sockets: Set<Socket>; state: 'open' | 'closed' | 'stuck' };
async function openGate(host: string, port: number): Promise<Gate> {
  const gate: Gate = { server: createServer(), sockets: new Set(), state: 'open' };
  gate.server.on('connection', (client) => {
    if (gate.state === 'closed') return void client.destroy();
    const broker = connect(port, host);
    const pair = [client, broker] as const;
    for (const [i, socket] of pair.entries()) {
      gate.sockets.add(socket);
      socket.on('data', (bytes) => gate.state === 'stuck' || pair[1 - i]?.write(bytes));
      socket.on('error', () => {});
      socket.on('close', () => {
        gate.sockets.delete(socket);
        pair[1 - i]?.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => gate.server.listen(0, '127.0.0.1', resolve));
  return gate;
}
const breakAll = ({ sockets }: Gate): void => {
  for (const socket of sockets) socket.destroy();
};

let gate: Gate;
let publisher: Publisher;
let consumer: Consumption;
const consumed = new Set<string>();
const waiting: { values: readonly string[]; resolve: () => void }[] = [];
beforeAll(async () => {
  const [host = '', port = ''] = brokers[0]?.split(':') ?? [];
  gate = await openGate(host, Number(port));
  patchKafkajsTimer();
  const kafka = new Kafka({
    brokers,
    requestTimeout: 1_000,
    retry: { initialRetryTime: 50, maxRetryTime: 200, retries: 3 },
    logLevel: logLevel.NOTHING,
    socketFactory: ({ onConnect }) => connect((gate.server.address() as AddressInfo).port, '127.0.0.1', onConnect),
  });
  await ensureTopics(kafka, prefix, [topic]);
  publisher = await startPublisher({ kafka, prefix, log, timeoutMs: TIMEOUT_MS });
  consumer = await consume({
    kafka,
    prefix,
    log,
    group: 'outage',
    topics: [topic],
    sessionTimeoutMs: 6_000,
    onBatch: async ({ records }) => {
      for (const { value } of records) consumed.add(value.toString());
      for (const { values, resolve } of waiting) if (values.every((value) => consumed.has(value))) resolve();
      return { nextOffset: (records.at(-1)?.offset ?? 0n) + 1n };
    },
  });
});
afterAll(async () => {
  gate.state = 'open';
  await Promise.all([publisher.stop(), consumer.stop()]);
  breakAll(gate);
  gate.server.close();
});

/** Publishes each value by itself; answers those that were confirmed. */
async function publish(name: string): Promise<string[]> {
  const values = Array.from({ length: 9 }, (_, i) => `${name} ${i}`);
  const sent = await Promise.allSettled(values.map((value) => publisher.publish([{ topic, key: value, value }])));
  return values.filter((_, i) => sent[i]?.status === 'fulfilled');
}
const untilConsumed = (values: readonly string[]): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  waiting.push({ values, resolve });
  if (values.every((value) => consumed.has(value))) resolve();
  return promise;
};

describe('a broker that goes away and comes back', () => {
  it.each(['closed', 'stuck'] as const)(
    '%s: publishing fails in time; after it, both go on by themselves and nothing confirmed is missing',
    async (state) => {
      const before = await publish(`before ${state}`);
      expect(before).toHaveLength(9);
      gate.state = state;
      if (state === 'closed') breakAll(gate);
      const late = pause(2 * TIMEOUT_MS).then(() => 'late'); // a clock that stands still when this process does
      expect(await Promise.race([publish(`during ${state}`), late])).toEqual([]);
      if (state === 'stuck') breakAll(gate);
      gate.state = 'open';
      let after: string[] = [];
      for (let attempt = 0; after.length < 9; attempt++) after = await publish(`after ${state} ${attempt}`);
      await untilConsumed([...before, ...after]);
      expect(consumer.assigned()).toHaveLength(3);
    },
  );
});
