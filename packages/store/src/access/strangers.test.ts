import { expect, it } from '@jest/globals';
import { strangersInTurn } from './strangers.ts';

it('strangers are asked about a few at a time, a bounded number waits, and whoever was good before does not', async () => {
  const asked: { name: string; answer(good: boolean): void }[] = [];
  const ask = (name: string) => new Promise<boolean>((answer) => void asked.push({ name, answer }));
  const { ask: check, last } = strangersInTurn(ask, (good) => good, { atOnce: 2, waitingMax: 3 });
  const good = check('good', 'good');
  asked[0]?.answer(true);
  expect(last('good')).toBeUndefined();
  expect(await good).toBe(true);
  expect(last('good')).toBe(true);
  const strangers = Array.from({ length: 5 }, (_, i) => check(`s${i}`, `s${i}`));
  await expect(check('s5', 's5')).rejects.toMatchObject({ code: 'request.crowded_out' });
  const again = check('good', 'good');
  expect(asked.map(({ name }) => name)).toEqual(['good', 's0', 's1', 'good']);
  asked[3]?.answer(false); // revoked meanwhile: a stranger from now on
  expect(await again).toBe(false);
  expect(last('good')).toBeUndefined();
  const revoked = check('good', 'good');
  await expect(revoked).rejects.toMatchObject({ code: 'request.crowded_out' });
  for (let i = 1; i < 7; i += 1) {
    asked[i]?.answer(false);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await Promise.all(strangers)).toEqual([false, false, false, false, false]);
  expect(asked.map(({ name }) => name)).toEqual(['good', 's0', 's1', 'good', 's2', 's3', 's4']);
});
