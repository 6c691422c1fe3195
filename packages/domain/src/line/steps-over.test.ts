import { expect, it } from '@jest/globals';
import { stepsBegin, stepsOver } from './steps-over.ts';

const now = new Date('2026-11-23T10:12:30Z');

it.each([
  ['6h', 300, 72, '2026-11-23T04:15:00.000Z', '2026-11-23T10:10:00.000Z'],
  ['24h', 900, 96, '2026-11-22T10:15:00.000Z', '2026-11-23T10:00:00.000Z'],
  ['7d', 3_600, 168, '2026-11-16T11:00:00.000Z', '2026-11-23T10:00:00.000Z'],
] as const)('%s is of steps of %i s, %i of them, the last of which goes on', (over, stepSeconds, length, first, last) => {
  const found = stepsOver(over, now, []);
  expect([found.stepSeconds, found.steps.length, found.steps[0]?.at, found.steps.at(-1)?.at]).toEqual([stepSeconds, length, first, last]);
  expect(stepsBegin(over, now).from.toISOString()).toBe(first);
});

it('what was not counted has no number, none is zero, and one that is counted in part says so', () => {
  const at = (time: string) => new Date(`2026-11-23T${time}:00Z`);
  const { steps } = stepsOver('24h', now, [
    { at: at('09:00'), webhooks: 0, countedMs: 900_000 },
    { at: at('09:15'), webhooks: 7, countedMs: 600_000 },
    { at: at('09:45'), webhooks: 9, countedMs: 900_000 },
  ]);
  expect(steps.slice(-6).map(({ webhooks, complete }) => [webhooks, complete])).toEqual([
    [null, false],
    [0, true],
    [7, false],
    [null, false],
    [9, true],
    [null, false],
  ]);
});
