import { expect, it } from '@jest/globals';
import type { Holding } from '../slice.ts';
import { countsNow, heldNow } from './held-now.ts';

const [ever, open] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const number = (from: number, to: number): Holding => ({ identifier: 'w:1', from, to });
const bsuid: Holding = { identifier: 'u:a:1', from: ever, to: open };
const change = [{ signal: 'number_change:w:1>w:2@200', at: 200 }];

it.each([
  ['nothing was left behind: all counts', [number(ever, open), bsuid], [], null],
  ['a number left behind does not count, what stays does', [number(ever, 200), bsuid], [], { 'u:a:1': null }],
  ['a number counts from when it came', [number(200, open)], [], { 'w:1': 200 }],
  ['a number that came back counts from then on', [number(ever, 100), number(300, open)], [], { 'w:1': 300 }],
  ['nothing from before a number change counts, under whatever stays', [bsuid], change, { 'u:a:1': 200 }],
  ['a number that came after the change counts from when it came', [number(300, open)], change, { 'w:1': 300 }],
  ['another signal leaves all as it is', [bsuid], [{ signal: 'bsuid:u:a:2', at: 200 }], null],
])('%s', (_guarantee, holdings, signals, expected) => {
  const held = heldNow({ holdings, signals });
  expect(held).toEqual(expected);
  expect(JSON.parse(JSON.stringify(held))).toEqual(held);
});

it('an identifier counts from its instant on, that second included', () => {
  const held = heldNow({ holdings: [number(200, open)], signals: [] });
  expect([countsNow(held, 'w:1', 199), countsNow(held, 'w:1', 200), countsNow(held, 'w:2', 300)]).toEqual([false, true, false]);
});
