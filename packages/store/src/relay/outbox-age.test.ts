import { expect, it } from '@jest/globals';
import { createOutboxAge } from './outbox-age.ts';

const START = 1_000_000;
const after = (seconds: number): number => START + seconds * 1000;
const row = (seconds: number): Date => new Date(after(seconds));

it.each([
  ['an outbox found empty a moment ago is young', { found: undefined, lookedAfter: 59 }, undefined, 0],
  ['the oldest row found grows older until the next look', { found: row(10), lookedAfter: 55 }, undefined, 50],
  ['a row that rests counts, though looks leave it out', { found: undefined, lookedAfter: 59 }, row(20), 40],
  ['the older of the two counts', { found: row(15), lookedAfter: 59 }, row(20), 45],
  ['what nobody could look at counts from the last look', { found: undefined, lookedAfter: 30 }, undefined, 30],
  ['a row found before looks began to fail counts from its own time', { found: row(5), lookedAfter: 30 }, undefined, 55],
  ['a clock that runs behind makes nothing younger than new', { found: row(70), lookedAfter: 59 }, undefined, 0],
])('%s', (_guarantee, { found, lookedAfter }, parked, expected) => {
  const age = createOutboxAge(START);
  age.looked(found, after(lookedAfter));
  expect(age.seconds(parked, after(60))).toBe(expected);
});

it('a relay that never could look counts from its start', () => {
  expect(createOutboxAge(START).seconds(undefined, after(60))).toBe(60);
});
