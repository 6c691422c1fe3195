import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stretchesOf } from './stretches.ts';

it.each([
  ['nothing was ever said', [], [[0, 100, null]]],
  [
    'it turned once',
    [[40, 'a']],
    [
      [0, 40, null],
      [40, 100, 'a'],
    ],
  ],
  [
    'it was so before',
    [
      [-50, 'a'],
      [-5, 'b'],
    ],
    [[0, 100, 'b']],
  ],
  [
    'nobody knows since when',
    [
      [null, 'a'],
      [60, 'b'],
    ],
    [
      [0, 60, 'a'],
      [60, 100, 'b'],
    ],
  ],
  [
    'it was said again',
    [
      [10, 'a'],
      [20, 'a'],
      [30, 'b'],
    ],
    [
      [0, 10, null],
      [10, 30, 'a'],
      [30, 100, 'b'],
    ],
  ],
  [
    'it turns later',
    [
      [10, 'a'],
      [100, 'b'],
      [200, 'c'],
    ],
    [
      [0, 10, null],
      [10, 100, 'a'],
    ],
  ],
] as [string, [number | null, string][], [number, number, string | null][]][])('%s', (_what, turns, expected) => {
  const found = stretchesOf(
    turns.map(([at, value]) => ({ at, value })),
    0,
    100,
  );
  expect(found.map(({ from, to, value }) => [from, to, value])).toEqual(expected);
});

it('stretches tile the time, and no two neighbours are alike', () =>
  fc.assert(
    fc.property(fc.array(fc.record({ at: fc.integer({ min: -50, max: 150 }), value: fc.constantFrom('a', 'b', 'c') })), (turns) => {
      const found = stretchesOf(
        turns.toSorted((a, b) => a.at - b.at),
        0,
        100,
      );
      expect([found[0]?.from, found.at(-1)?.to]).toEqual([0, 100]);
      for (const [i, one] of found.entries()) {
        expect(one.from).toBeLessThan(one.to);
        if (i > 0) expect([one.from, one.value === found[i - 1]?.value]).toEqual([found[i - 1]?.to, false]);
      }
    }),
  ));
