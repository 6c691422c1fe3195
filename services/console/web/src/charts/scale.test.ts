import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { topOf } from './scale.ts';

it.each([
  [[], 2],
  [[0], 2],
  [[1, 2], 2],
  [[3], 4],
  [[10], 10],
  [[11], 20],
  [[99, 4], 100],
  [[101], 200],
  [[61_234], 80_000],
])('a scale of %j ends at %i', (counts, top) => expect(topOf(counts)).toBe(top));

it('no count is above the scale, the greatest is not at its foot, and its half is whole', () =>
  fc.assert(
    fc.property(fc.array(fc.nat(1e9), { minLength: 1 }), (counts) => {
      const [top, greatest] = [topOf(counts), Math.max(...counts)];
      expect(top).toBeGreaterThanOrEqual(greatest);
      expect(Number.isInteger(top / 2)).toBe(true);
      if (greatest > 1) expect(greatest / top).toBeGreaterThan(0.4);
    }),
  ));
