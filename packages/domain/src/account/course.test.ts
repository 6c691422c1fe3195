import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CourseEntry, courseOf } from './course.ts';

let said = 0;
const at = (day: number) => new Date(Date.UTC(2026, 10, day));
const iso = (day: number) => at(day).toISOString();
const entry = (day: number | null, detail: object, of: CourseEntry['of'] = 'number'): CourseEntry => ({
  ...{ of, eventId: `event-${said++}`, detail: { ...detail } },
  at: day === null ? null : at(day),
});

const history = [
  entry(2, { event: 'ONBOARDING', limit: 'TIER_250' }),
  entry(4, { event: 'UPGRADE', limit: 'TIER_1K', previousLimit: 'TIER_250' }),
  entry(5, { event: 'FLAGGED', limit: 'TIER_1K' }),
  entry(6, { event: 'FLAGGED', limit: 'TIER_1K' }),
  entry(7, { event: 'THROUGHPUT_UPGRADE' }),
  entry(8, { event: 'UNFLAGGED', limit: 'TIER_1K' }),
  entry(9, { event: 'DOWNGRADE', limit: 'TIER_250' }),
];
const course = {
  quality: [
    { status: 'flagged', at: iso(5) },
    { status: 'unflagged', at: iso(8) },
  ],
  limit: [
    { limit: 'TIER_250', at: iso(2) },
    { limit: 'TIER_1K', at: iso(4) },
    { limit: 'TIER_250', at: iso(9) },
  ],
  limitOf: 'number',
};

it('each time it became another is there once, in whatever order and however often it was said', () =>
  fc.assert(
    fc.property(fc.shuffledSubarray([...history, ...history], { minLength: 2 * history.length }), (entries) =>
      expect(courseOf(entries)).toEqual(course),
    ),
  ));

it.each([
  ['nothing was said', [], { quality: [], limit: [], limitOf: 'number' }],
  [
    'of the account alone',
    [entry(1, { limit: 'TIER_2K' }, 'account')],
    { quality: [], limit: [{ limit: 'TIER_2K', at: iso(1) }], limitOf: 'account' },
  ],
  [
    'the number’s own counts before its account’s',
    [entry(3, { limit: 'TIER_2K' }, 'account'), entry(2, { event: 'UPGRADE', limit: 'TIER_1K' })],
    { quality: [], limit: [{ limit: 'TIER_1K', at: iso(2) }], limitOf: 'number' },
  ],
  [
    'at no time is before all that has one',
    [entry(1, { event: 'UNFLAGGED' }), entry(null, { event: 'FLAGGED' })],
    {
      quality: [
        { status: 'flagged', at: null },
        { status: 'unflagged', at: iso(1) },
      ],
      limit: [],
      limitOf: 'number',
    },
  ],
])('%s', (_what, entries, expected) => expect(courseOf(entries)).toEqual(expected));
