import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError, type Topic } from '@keyturn/contracts';
import { testKafka, testLog } from '@keyturn/testkit';
import type { Kafka } from 'kafkajs';
import { connectKafka } from './connect-kafka.ts';
import { type ConsumeOptions, type Consumption, consume } from './consume.ts';
import type { OnBatch } from './each-batch.ts';
import { ensureTopics } from './ensure-topics.ts';
import type { IncomingBatch } from './incoming.ts';
import { kafkaConfig, keyOf } from './kafka.test-parts.ts';
import { startPublisher } from './publisher.ts';

const { brokers, prefix } = testKafka();
const log = testLog();
const topics = Object.fromEntries(
  ['plain', 'retry', 'ahead', 'fatal', 'told', 'back', 'gap', 'lz4', 'members', 'commit', 'resume'].map((name) => [
    name,
    { name, schema: null, partitions: 2, cleanup: 'delete', messageBytesMax: 1_048_576 } satisfies Topic,
  ]),
) as Record<'plain' | 'retry' | 'ahead' | 'fatal' | 'told' | 'back' | 'gap' | 'lz4' | 'members' | 'commit' | 'resume', Topic>;

let kafka: Kafka;
const running: Consumption[] = [];
beforeAll(async () => {
  kafka = connectKafka(kafkaConfig(brokers), log);
  const { lz4: _compressed, ...ours } = topics;
  await ensureTopics(kafka, prefix, Object.values(ours));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

const next = ({ records }: IncomingBatch) => ({ nextOffset: (records.at(-1)?.offset ?? 0n) + 1n });
const textOf = ({ records }: IncomingBatch): string[] => records.map(({ value }) => value.toString());

async function write(topic: Topic, partition: number, ...values: string[]): Promise<void> {
  const publisher = await startPublisher({ kafka, prefix, log });
  await publisher.publish(values.map((value) => ({ topic, key: keyOf(partition, topic.partitions), value, headers: { n: 'ä' } })));
  await publisher.stop();
}
async function start(
  topic: Topic,
  onBatch: OnBatch,
  more: Partial<Pick<ConsumeOptions, 'group' | 'recordsMax' | 'resumeAt'>> = {},
): Promise<Consumption> {
  const one = await consume({
    kafka,
    prefix,
    group: topic.name,
    topics: [topic],
    onBatch,
    log,
    retry: { firstMs: 50, maxMs: 200 },
    sessionTimeoutMs: 6_000,
    ...more,
  });
  running.push(one);
  return one;
}
/** Resolves when `done` first holds after a batch. */
function collector(done: (values: readonly string[]) => boolean) {
  const seen: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    seen,
    complete: promise,
    add(values: readonly string[]): void {
      seen.push(...values);
      if (done(seen)) resolve();
    },
  };
}

describe('consume', () => {
  it('reads on where its owner says, not where Kafka has the group, and waits for no record to see that', async () => {
    await write(topics.resume, 0, 'a', 'b', 'c');
    const first = collector((seen) => seen.length >= 3);
    const one = await start(topics.resume, async (batch) => {
      first.add(textOf(batch));
      return next(batch);
    });
    await first.complete;
    await one.stop(); // what was read is committed
    const again = collector((seen) => seen.length >= 2);
    const onBatch: OnBatch = async (batch) => {
      again.add(textOf(batch));
      return next(batch);
    };
    await start(topics.resume, onBatch, { resumeAt: async () => [{ topic: 'resume', partition: 0, offset: 1n }] });
    await again.complete;
    expect(again.seen).toEqual(['b', 'c']);
  });

  it('reads from the beginning, in pieces of bounded size, in order, with key, headers and time', async () => {
    await write(topics.plain, 0, ...Array.from({ length: 25 }, (_, i) => `${i}`));
    const batches: IncomingBatch[] = [];
    const all = collector((seen) => seen.length >= 25);
    const consumer = await start(
      topics.plain,
      async (batch) => {
        batches.push(batch);
        all.add(textOf(batch));
        return next(batch);
      },
      { recordsMax: 10 },
    );
    await all.complete;
    expect(all.seen).toEqual(Array.from({ length: 25 }, (_, i) => `${i}`));
    expect(Math.max(...batches.map(({ records }) => records.length))).toBeLessThanOrEqual(10);
    expect(batches[0]).toMatchObject({ topic: topics.plain, partition: 0, highWatermark: 25n });
    expect(batches[0]?.records[0]).toMatchObject({ offset: 0n, key: keyOf(0, 2), headers: { n: 'ä' } });
    expect(consumer.assigned()).toHaveLength(2);
  });

  it('goes on after the committed offset, and stops with nothing to say', async () => {
    await write(topics.commit, 0, 'before');
    const before = collector((seen) => seen.includes('before'));
    const consumer = await start(topics.commit, async (batch) => {
      before.add(textOf(batch));
      return next(batch);
    });
    await before.complete;
    await consumer.stop();
    await expect(consumer.stopped).resolves.toBeUndefined();
    await write(topics.commit, 0, 'after');
    const after = collector((seen) => seen.includes('after'));
    await start(topics.commit, async (batch) => {
      after.add(textOf(batch));
      return next(batch);
    });
    await after.complete;
    expect(after.seen).toEqual(['after']);
  });

  it('a retryable failure brings the same records again and holds up no other partition', async () => {
    await write(topics.retry, 0, 'bad', 'after');
    let failures = 0;
    const well = collector((seen) => seen.includes('other'));
    const healed = collector((seen) => seen.includes('after'));
    const consumer = await start(topics.retry, async (batch) => {
      if (batch.partition === 1) well.add(textOf(batch));
      else if (failures < 3 || !well.seen.includes('other')) {
        failures += 1;
        throw new AppError('store.unavailable', 'not now');
      } else healed.add(textOf(batch));
      return next(batch);
    });
    await write(topics.retry, 1, 'other');
    await Promise.all([well.complete, healed.complete]);
    expect(healed.seen).toEqual(['bad', 'after']);
    expect(failures).toBeGreaterThanOrEqual(3);
    expect(consumer.assigned()).toHaveLength(2);
  });

  it('of a log that one fetch does not bring all passes by in order, each once, whatever fails on the way', async () => {
    const long = 'x'.repeat(100_000); // of which a fetch brings ten
    const written = Array.from({ length: 32 }, (_, i) => `${i} ${long}`);
    await write(topics.ahead, 0, ...written);
    const through = collector((seen) => seen.length >= written.length);
    let inHand = 0;
    let batches = 0;
    const onBatch: OnBatch = async (batch) => {
      inHand += 1;
      batches += 1;
      const [mine, together] = [batches, inHand];
      await new Promise((resolve) => setImmediate(resolve));
      inHand -= 1;
      if (together > 1) throw new Error('two batches of one partition at a time');
      if (mine % 4 === 0) throw new AppError('store.unavailable', 'not now');
      through.add(textOf(batch));
      return next(batch);
    };
    const consumer = await start(topics.ahead, onBatch, { recordsMax: 3 });
    await Promise.race([through.complete, consumer.stopped.then((error) => Promise.reject(error))]);
    expect(through.seen.map((text) => text.split(' ')[0])).toEqual(written.map((_, i) => String(i)));
  });

  it.each([
    ['an error that nobody named', new TypeError('a defect')],
    ['an error that is not retryable', new AppError('log.gap', 'records are missing')],
  ])('%s ends the consumer, and says so', async (_case, error) => {
    await write(topics.fatal, 0, 'x');
    let calls = 0;
    const consumer = await start(
      topics.fatal,
      async () => {
        calls += 1;
        throw error;
      },
      { group: error.name },
    );
    await expect(consumer.stopped).resolves.toBe(error);
    expect(calls).toBe(1);
    expect(consumer.assigned()).toEqual([]);
  });

  it('what is through when another partition ends the consumer is told to Kafka before it leaves', async () => {
    await write(topics.told, 0, 'bad');
    await write(topics.told, 1, 'a', 'b');
    const through = collector((seen) => seen.includes('b'));
    const consumer = await start(topics.told, async (batch) => {
      if (batch.partition === 1) through.add(textOf(batch));
      else await through.complete.then(() => Promise.reject(new TypeError('a defect')));
      return next(batch);
    });
    await expect(consumer.stopped).resolves.toBeInstanceOf(TypeError);
    const admin = kafka.admin();
    await admin.connect();
    const [told] = await admin.fetchOffsets({ groupId: prefix + topics.told.name, topics: [prefix + topics.told.name] });
    await admin.disconnect();
    expect(told?.partitions.map(({ partition, offset }) => `${partition}: ${offset}`).sort()).toEqual(['0: -1', '1: 2']);
  });

  it('an earlier offset asked for is read again; a later one leaves out what lies between', async () => {
    await write(topics.back, 0, 'a', 'b', 'c', 'd', 'e');
    const answers = [0n, 4n];
    const seen: string[][] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    await start(
      topics.back,
      async (batch) => {
        seen.push(textOf(batch));
        if (seen.flat().includes('e')) resolve();
        return { nextOffset: answers.shift() ?? next(batch).nextOffset };
      },
      { recordsMax: 2 },
    );
    await promise;
    expect(seen).toEqual([['a', 'b'], ['a', 'b'], ['e']]);
  });

  it('an earlier offset that the log no longer has ends the consumer: nothing is jumped over in silence', async () => {
    await write(topics.gap, 0, 'a', 'b', 'c');
    const admin = kafka.admin();
    await admin.connect();
    await admin.fetchTopicOffsets(prefix + topics.gap.name); // kafkajs deletes only in topics that it has met
    await admin.deleteTopicRecords({ topic: prefix + topics.gap.name, partitions: [{ partition: 0, offset: '2' }] });
    await admin.disconnect();
    const consumer = await start(topics.gap, async () => ({ nextOffset: 0n }));
    await expect(consumer.stopped).resolves.toMatchObject({ code: 'log.gap', detail: { wanted: '0', found: '2' } });
  });

  it('records compressed as nobody here can read them end the consumer, with the way out', async () => {
    const admin = kafka.admin();
    await admin.connect();
    const [name, value] = ['compression.type', 'lz4'];
    await admin.createTopics({ topics: [{ topic: prefix + topics.lz4.name, numPartitions: 2, configEntries: [{ name, value }] }] });
    await admin.disconnect();
    await write(topics.lz4, 0, 'a', 'b');
    const consumer = await start(topics.lz4, async (batch) => next(batch));
    await expect(consumer.stopped).resolves.toMatchObject({
      code: 'config.invalid',
      message: expect.stringMatching(/LZ4.*compression\.type=producer/),
    });
  });

  it('two members share the partitions, and one takes over what the other leaves', async () => {
    const both = collector((seen) => seen.length === 2);
    const all = collector((seen) => seen.includes('late 0') && seen.includes('late 1'));
    const onBatch: OnBatch = async (batch) => {
      all.add(textOf(batch));
      return next(batch);
    };
    const first = await start(topics.members, onBatch);
    const second = await start(topics.members, onBatch);
    for (const one of [first, second]) {
      const poll = setInterval(() => {
        if (one.assigned().length !== 1) return;
        clearInterval(poll);
        both.add(['alone']);
      }, 20);
    }
    await both.complete;
    await second.stop();
    await write(topics.members, 0, 'late 0');
    await write(topics.members, 1, 'late 1');
    await all.complete;
  });

  it('a group or topic that can not be had is kafka.unavailable', async () => {
    const absent: Topic = { ...topics.plain, name: 'absent' };
    await expect(start(absent, async (batch) => next(batch))).rejects.toMatchObject({ code: 'kafka.unavailable' });
  });
});
