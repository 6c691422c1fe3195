import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { contactEvents, contactState } from '@keyturn/contracts';
import { type EmbeddedKafka, resetEmbedded, startEmbeddedKafka } from '@keyturn/embedded';
import { until } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { kafkaAt, makeTopics, type Outbox, readTopics, relayOn, testOutbox, versionsOf } from './relay.fixture.ts';

const TIMES = 30;
const contactIds = Array.from({ length: 8 }, () => v7());
const say = () => {};
const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-relay-outage-'));
const startKafka = (port?: number) => startEmbeddedKafka({ dir, port, say });

let broker: EmbeddedKafka;
let outbox: Outbox;
beforeAll(async () => {
  [broker, outbox] = await Promise.all([startKafka(), testOutbox(contactIds)]);
});
afterAll(async () => {
  await Promise.all([broker.stop(), outbox.close()]);
  await resetEmbedded(dir, say);
});

it('a broker that is killed and comes back: nothing is lost, and each contact comes in order, repeats apart', async () => {
  const kafka = kafkaAt(broker.brokers);
  await makeTopics(kafka, '');
  const relay = relayOn(outbox, kafka, '');
  const rounds = [0, 1, 2];
  const writing = (async () => {
    for (const round of rounds) {
      await Promise.all(
        contactIds.map(async (id) => {
          for (let i = 0; i < TIMES; i++) await outbox.tell(id);
        }),
      );
      if (round === 0) process.kill(broker.pid, 'SIGKILL');
    }
  })();
  await broker.exited;
  await writing;
  await until('the relay says that it can not work', () => relay.notReady().includes('Kafka does not confirm'));
  expect(await outbox.waiting()).toBeGreaterThan(0);
  broker = await startKafka(Number(broker.brokers[0]?.split(':')[1]));
  await until('the outbox is empty', async () => (await outbox.waiting()) === 0);
  const reading = await readTopics(kafkaAt(broker.brokers), '');
  const all = Array.from({ length: TIMES * rounds.length }, (_, i) => i + 1);
  const complete = () =>
    [contactEvents, contactState].every((topic) =>
      contactIds.every((id) => new Set(versionsOf(reading.found, topic, id)).size >= all.length),
    );
  await until('every version is read', complete);
  for (const id of contactIds) {
    for (const topic of [contactEvents, contactState]) {
      const versions = versionsOf(reading.found, topic, id);
      expect([...new Set(versions)]).toEqual(all);
      expect(versions.at(-1)).toBe(all.length);
    }
  }
  await reading.stop();
  await relay.stop();
  expect(relay.shardCount()).toBe(0);
});
