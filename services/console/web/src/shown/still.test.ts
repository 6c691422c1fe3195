import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Held, type Still, stillOf } from './still.ts';

const keyOf = (row: string) => row.charAt(0);
const held = (rows: string): Held<string>[] => [...rows].map((row) => ({ row, isGone: false }));
const said = (rows: readonly Held<string>[]) => rows.map(({ row, isGone }) => (isGone ? `(${row})` : row)).join('');

it.each([
  ['what is read first is shown', null, 'abc', 'abc', 0],
  ['what comes in above waits', held('abc'), 'xyabc', 'abc', 2],
  ['what is gone keeps its place', held('abc'), 'ac', 'a(b)c', 0],
  ['what the list goes on with comes after', held('ab'), 'abcd', 'abcd', 0],
  ['all of it at once', held('abc'), 'xbcd', '(a)bcd', 1],
  ['what is new in between waits, too', held('ab'), 'axb', 'ab', 1],
  ['a list that was empty stays so until somebody asks', [], 'ab', '', 2],
  ['one of which all is gone stays', held('ab'), 'xy', '(a)(b)', 2],
])('%s', (_what, shown, read, rows, fresh) => {
  const still = stillOf(shown, [...read], keyOf);
  expect([said(still.rows), still.fresh]).toEqual([rows, fresh]);
});

it('a row is as it was read last', () => {
  expect(stillOf([{ row: 'a1', isGone: true }], ['a2'], keyOf).rows).toEqual([{ row: 'a2', isGone: false }]);
});

it('whatever is read, no row that is shown moves, and none that is there is neither shown nor counted', () =>
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(fc.constantFrom(...'abcdefgh'))), (reads) => {
      let shown: readonly Held<string>[] | null = null;
      for (const read of reads) {
        const still: Still<string> = stillOf(shown, read, keyOf);
        expect(still.rows.slice(0, shown?.length ?? 0).map(({ row }) => row)).toEqual((shown ?? []).map(({ row }) => row));
        expect(still.rows.filter(({ isGone }) => !isGone).length + still.fresh).toBe(read.length);
        shown = still.rows;
      }
    }),
  ));
