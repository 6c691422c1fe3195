import { expect, it } from '@jest/globals';
import { inOrder, peopleOf } from './limit.ts';

it.each([
  ['TIER_50', 50],
  ['TIER_250', 250],
  ['TIER_1K', 1_000],
  ['TIER_100K', 100_000],
  ['2000', 2_000],
  ['TIER_UNLIMITED', Number.POSITIVE_INFINITY],
  ['TIER_NOT_SET', null],
  ['TIER_1KM', null],
  ['', null],
])('%j allows %p', (limit, people) => expect(peopleOf(limit)).toBe(people));

it('limits stand by how many they allow, not by how they are spelled', () => {
  expect(inOrder(['TIER_UNLIMITED', 'TIER_1K', 'TIER_250', 'TIER_NOT_SET', '10000', 'TIER_1K'])).toEqual([
    ...['TIER_NOT_SET', 'TIER_250', 'TIER_1K', '10000', 'TIER_UNLIMITED'],
  ]);
});
