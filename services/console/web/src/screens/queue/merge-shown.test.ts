import { expect, it } from '@jest/globals';
import type { IdentityChangeJson } from '@keyturn/contracts';
import fc from 'fast-check';
import { mergeShown, type ShownChange } from './merge-shown.ts';

const change = (contactId: string) => ({ contactId, since: `2026-01-01T00:00:${contactId.padStart(2, '0')}Z` }) as IdentityChangeJson;
const ids = fc.uniqueArray(fc.nat(20).map(String), { maxLength: 12 });
const shownAs = (list: readonly ShownChange[]) => list.map(({ change: { contactId } }) => contactId);

it('no row that is shown moves, whatever comes and goes', () =>
  fc.assert(
    fc.property(fc.array(ids, { minLength: 1, maxLength: 6 }), (reads) => {
      let shown: ShownChange[] = [];
      for (const read of reads) {
        const next = mergeShown(shown, read.map(change), true);
        expect(shownAs(next).slice(0, shown.length)).toEqual(shownAs(shown));
        expect(new Set(shownAs(next.filter(({ isGone }) => !isGone)))).toEqual(new Set(read));
        expect(new Set(shownAs(next)).size).toBe(next.length);
        shown = next;
      }
    }),
  ));

it('of a list that was read in part, only what would have been read is gone', () => {
  const shown = mergeShown([], [change('1'), change('2'), change('9')], true);
  expect(mergeShown(shown, [change('1'), change('3')], false).map(({ change: { contactId }, isGone }) => [contactId, isGone])).toEqual([
    ['1', false],
    ['2', true],
    ['9', false],
    ['3', false],
  ]);
});
