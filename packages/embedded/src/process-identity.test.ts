import { describe, expect, it } from '@jest/globals';
import { startTicks } from './process-identity.ts';

describe('the start time of a process', () => {
  const fields = (state: string) => `${state} 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 77 20`;

  it.each([
    ['a plain name', `7 (java) ${fields('S')}`, '77'],
    ['a name made to confuse', `7 (a) Z 1 (b)) ${fields('R')}`, '77'],
    ['a zombie, which is no process any more', `7 (java) ${fields('Z')}`, undefined],
  ])('is read under %s', (_case, stat, ticks) => {
    expect(startTicks(stat)).toBe(ticks);
  });
});
