import { expect, it } from '@jest/globals';
import { coalesce } from './coalesce.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
type Call = { readonly items: readonly number[]; answer(): void; fail(error: Error): void };
const calls: Call[] = [];
const ask = (items: readonly number[]) =>
  new Promise<number[]>((resolve, fail) => void calls.push({ items, answer: () => resolve(items.map((item) => item * 10)), fail }));

it('what is asked while a call runs shares the next, bounded; each gets its own answer, of a call that began after it asked', async () => {
  const times10 = coalesce(ask, { itemsMax: 3 });
  const first = [times10(1), times10(2)];
  await turn();
  const second = [3, 4, 5, 6].map(times10);
  expect(calls.map(({ items }) => items)).toEqual([[1, 2]]);
  for (let i = 0; i < 3; i++) {
    calls[i]?.answer();
    await turn();
  }
  expect(await Promise.all([...first, ...second])).toEqual([10, 20, 30, 40, 50, 60]);
  expect(calls.map(({ items }) => items)).toEqual([[1, 2], [3, 4, 5], [6]]);
});

it('a call that fails fails those that it was for, and no others', async () => {
  calls.length = 0;
  const times10 = coalesce(ask, { itemsMax: 1, atOnce: 2 });
  const lost = times10(1);
  await turn();
  const found = times10(2);
  await turn();
  expect(calls.map(({ items }) => items)).toEqual([[1], [2]]);
  calls[0]?.fail(new Error('away'));
  calls[1]?.answer();
  await expect(lost).rejects.toThrow('away');
  expect(await found).toBe(20);
  const again = times10(3);
  await turn();
  calls[2]?.answer();
  expect(await again).toBe(30);
});

it('beside a call that runs another begins when it is full, and no sooner', async () => {
  calls.length = 0;
  const times10 = coalesce(ask, { itemsMax: 3, atOnce: 2 });
  const asked = [times10(1)];
  await turn();
  asked.push(...[2, 3].map(times10));
  await turn();
  expect(calls.map(({ items }) => items)).toEqual([[1]]);
  asked.push(...[4, 5, 6, 7].map(times10));
  await turn();
  await turn();
  expect(calls.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]);
  for (let i = 0; i < 3; i++) {
    calls[i]?.answer();
    await turn();
    await turn();
  }
  expect(calls.map(({ items }) => items)).toEqual([[1], [2, 3, 4], [5, 6, 7]]);
  expect(await Promise.all(asked)).toEqual([10, 20, 30, 40, 50, 60, 70]);
});

it('one that is not full begins a while after the last, a full one and the first at once', async () => {
  calls.length = 0;
  const times10 = coalesce(ask, { itemsMax: 3, everyMs: 100 });
  const begunAt = performance.now();
  const first = times10(1);
  await turn();
  calls[0]?.answer();
  await first;
  const few = times10(2);
  await turn();
  await turn();
  expect(calls.map(({ items }) => items)).toEqual([[1]]);
  while (calls.length < 2) await turn();
  expect(performance.now() - begunAt).toBeGreaterThanOrEqual(99);
  calls[1]?.answer();
  await few;
  const many = [3, 4, 5].map(times10);
  await turn();
  expect(calls.map(({ items }) => items)).toEqual([[1], [2], [3, 4, 5]]);
  calls[2]?.answer();
  expect(await Promise.all(many)).toEqual([30, 40, 50]);
});

it('a call gets no more than its weight, and what alone is heavier gets a call of its own', async () => {
  calls.length = 0;
  const times10 = coalesce(ask, { itemsMax: 3, weight: { of: (item: number) => item, max: 10 } });
  const asked = [4, 6, 1, 25, 1, 1, 1, 1].map(times10);
  for (let i = 0; i < 5; i++) {
    await turn();
    calls[i]?.answer();
    await turn();
  }
  expect(calls.map(({ items }) => items)).toEqual([[4, 6], [1], [25], [1, 1, 1], [1]]);
  expect(await Promise.all(asked)).toEqual([40, 60, 10, 250, 10, 10, 10, 10]);
});
