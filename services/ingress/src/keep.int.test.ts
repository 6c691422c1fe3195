import { expect, it } from '@jest/globals';
import { account, inbound, type Topic, webhooks } from '@keyturn/contracts';
import { bodyOf, RECEIVED_AT, text } from '@keyturn/normalize/testing';
import { connectKafka, ensureTopics, startPublisher } from '@keyturn/runtime';
import { testKafka, testLog } from '@keyturn/testkit';
import { keeper } from './keep.ts';

const { brokers, prefix } = testKafka();
const log = testLog();
const narrow = (topic: Topic): Topic => ({ ...topic, messageBytesMax: 4_000 });

it('one event is too large for its topic: the body, all other events and one in its place are there', async () => {
  const kafka = connectKafka({ KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix, KAFKA_TLS: false }, log);
  await ensureTopics(kafka, prefix, [webhooks, inbound, narrow(account)]);
  const publisher = await startPublisher({ kafka, prefix, log });
  const unknown = text({ id: 'wamid.unknown', type: 'hologram', hologram: 'x'.repeat(8_000) });
  const value = { messages: [text({ id: 'wamid.before' }), unknown, text({ id: 'wamid.after' })] };
  const body = Buffer.from(JSON.stringify(bodyOf(value)));
  await keeper(publisher)({ body, signature: 'sha256=0', contentType: undefined, receivedAt: RECEIVED_AT });
  await publisher.stop();

  const values: string[] = [];
  const { promise: complete, resolve } = Promise.withResolvers<void>();
  const isThere = (topic: Topic, part: string) => values.some((one) => one.startsWith(topic.name) && one.includes(part));
  const consumer = kafka.consumer({ groupId: `${prefix}reader` });
  await consumer.connect();
  await consumer.subscribe({ topics: [webhooks, inbound, account].map(({ name }) => prefix + name), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, message }) => {
      values.push(`${topic.slice(prefix.length)} ${message.value}`);
      const told = ['wamid.before"', 'wamid.unknown"', 'wamid.after"'].every((wamid) => isThere(inbound, wamid));
      if (told && isThere(account, 'events_too_large') && isThere(webhooks, `${body}`)) resolve();
    },
  });
  await complete;
  await consumer.disconnect();
  expect(values.filter((one) => one.startsWith(account.name))).toEqual([expect.stringContaining('/entry/0/changes/0/value/messages/1')]);
  const told = values.filter((one) => one.startsWith(inbound.name)).map((one) => /wamid\.\w+/.exec(one)?.[0]);
  expect(new Set(told)).toEqual(new Set(['wamid.before', 'wamid.unknown', 'wamid.after']));
});
