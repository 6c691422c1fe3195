import { describe, expect, it } from '@jest/globals';
import { BULK_MAX } from '@keyturn/contracts';
import fc from 'fast-check';
import {
  changesOf,
  extend,
  heard,
  howMany,
  nothing,
  SELECTED_MAX,
  type Selectable,
  type Selection,
  stillSo,
  toggle,
  toggleAll,
} from './selection.ts';

const row = (contactId: string, version = 1, isGone = false): Selectable => ({
  change: { contactId, identity: { keyHash: `${contactId}=`, version } },
  isGone,
});
const rows = [...'abcdef'].map((contactId) => row(contactId));
const withGone = rows.map((one) => (one.change.contactId === 'c' ? { ...one, isGone: true } : one));
const ids = ({ seen }: Selection) => [...seen.keys()].sort().join('');
type Step = (selection: Selection) => Selection;
const click =
  (id: string): Step =>
  (now) =>
    toggle(now, rows, id, false);
const shiftClick =
  (id: string, list = rows): Step =>
  (now) =>
    toggle(now, list, id, true);
const go =
  (from: string, to: string, list = rows): Step =>
  (now) =>
    extend(now, list, from, to);
const all =
  (list = rows): Step =>
  (now) =>
    toggleAll(now, list);

it.each<[string, Step[], string]>([
  ['a row is selected', [click('b')], 'b'],
  ['and again it is not', [click('b'), click('b')], ''],
  ['a range goes from the last row that was touched', [click('b'), shiftClick('d')], 'bcd'],
  ['also upwards', [click('d'), shiftClick('b')], 'bcd'],
  ['a range is given up from a row that was selected', [click('a'), shiftClick('f'), click('b'), shiftClick('d')], 'aef'],
  ['a range without a beginning is one row', [shiftClick('d')], 'd'],
  ['a range leaves out who is gone', [click('b'), shiftClick('d', withGone)], 'bd'],
  ['going on takes the rows along', [go('b', 'c'), go('c', 'd')], 'bcd'],
  ['going back gives up what is left', [go('b', 'c'), go('c', 'd'), go('d', 'c')], 'bc'],
  ['and goes on beyond where it began', [go('b', 'c'), go('c', 'b'), go('b', 'a')], 'ab'],
  ['going on from elsewhere begins anew', [click('a'), go('d', 'e')], 'ade'],
  ['going on passes who is gone', [go('b', 'c', withGone), go('c', 'd', withGone)], 'bd'],
  ['all that can be are selected', [click('a'), all(withGone)], 'abdef'],
  ['and none where all are', [all(), all()], ''],
  ['but who is selected elsewhere stays so', [click('a'), all(rows.slice(3)), all(rows.slice(3))], 'a'],
])('%s', (_guarantee, steps, selected) => {
  expect(ids(steps.reduce((now, step) => step(now), nothing))).toBe(selected);
});

describe('what is no longer as it was seen is not selected any more, and counted', () => {
  const selected = toggleAll(nothing, rows);
  it.each<[string, Step, string, number]>([
    ['nothing moved', (now) => stillSo(now, rows), 'abcdef', 0],
    ['decided on', (now) => stillSo(now, withGone), 'abdef', 1],
    ['something newer came in', (now) => stillSo(now, [row('a', 2), ...rows.slice(1)]), 'bcdef', 1],
    ['a list that does not show them says nothing', (now) => stillSo(now, []), 'abcdef', 0],
    ['decided on, by the stream', (now) => heard(now, { contactId: 'a', version: 2, status: 'clear' }), 'bcdef', 1],
    ['something newer, by the stream', (now) => heard(now, { contactId: 'a', version: 2, status: 'blocked' }), 'bcdef', 1],
    ['what was seen, told late', (now) => heard(now, { contactId: 'a', version: 1, status: 'blocked' }), 'abcdef', 0],
    ['somebody else', (now) => heard(now, { contactId: 'x', version: 9, status: 'clear' }), 'abcdef', 0],
  ])('%s', (_what, step, left, dropped) => {
    const now = step(selected);
    expect([ids(now), now.dropped]).toEqual([left, dropped]);
    if (dropped === 0) expect(now).toBe(selected); // nothing is drawn anew
  });
});

it('a decision is on what was seen when it was selected, whatever the rows show later', () => {
  const later = toggleAll(
    toggle(nothing, rows, 'a', false),
    rows.map(({ change: { contactId } }) => row(contactId, 7)),
  );
  expect(changesOf(later).filter(({ contactId }) => contactId < 'c')).toEqual([
    { contactId: 'a', keyHash: 'a=', version: 1 },
    { contactId: 'b', keyHash: 'b=', version: 7 },
  ]);
});

it('nobody selects more than one decision takes, nor who is gone', () => {
  expect(SELECTED_MAX).toBe(BULK_MAX);
  const many = Array.from({ length: SELECTED_MAX + 5 }, (_, i) => row(String(i), 1, i === 3));
  const selected = toggleAll(nothing, many);
  expect([selected.seen.size, selected.seen.has('3')]).toEqual([SELECTED_MAX, false]);
});

it('whatever is touched in whatever order: only rows that are shown and not gone, and all is all', () => {
  const place = fc.nat(rows.length - 1);
  const act = fc.oneof(
    fc.tuple(place, fc.boolean()).map(
      ([at, isRange]): Step =>
        (now) =>
          toggle(now, withGone, 'abcdef'[at] ?? '', isRange),
    ),
    fc.tuple(place, place).map(
      ([from, to]): Step =>
        (now) =>
          extend(now, withGone, 'abcdef'[from] ?? '', 'abcdef'[to] ?? ''),
    ),
    fc.constant(all(withGone)),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
      const now = acts.reduce((before, one) => one(before), nothing);
      expect(ids(now)).toMatch(/^a?b?d?e?f?$/);
      expect(howMany(now, withGone)).toBe(now.seen.size === 0 ? 'none' : now.seen.size === 5 ? 'all' : 'some');
    }),
  );
});
