import { expect, it } from '@jest/globals';
import { type Cause, causeIn, facet } from './facets.ts';
import { stormEnd, stormsIn } from './storms.ts';

const at = (hour: string, more: Partial<Cause> = {}): string =>
  facet.cause({ signal: 'hash', phoneNumberId: 'P1', numberPrefix: '96650', hour: `2026-03-01T${hour}`, ...more });
const hours = (counts: Record<string, number>, more: Partial<Cause> = {}) =>
  Object.entries(counts).map(([hour, count]) => ({ facet: at(hour, more), count }));

it.each([
  ['ten in one hour are one', hours({ '02': 10 }), [['02', '02', 10]]],
  ['nine are none', hours({ '02': 9 }), []],
  ['hours that follow each other are one, whatever their order', hours({ '03': 6, '02': 5 }), [['02', '03', 11]]],
  ['two quiet hours are within one', hours({ '02': 6, '04': 6 }), [['02', '04', 12]]],
  [
    'three are between two',
    hours({ '02': 10, '05': 11 }),
    [
      ['05', '05', 11],
      ['02', '02', 10],
    ],
  ],
  ['a small part after a pause is no storm', hours({ '02': 10, '06': 9 }), [['02', '02', 10]]],
  [
    'midnight parts nothing',
    [
      { facet: at('23'), count: 6 },
      { facet: at('', { hour: '2026-03-02T00' }), count: 6 },
    ],
    [['23', '00', 12]],
  ],
])('%s', (_guarantee, counts, storms) =>
  expect(stormsIn(counts).map(({ from, to, count }) => [from.slice(-2), to.slice(-2), count])).toEqual(storms),
);

it.each<[string, Partial<Cause>]>([
  ['signal', { signal: 'mismatch' }],
  ['number of ours', { phoneNumberId: 'P2' }],
  ['beginning of the number', { numberPrefix: '96655' }],
])('what differs in its %s is not one storm', (_what, other) =>
  expect(stormsIn([...hours({ '02': 6 }), ...hours({ '02': 6 }, other)])).toEqual([]),
);

it('the largest comes first', () => {
  const storms = stormsIn([
    ...hours({ '02': 10 }),
    ...hours({ '02': 50 }, { phoneNumberId: 'P2' }),
    ...hours({ '02': 20 }, { signal: 'bsuid' }),
  ]);
  expect(storms.map(({ count }) => count)).toEqual([50, 20, 10]);
});

it.each([
  ['goes on while hours follow', ['02', '03', '05'], '05'],
  ['ends where nothing came in for longer', ['02', '03', '07', '08'], '03'],
  ['is where it began, with one hour', ['02'], '02'],
])('a storm %s', (_guarantee, named, end) => expect(stormEnd(named.map((hour) => at(hour)))).toBe(at(end)));

it('a cause is read as it was named, whatever a number of ours is called', () => {
  for (const phoneNumberId of ['', '100000000000001', 'a|b%7C c', '\u0661'])
    expect(causeIn(at('02', { phoneNumberId }))).toEqual({ signal: 'hash', phoneNumberId, numberPrefix: '96650', hour: '2026-03-01T02' });
  expect(causeIn('n:P1')).toBeNull();
});
