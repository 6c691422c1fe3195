import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Heard, silenceOf } from './silence.ts';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const WEEK = 7 * DAY;
/** A Monday. */
const MONDAY = Date.parse('2026-11-23T00:00:00Z');
const bounds = { quietMs: 15 * MINUTE, usualMin: 20 };
/** Of an hour of the week, counted from Monday, how much comes. */
type Week = (hour: number) => number;
/** A shop: 120 an hour from nine to six, Monday to Friday; a few on Saturday, nobody at night. */
const shop: Week = (hour) => {
  const [day, clock] = [Math.floor(hour / 24), hour % 24];
  if (clock < 9 || clock >= 18) return 0;
  return day < 5 ? 120 : day === 5 ? 3 : 0;
};

/** As it was in these weeks, the last of them first, before the Monday; and this week until nothing came any more. */
function heard(weeks: readonly Week[], quietFrom: number, now: number, thisWeek: Week = weeks[0] ?? shop): Heard {
  const byHour = new Map<number, number>();
  const note = (monday: number, week: Week, until: number) => {
    for (let hour = 0; hour < 168 && monday + hour * HOUR < until; hour += 1) byHour.set(monday + hour * HOUR, week(hour));
  };
  for (const [i, week] of weeks.entries()) note(MONDAY - (i + 1) * WEEK, week, MONDAY);
  note(MONDAY, thisWeek, quietFrom);
  const last = [...byHour].filter(([, count]) => count > 0).map(([hour]) => hour + HOUR);
  return { byHour, lastAt: last.length === 0 ? null : Math.min(Math.max(...last), quietFrom), countedUntil: now };
}
const at = (day: number, clock: number) => MONDAY + day * DAY + clock * HOUR;
const four = [shop, shop, shop, shop];

describe('nothing has come', () => {
  const cases: [string, Heard, ReturnType<typeof silenceOf>][] = [
    ['for twenty minutes of a Tuesday noon', heard(four, at(1, 12), at(1, 12) + 20 * MINUTE), { since: at(1, 12), usual: 40 }],
    ['for ten: that happens', heard(four, at(1, 12), at(1, 12) + 10 * MINUTE), null],
    ['since Monday evening, seen at night: it is night', heard(four, at(0, 18), at(1, 3)), null],
    ['since Monday evening, seen on Tuesday at noon', heard(four, at(0, 18), at(1, 12)), { since: at(0, 18), usual: 240 }],
    ['all Sunday: it is Sunday', heard(four, at(5, 18), at(6, 15)), null],
    ['all Saturday, where a few come: they are hardly any', heard(four, at(4, 18), at(5, 16)), null],
    ['of a line that is new: nobody knows what is usual', heard([shop], at(1, 12), at(1, 15)), null],
    ['of one that was counted for two weeks', heard([shop, shop], at(1, 12), at(1, 13)), { since: at(1, 12), usual: 120 }],
    ['where of two weeks one was as quiet', heard([shop, () => 0], at(1, 12), at(1, 13)), null],
    [
      'where of three weeks one was as quiet: that was a holiday',
      heard([() => 0, shop, shop], at(1, 12), at(1, 13), shop),
      { since: at(1, 12), usual: 120 },
    ],
    ['where two of four were', heard([() => 0, shop, () => 0, shop], at(1, 12), at(1, 13), shop), null],
    [
      'of what comes once, by a campaign',
      heard([(hour) => (hour === 34 ? 9_000 : 0), shop, () => 0, () => 0], at(1, 9), at(1, 12), shop),
      null,
    ],
    ['ever', heard([() => 0, () => 0], at(1, 9), at(1, 12), () => 0), null],
    ['for a day and more: what is told of it grows no more', heard(four, at(1, 12), at(4, 12)), { since: at(1, 12), usual: 7 * 120 }],
    [
      'for three weeks: it is still held against the weeks before',
      heard(four, at(1, 12), at(22, 12)),
      { since: at(1, 12), usual: 7 * 120 },
    ],
  ];
  it.each(cases)('%s', (_case, known, silence) => expect(silenceOf(known, bounds)).toEqual(silence));

  it('is not held against weeks of which some was not counted, but against the others', () => {
    const known = heard(four, at(1, 12), at(1, 13));
    const without = (...weeks: number[]) => {
      const byHour = new Map([...known.byHour].filter(([hour]) => !weeks.some((week) => hour === at(1, 13) - week * WEEK)));
      return silenceOf({ ...known, byHour }, bounds);
    };
    expect([without(1, 3), without(1, 2, 3)]).toEqual([{ since: at(1, 12), usual: 120 }, null]);
  });

  it('is not said of a time that is not counted yet', () => {
    const known = heard(four, at(1, 12), at(1, 15));
    expect(silenceOf({ ...known, countedUntil: at(1, 12) + 5 * MINUTE }, bounds)).toBeNull();
  });

  it.each([-1, 1])('is not said where clocks moved by %s h meanwhile', (by) => {
    const moved: Week = (hour) => shop((hour + by + 168) % 168);
    for (let hour = 0; hour < 168; hour += 1)
      expect(silenceOf(heard(four, MONDAY + hour * HOUR, MONDAY + hour * HOUR, moved), bounds)).toBeNull();
  });
});

describe('whatever comes', () => {
  const counts = fc.array(fc.oneof(fc.constant(0), fc.nat(500)), { minLength: 168, maxLength: 168 });
  const weeks = (min: number) =>
    fc.array(counts, { minLength: min, maxLength: 5 }).map((all) =>
      all.map(
        (one): Week =>
          (hour) =>
            one[hour] ?? 0,
      ),
    );
  const hours = fc.integer({ min: 1, max: 167 });

  it('a week like those before is never silent', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 2, max: 5 }), hours, (one, many, hour) => {
        const now = MONDAY + hour * HOUR;
        const known = heard(
          Array<Week>(many).fill((i) => one[i] ?? 0),
          now,
          now,
        );
        expect(silenceOf(known, bounds)).toBeNull();
      }),
    );
  });

  it('what is silent stays so for as long as nothing comes', () => {
    fc.assert(
      fc.property(weeks(2), hours, fc.nat(40 * HOUR), fc.nat(40 * HOUR), (all, hour, first, more) => {
        const from = MONDAY + hour * HOUR;
        const known = heard(all, from, from + first);
        const before = silenceOf(known, bounds);
        const after = silenceOf({ ...known, countedUntil: from + first + more }, bounds);
        if (before !== null) expect(after).toEqual({ since: before.since, usual: expect.any(Number) });
        expect(after?.usual ?? 0).toBeGreaterThanOrEqual(before?.usual ?? 0);
      }),
    );
  });

  it('it is never silent within the bound, nor where fewer are usual, nor before two weeks are counted', () => {
    fc.assert(
      fc.property(weeks(1), hours, fc.nat(3 * DAY), (all, hour, quiet) => {
        const from = MONDAY + hour * HOUR;
        const silence = silenceOf(heard(all, from, from + quiet), bounds);
        if (silence === null) return;
        expect(from + quiet - silence.since).toBeGreaterThanOrEqual(bounds.quietMs);
        expect(silence.usual).toBeGreaterThanOrEqual(bounds.usualMin);
        expect(all.length).toBeGreaterThanOrEqual(2);
      }),
    );
  });
});
