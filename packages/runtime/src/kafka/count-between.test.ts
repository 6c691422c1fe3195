import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countsBetween } from './count-between.ts';

/** A log whose records came at these times: its position, and how often it was asked for it. */
function logOf(times: readonly number[]) {
  const asked: number[] = [];
  const positionAt = async (at: Date) => {
    asked.push(at.getTime());
    return BigInt(times.filter((time) => time < at.getTime()).length);
  };
  return { asked, positionAt };
}
const every = (length: number) => Array.from({ length }, (_, i) => new Date(i * 10));

it('counts each record in its stretch, whatever came when', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: -20, max: 420 }), { maxLength: 60 }), fc.integer({ min: 2, max: 40 }), async (times, n) => {
      const instants = every(n);
      const counts = await countsBetween(instants, logOf(times).positionAt);
      expect(counts).toEqual(instants.slice(1).map((_, i) => times.filter((time) => time >= i * 10 && time < (i + 1) * 10).length));
    }),
  ));

it('asks of a week in which little came some dozens of times', async () => {
  const week = every(2_017);
  const log = logOf([5_000, 5_001, 20_155]);
  expect((await countsBetween(week, log.positionAt)).reduce((sum, count) => sum + count, 0)).toBe(3);
  expect(log.asked.length).toBeLessThan(36);
  const silent = logOf([]);
  await countsBetween(week, silent.positionAt);
  expect(silent.asked).toHaveLength(2);
});

it('counts nothing below zero where a record is written late while it asks', async () => {
  const positions = [0n, 2n, 3n]; // the end before it came, the middle after
  expect(await countsBetween(every(3), async () => positions.shift() ?? 0n)).toEqual([3, 0]);
});

it.each([[0], [1]])('nothing lies between %i instants', async (length) => {
  expect(await countsBetween(every(length), logOf([1]).positionAt)).toEqual([]);
});
