import { expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import { createLog } from '@keyturn/runtime';
import { runLogEnv } from '@keyturn/testkit';
import { writeBehind } from './write-behind.ts';

Object.assign(process.env, runLogEnv('write-behind'));

const options = { what: 'item', itemsMax: 10, waitingMax: 100, gatherMs: 0, log: createLog('test') };

it('writes what comes in the moment in which the last was written', async () => {
  const saved: number[][] = [];
  const { write, stop } = writeBehind<number>(async (items) => void saved.push([...items]), options);
  for (const item of [1, 2, 3]) expect(await write(item)).toBe(true);
  await stop();
  expect(saved).toEqual([[1], [2], [3]]);
});

it('leaves out what is refused for good, and nothing else', async () => {
  const saved: number[] = [];
  const save = async (items: readonly number[]) => {
    if (items.includes(3)) throw new AppError('store.data', 'no');
    saved.push(...items);
  };
  const { write, stop } = writeBehind(save, options);
  expect(await Promise.all([1, 2, 3, 4, 5].map(write))).toEqual([true, true, false, true, true]);
  await stop();
  expect(saved).toEqual([1, 2, 4, 5]);
});

it('a stop waits for no database that says nothing: what it was to write is lost', async () => {
  const { write, stop } = writeBehind<number>(() => new Promise(() => {}), { ...options, stopMaxMs: 0 });
  const written = [1, 2].map(write);
  await stop();
  expect(await Promise.all(written)).toEqual([false, false]);
});
