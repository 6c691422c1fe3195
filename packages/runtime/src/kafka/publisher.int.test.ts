import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError, type Topic } from '@keyturn/contracts';
import { testKafka, testLog } from '@keyturn/testkit';
import type { Kafka } from 'kafkajs';
import { connectKafka } from './connect-kafka.ts';
import { ensureTopics } from './ensure-topics.ts';
import { kafkaConfig, keyOf, readAll } from './kafka.test-parts.ts';
import type { OutgoingRecord } from './lane.ts';
import { partitionOf } from './partition-of.ts';
import { type Publisher, startPublisher } from './publisher.ts';

const { brokers, prefix } = testKafka();
const log = testLog();
const topic = (name: string, messageBytesMax = 8 * 1024 * 1024): Topic => ({
  name,
  schema: null,
  partitions: 3,
  cleanup: 'delete',
  messageBytesMax,
});
/** What it claims to take is more than the broker lets it: only the broker refuses. */
const narrow = topic('narrow', 2_000);
const wide = topic('wide');
const believed = { ...narrow, messageBytesMax: 8 * 1024 * 1024 };
const record = (to: Topic, partition: number, value: string | Buffer = 'x'): OutgoingRecord => ({
  topic: to,
  key: keyOf(partition, to.partitions),
  value,
});
const codeOf = (error: unknown) => (error instanceof AppError ? error.code : error);
/** Tries until it does not reject; throws what it said last after a minute. */
async function eventually(work: () => Promise<unknown>): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await pause(50)) {
    const failure: unknown = await work().then(
      () => null,
      (error: unknown) => error,
    );
    if (failure === null) return;
    if (Date.now() > deadline) throw failure;
  }
}

let kafka: Kafka;
let publisher: Publisher;
beforeAll(async () => {
  kafka = connectKafka(kafkaConfig(brokers), log);
  await ensureTopics(kafka, prefix, [narrow, wide]);
  publisher = await startPublisher({ kafka, prefix, log });
});
afterAll(() => publisher.stop());

describe('startPublisher', () => {
  it('a confirmed record is in the topic, byte for byte, on the partition of its key, with its headers', async () => {
    const value = Buffer.from([0, 255, 123, 10]);
    await publisher.publish([{ topic: wide, key: 'a person', value, headers: { facets: 'hash,link' } }]);
    const found = (await readAll(kafka, prefix, wide)).find(({ key }) => key === 'a person');
    expect(found).toMatchObject({ value, headers: { facets: 'hash,link' }, partition: partitionOf('a person', 3) });
  });

  it('one partition refuses a send, and the next send to the others is in the topic', async () => {
    const tooLarge = record(believed, 0, 'y'.repeat(5_000));
    const sent = await Promise.allSettled([
      publisher.publish([tooLarge]),
      publisher.publish([record(believed, 1, 'neighbour')]),
      publisher.publish([record(wide, 1, 'other topic')]),
      publisher.publish([record(wide, 2, 'half'), tooLarge]),
    ]);
    expect(sent.map((one) => (one.status === 'rejected' ? codeOf(one.reason) : one.status))).toEqual([
      'kafka.record_too_large',
      'fulfilled',
      'fulfilled',
      'kafka.record_too_large',
    ]);
    await publisher.publish([0, 1, 2].flatMap((partition) => [record(believed, partition, 'next'), record(wide, partition, 'next')]));
    const narrowValues = (await readAll(kafka, prefix, narrow)).map(({ partition, value }) => `${partition} ${value}`);
    const wideValues = (await readAll(kafka, prefix, wide)).map(({ partition, value }) => `${partition} ${value}`);
    expect(narrowValues).toEqual(expect.arrayContaining(['0 next', '1 next', '2 next', '1 neighbour']));
    expect(wideValues).toEqual(expect.arrayContaining(['0 next', '1 next', '2 next', '1 other topic']));
  });

  it('what is too much for any publish is said to be so, and keeps nobody out', async () => {
    const small = await startPublisher({ kafka, prefix, log, bounds: { queueRecordsMax: 10, queueBytesMax: 20_000 } });
    const codes = async (...records: OutgoingRecord[]) => codeOf(await small.publish(records).catch((error: unknown) => error));
    expect(await codes(...Array.from({ length: 6 }, () => record(wide, 0)))).toBe('kafka.record_too_large');
    expect(await codes(record(wide, 0, 'x'.repeat(6_000)), record(wide, 1, 'x'.repeat(6_000)))).toBe('kafka.record_too_large');
    expect(await codes(...Array.from({ length: 5 }, () => record(wide, 0)))).toBeUndefined();
    await small.stop();
  });

  it('records that are too large only for their sum all go through', async () => {
    const values = Array.from({ length: 12 }, (_, i) => `sum ${i} ${'z'.repeat(900)}`);
    await Promise.all(values.map((value) => publisher.publish([record(believed, 2, value)])));
    const found = (await readAll(kafka, prefix, narrow)).map(({ value }) => value.toString());
    expect(found).toEqual(expect.arrayContaining(values));
  });

  it('records of 400 kB at once, and one of 3 MB, all go through', async () => {
    const values = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(400_000));
    await publisher.publish([...values.map((value) => record(wide, 0, value)), record(wide, 0, 'e'.repeat(3 * 1024 * 1024))]);
    const sizes = (await readAll(kafka, prefix, wide)).map(({ value }) => value.length).filter((size) => size >= 400_000);
    expect(sizes).toEqual([400_000, 400_000, 400_000, 400_000, 3 * 1024 * 1024]);
  });

  it('a thousand concurrent requests are all written, each partition in order', async () => {
    const values = Array.from({ length: 1_000 }, (_, i) => i);
    await Promise.all(values.map((i) => publisher.publish([record(wide, i % 3, `n${i}`)])));
    const found = (await readAll(kafka, prefix, wide)).filter(({ value }) => /^n\d+$/.test(value.toString()));
    for (const partition of [0, 1, 2]) {
      const written = found.filter((one) => one.partition === partition).map(({ value }) => value.toString());
      expect(written).toEqual(values.filter((i) => i % 3 === partition).map((i) => `n${i}`));
    }
  });

  it('what needs no order goes out with its neighbours to one partition, and in time to all of them', async () => {
    const free: Topic = { ...topic('unordered'), unordered: true };
    await ensureTopics(kafka, prefix, [free]);
    const placesOf = async (begin: string) =>
      (await readAll(kafka, prefix, free)).filter(({ value }) => value.toString().startsWith(begin)).map(({ partition }) => partition);
    const keys = Array.from({ length: 50 }, (_, i) => `key ${i}`);
    await Promise.all(keys.map((key) => publisher.publish([{ topic: free, key, value: `together ${key}` }])));
    const together = await placesOf('together');
    expect(together).toHaveLength(50);
    expect(new Set(together).size).toBe(1);
    for (const key of keys) await publisher.publish([{ topic: free, key, value: `one by one ${key}` }]);
    expect(new Set(await placesOf('one by one'))).toEqual(new Set([0, 1, 2]));
  });

  it('a topic that is not there fails its own requests within the bound, and no others', async () => {
    const other = await startPublisher({ kafka, prefix, log, timeoutMs: 1_500 });
    const sent = await Promise.allSettled([
      other.publish([record(topic('absent'), 0)]),
      other.publish([record(wide, 0, 'beside the absent')]),
    ]);
    await other.stop();
    expect(sent.map((one) => (one.status === 'rejected' ? codeOf(one.reason) : one.status))).toEqual(['kafka.unavailable', 'fulfilled']);
  });

  it('a topic made again with fewer partitions: what has no partition any more is refused, and goes out once it has one', async () => {
    const shrunk = topic('shrunk');
    await ensureTopics(kafka, prefix, [shrunk]);
    const other = await startPublisher({ kafka, prefix, log, timeoutMs: 1_500 });
    await other.publish([record(shrunk, 0, 'before'), record(shrunk, 2, 'before')]);
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [prefix + shrunk.name] });
    await eventually(() => ensureTopics(kafka, prefix, [{ ...shrunk, partitions: 1 }]));
    await eventually(() => other.publish([record(shrunk, 0, 'after')])); // its metadata is the new topic's
    await expect(other.publish([record(shrunk, 2, 'nowhere')])).rejects.toMatchObject({ code: 'kafka.unavailable' });
    await expect(other.publish([record(shrunk, 0, 'half'), record(shrunk, 2, 'half')])).rejects.toMatchObject({
      code: 'kafka.unavailable',
    });
    await other.publish([record(shrunk, 0, 'neighbour')]);
    await admin.createPartitions({ topicPartitions: [{ topic: prefix + shrunk.name, count: 3 }] });
    await admin.disconnect();
    await eventually(() => other.publish([record(shrunk, 2, 'at last')]));
    await other.stop();
    const values = (await readAll(kafka, prefix, shrunk)).map(({ partition, value }) => `${partition} ${value}`);
    expect(values).toEqual(expect.arrayContaining(['0 after', '0 neighbour', '2 at last']));
  });

  it('after stop nothing is taken any more', async () => {
    const other = await startPublisher({ kafka, prefix, log });
    const last = other.publish([record(wide, 0, 'last')]);
    const stopped = other.stop();
    await expect(other.publish([record(wide, 0)])).rejects.toMatchObject({ code: 'kafka.unavailable' });
    await Promise.all([last, stopped]);
  });
});
