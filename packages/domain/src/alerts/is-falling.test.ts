import { expect, it } from '@jest/globals';
import { isFalling } from './is-falling.ts';

const now = new Date('2026-11-28T10:00:00Z');
const day = (date: string, share: number, messages = 100) => ({
  day: date,
  messages,
  withHash: Math.round(messages * share),
  share,
  exact: true,
});
const before = [day('2026-11-26', 0.9), day('2026-11-25', 0.92), day('2026-11-24', 0.88)];

it.each([
  ['a share that fell by a fifth', [day('2026-11-27', 0.6), ...before], true],
  ['one that is as it was', [day('2026-11-27', 0.85), ...before], false],
  ['one of a day with hardly a message', [day('2026-11-27', 0, 10), ...before], false],
  ['one of which nobody knows how it was', [day('2026-11-27', 0.1), ...before.slice(0, 2)], false],
  ['that of today, which is not over', [day('2026-11-28', 0.1), day('2026-11-27', 0.9), ...before], false],
])('%s: %#', (_case, days, falls) => expect(isFalling(days, now)).toBe(falls));
