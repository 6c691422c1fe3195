import { expect, it } from '@jest/globals';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import { dealOut, ENTRIES_MAX, type Kept, keep, sameKept } from './kept.ts';

const keepAll = (instants: readonly number[]) => instants.reduce<Kept>((kept, at) => keep(kept, 'w:1', 'seen', at), {});
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

it('a label keeps its earliest and its newest entries, never more', () => {
  const kept = keepAll(upTo(1000))['w:1']?.seen ?? [];
  expect(kept).toHaveLength(ENTRIES_MAX);
  expect([kept[0], kept[1], kept.at(-1)]).toEqual([0, 1000 - ENTRIES_MAX + 1, 999]);
});

it('what is known already, or fell over the bound, changes nothing', () => {
  const kept = keepAll(upTo(1000));
  expect([0, 5, 999].map((at) => keep(kept, 'w:1', 'seen', at))).toEqual([kept, kept, kept]);
  expect(keep(kept, 'w:1', 'seen', 5)).toBe(kept);
});

it('two ids in one second are two entries, in a total order', () => {
  const forth = keep(keep({}, 'w:1', 'stop', [5, 'a']), 'w:1', 'stop', [5, 'b']);
  const back = keep(keep({}, 'w:1', 'stop', [5, 'b']), 'w:1', 'stop', [5, 'a']);
  expect(forth).toEqual(back);
  expect(forth['w:1']?.stop).toHaveLength(2);
});

it('over the bound, too, order and repeats do not matter', () => {
  const arrivals = fc
    .uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 60 })
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })));
  fc.assert(
    fc.property(arrivals, ([all, again]) => sameKept(keepAll(all), keepAll(again))),
    propertyRuns(1000),
  );
});

it('a boundary that falls into what is no longer kept makes nothing up: each side has only what was said', () => {
  const dealt = dealOut(
    new Map([
      ['c1', keepAll(upTo(100))],
      ['c2', {}],
    ]),
    {
      periods: new Map([
        [
          'w:1',
          [
            { from: Number.NEGATIVE_INFINITY, to: 40, contactId: 'c1' },
            { from: 40, to: Number.POSITIVE_INFINITY, contactId: 'c2' },
          ],
        ],
      ]),
    },
  );
  expect(dealt.get('c1')).toEqual({ 'w:1': { seen: [0] } });
  expect(dealt.get('c2')?.['w:1']?.seen).toEqual(upTo(100).slice(1 - ENTRIES_MAX));
});

it.each([
  ['whose identifier the directory does not speak of', 'w:9', 'c2'],
  ['whose holder was not loaded', 'w:1', 'c9'],
  ['whose holder nobody knows yet', 'w:1', null],
] as const)('an entry %s stays where it is', (_which, identifier, contactId) => {
  const own = keepAll([5]);
  const periods = new Map([[identifier, [{ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, contactId }]]]);
  expect(
    dealOut(
      new Map([
        ['c1', own],
        ['c2', {}],
      ]),
      { periods },
    ).get('c1'),
  ).toEqual(own);
});
