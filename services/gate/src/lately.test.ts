import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { lately } from './lately.ts';

type Reading = { answer(value: number): void; fail(): void };
let readings: Reading[] = [];
const read = () =>
  new Promise<number>((answer, reject) => {
    readings.push({ answer, fail: () => reject(new Error('away')) });
  });
const at = (index: number): Reading => readings[index] as Reading;
beforeEach(() => {
  readings = [];
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(() => void jest.useRealTimers());

it('many who ask at once share one reading, and nothing is read while nobody asks', async () => {
  const ask = lately(read, 1_000);
  const both = Promise.all([ask(), ask()]);
  at(0).answer(1);
  expect(await both).toEqual([1, 1]);
  jest.advanceTimersByTime(60_000);
  expect(readings).toHaveLength(1);
});

it('from half of the time on it is read anew, and nobody waits for that', async () => {
  const ask = lately(read, 1_000);
  const first = ask();
  at(0).answer(1);
  await first;
  jest.advanceTimersByTime(500);
  await ask();
  expect(readings).toHaveLength(1);
  jest.advanceTimersByTime(1);
  expect([await ask(), await ask()]).toEqual([1, 1]);
  expect(readings).toHaveLength(2);
  at(1).answer(2);
  await new Promise(setImmediate);
  expect(await ask()).toBe(2);
});

it('what is answered is never of a reading that began longer ago', async () => {
  const ask = lately(read, 1_000);
  const first = ask();
  jest.advanceTimersByTime(900); // so long does it take
  at(0).answer(1);
  expect(await first).toBe(1);
  expect(await ask()).toBe(1);
  jest.advanceTimersByTime(101);
  const waits = ask();
  at(1).answer(2);
  expect(await waits).toBe(2);
});

it('one that fails is for those who wait for it, and is tried again', async () => {
  const ask = lately(read, 1_000);
  const first = ask();
  at(0).answer(1);
  await first;
  jest.advanceTimersByTime(600);
  expect(await ask()).toBe(1);
  at(1).fail();
  await new Promise(setImmediate);
  expect(await ask()).toBe(1);
  jest.advanceTimersByTime(401);
  const waits = ask();
  at(2).fail();
  await expect(waits).rejects.toThrow('away');
  const again = ask();
  at(3).answer(4);
  expect(await again).toBe(4);
});
