import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { AppError, type Topic } from '@keyturn/contracts';
import { createLog } from '../log.ts';
import { createEachBatch } from './each-batch.ts';

type EachBatch = ReturnType<typeof createEachBatch>['eachBatch'];
type Payload = Parameters<EachBatch>[2];

const topic: Topic = { name: 't', schema: null, partitions: 2, cleanup: 'delete', messageBytesMax: 1_000 };
const AWAY = new AppError('store.unavailable', 'not now');

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** One member whose batches are let go one by one. `said`: all that was asked of the client, and told to it, in order. */
function memberOf() {
  const said: string[] = [];
  const waiting: { resolve(answer: { nextOffset: bigint }): void; reject(error: Error): void; last: bigint }[] = [];
  const log = createLog('test', { level: 'silent' });
  let ended = false;
  const hints = { forget() {}, stop: async () => {}, passed: async (_: unknown, offset: bigint) => void said.push(`told ${offset}`) };
  const batches = createEachBatch({
    ...{ group: 'g', hints, log, recordsMax: 2, retry: { firstMs: 10, maxMs: 10 } },
    onBatch: ({ partition, records }) =>
      new Promise((resolve, reject) => {
        said.push(`${partition}: ${records.map(({ offset }) => offset).join(' ')}`);
        waiting.push({ resolve, reject, last: records.at(-1)?.offset ?? 0n });
      }),
  });
  const member = {
    ended: () => ended,
    end: (error: Error) => {
      ended = true;
      said.push(`ended by ${error.message}`);
    },
    consumer: () => ({ seek: ({ partition, offset }: { partition: number; offset: string }) => said.push(`seek ${partition} ${offset}`) }),
  } as never;
  const settle = () => jest.advanceTimersByTimeAsync(0);
  return {
    said,
    batches,
    /** What a fetch brings: records from here on, and where the log ends. Answers whether the client may fetch again. */
    async fetched(partition: number, offsets: readonly number[], highWatermark: number): Promise<{ isFree(): boolean }> {
      let isFree = false;
      const payload = {
        batch: { topic: 't', partition, highWatermark: String(highWatermark), messages: offsets.map(messageAt) },
        resolveOffset: () => {},
        heartbeat: async () => {},
        pause: () => {
          said.push(`pause ${partition}`);
          return () => said.push(`resume ${partition}`);
        },
        isRunning: () => true,
        isStale: () => false,
      } as unknown as Payload;
      void batches.eachBatch(member, topic, payload).then(() => {
        isFree = true;
      });
      await settle();
      return { isFree: () => isFree };
    },
    settle,
    async through(nextOffset?: bigint): Promise<void> {
      const one = waiting.shift();
      one?.resolve({ nextOffset: nextOffset ?? one.last + 1n });
      await settle();
    },
    async fails(error: Error): Promise<void> {
      waiting.shift()?.reject(error);
      await settle();
    },
  };
}
const messageAt = (offset: number) => ({ offset: String(offset), key: null, value: null, headers: {}, timestamp: '0' });

it.each([
  ['where the log goes on, the next fetch is on its way meanwhile', 9, true],
  ['at the end of the log, it waits: what comes meanwhile is one batch', 3, false],
])('%s', async (_guarantee, highWatermark, free) => {
  const { fetched, through } = memberOf();
  const fetch = await fetched(0, [0, 1, 2], highWatermark);
  expect(fetch.isFree()).toBe(free);
  await through();
  await through();
  expect(fetch.isFree()).toBe(true);
});

it('one batch of a partition is in hand at a time, and one ahead of it; another partition is not held up', async () => {
  const { said, fetched, through } = memberOf();
  await fetched(0, [0, 1, 2], 90);
  const ahead = await fetched(0, [3, 4], 90);
  await fetched(1, [0, 1], 2);
  expect(said).toEqual(['0: 0 1', '1: 0 1']);
  expect(ahead.isFree()).toBe(false);
  await through();
  expect(said.slice(2)).toEqual(['0: 2']);
  await through();
  await through();
  expect(said.slice(3)).toEqual(['told 2', 'told 3', '0: 3 4']);
});

it('what was read ahead of a failure is let go, and all comes again from where it failed', async () => {
  const { said, fetched, settle, through, fails } = memberOf();
  await fetched(0, [0, 1, 2, 3], 90);
  const ahead = await fetched(0, [4, 5], 90);
  await through();
  await fails(AWAY);
  expect(said).toEqual(['0: 0 1', '0: 2 3', 'told 2', 'seek 0 2', 'pause 0']);
  expect(ahead.isFree()).toBe(true);
  await jest.advanceTimersByTimeAsync(20);
  await fetched(0, [2, 3], 90);
  await settle();
  expect(said.slice(5)).toEqual(['resume 0', '0: 2 3']);
});

it.each([
  ['an earlier offset', 1n, ['0: 0 1', 'told 1', 'seek 0 1']],
  ['a later offset', 40n, ['0: 0 1', 'told 40', 'seek 0 40']],
])('%s that is asked for is read from, and what was read ahead is let go', async (_which, nextOffset, expected) => {
  const { said, fetched, through } = memberOf();
  await fetched(0, [0, 1, 2], 90);
  const ahead = await fetched(0, [3, 4], 90);
  await through(nextOffset);
  expect(said).toEqual(expected);
  expect(ahead.isFree()).toBe(true);
});

it('what was asked for again no longer counts where the partition is read on from elsewhere', async () => {
  const { said, batches, fetched, through } = memberOf();
  await fetched(0, [0, 1], 9);
  await through(0n);
  batches.leave(topic, 0);
  await fetched(0, [5, 6], 9);
  expect(said).toEqual(['0: 0 1', 'told 0', 'seek 0 0', '0: 5 6']);
});

it.each<[string, (member: ReturnType<typeof memberOf>) => void]>([
  ['dealt out anew', ({ batches }) => batches.forget()],
  ['read on from elsewhere', ({ batches }) => batches.leave(topic, 0)],
])('of a partition that is %s nothing more is begun, told or asked for, however its last batch ends', async (_what, leave) => {
  for (const error of [null, AWAY]) {
    const member = memberOf();
    await member.fetched(0, [0, 1, 2], 90);
    const ahead = await member.fetched(0, [3, 4], 90);
    await member.settle();
    leave(member);
    const again = await member.fetched(0, [0, 1], 90);
    await member.settle();
    expect(member.said).toEqual(['0: 0 1']); // what comes again waits for what is still in hand
    await (error === null ? member.through() : member.fails(error));
    expect(member.said).toEqual(['0: 0 1', '0: 0 1']);
    expect([ahead.isFree(), again.isFree()]).toEqual([true, true]);
  }
});

it('a fatal failure ends the member: nothing more is begun, and it is told when all that is in hand is through', async () => {
  const { said, batches, fetched, settle, through, fails } = memberOf();
  await fetched(0, [0, 1], 90);
  await fetched(1, [0, 1, 2], 90);
  await settle();
  await fails(new TypeError('a defect'));
  let over = false;
  void batches.allThrough().then(() => {
    over = true;
  });
  const after = await fetched(0, [2], 90);
  await settle();
  expect([over, after.isFree()]).toEqual([false, false]);
  await through();
  expect([over, after.isFree()]).toEqual([true, true]);
  expect(said).toEqual(['0: 0 1', '1: 0 1', 'ended by a defect', 'told 2']);
});
