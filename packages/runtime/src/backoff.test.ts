import { expect, it } from '@jest/globals';
import { backoffMs } from './backoff.ts';

const bounds = { firstMs: 100, maxMs: 1_000 };
it.each([
  ['the first wait is the shortest', 0, 0, 100],
  ['each wait doubles', 2, 0, 400],
  ['no wait is longer than the bound', 50, 0, 1_000],
  ['up to half of it is left to chance', 0, 1, 50],
])('%s', (_guarantee, attempt, random, expected) => expect(backoffMs(attempt, bounds, () => random)).toBe(expected));
