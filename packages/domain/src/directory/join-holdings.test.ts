import { expect, it } from '@jest/globals';
import type { Holding } from '../slice.ts';
import { joinHoldings } from './contacts-of.ts';

const [EVER, AGO] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const id = (from = AGO, to = EVER): Holding => ({ identifier: 'u:S:1:DE.1', from, to });
const number = (from = AGO, to = EVER): Holding => ({ identifier: 'w:491700000001', from, to });

it.each<[guarantee: string, periods: Holding[], joined: Holding[]]>([
  ['what is held once is as it is', [id(), number(3, 5)], [id(), number(3, 5)]],
  ['in the order of identifiers', [number(3, 5), id()], [id(), number(3, 5)]],
  ['and of time', [number(6, 9), number(3, 5)], [number(3, 5), number(6, 9)]],
  ['one that begins where another ends goes on', [id(), number(AGO, 5), number(5)], [id(), number()]],
  ['whichever comes first', [number(5), id(), number(AGO, 5)], [id(), number()]],
  ['and so do three', [number(1, 2), number(2, 3), number(3, 4)], [number(1, 4)]],
  ['nothing holds nothing', [], []],
])('%s', (_guarantee, periods, joined) => expect(joinHoldings(periods)).toEqual(joined));

it.each([[[number(3, 5)]], [[number(3, 5), id()]]])('of a stretch nothing is kept but itself: %j', (periods) => {
  const more = periods.map((period) => ({ ...period, contactId: 'one' }));
  expect(joinHoldings(more).map(Object.keys)).toEqual(more.map(() => ['identifier', 'from', 'to']));
});
