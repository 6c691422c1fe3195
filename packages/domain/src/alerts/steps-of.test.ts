import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AlertPolicy, type AlertState, type AlertStep, type Found, nextStepAt, stepsOf } from './steps-of.ts';

const MINUTE = 60_000;
const T = 1_000 * MINUTE;
const policy: AlertPolicy = { waitMs: 20_000, updateMs: 30 * MINUTE, repageMs: 5 * MINUTE, escalateAfterMs: [10 * MINUTE, 20 * MINUTE] };
const alert = (known: Partial<AlertState>): AlertState => ({
  ...{ alertId: 'a', cause: 'hash', status: 'open', openedAt: T, pagedAt: T, toldAt: T, toldSeq: 1, escalations: 0 },
  ...known,
});
const found = (alertId: string | null, count = 1, seq = 1): Found => ({ cause: 'hash', alertId, count, seq });
const after = (ms: number) => T + ms;
const pending = alert({ status: 'pending', pagedAt: null, toldAt: null });

describe('what follows from what a rule found', () => {
  const cases: [string, readonly AlertState[], readonly Found[], number, readonly AlertStep[]][] = [
    [
      'a cause that nobody covers begins an alert, which waits for more',
      [],
      [found(null, 3)],
      T,
      [{ kind: 'begin', found: found(null, 3), page: false }],
    ],
    ['what waits is not told yet', [pending], [found('a')], after(19_999), []],
    ['what has lasted is paged', [pending], [found('a')], after(20_000), [{ kind: 'page', alertId: 'a' }]],
    ['what was gone before anybody was told ends in silence', [pending], [], after(20_000), [{ kind: 'drop', alertId: 'a' }]],
    [
      'what is new joins an alert that nobody has taken, and is not told at once',
      [alert({})],
      [found('a', 50_000, 50_000)],
      after(MINUTE),
      [],
    ],
    [
      'what is new is told once so long has passed',
      [alert({ escalations: 2 })],
      [found('a', 2, 2)],
      after(30 * MINUTE),
      [{ kind: 'update', alertId: 'a' }],
    ],
    ['where nothing is new, nothing is told', [alert({ escalations: 2 })], [found('a', 1, 1)], after(300 * MINUTE), []],
    ['what nobody takes escalates', [alert({})], [found('a')], after(10 * MINUTE), [{ kind: 'escalate', alertId: 'a', levels: [0] }]],
    ['each step once', [alert({ escalations: 1 })], [found('a')], after(19 * MINUTE), []],
    [
      'after an outage, all that are due',
      [alert({})],
      [found('a')],
      after(60 * MINUTE),
      [{ kind: 'escalate', alertId: 'a', levels: [0, 1] }],
    ],
    ['what somebody has taken does not escalate', [alert({ status: 'taken' })], [found('a', 1, 9)], after(600 * MINUTE), []],
    [
      'what comes after it was taken begins another',
      [alert({ status: 'taken' })],
      [found('a'), found(null)],
      after(6 * MINUTE),
      [{ kind: 'begin', found: found(null), page: false }],
    ],
    ['but not so soon after the page before', [alert({ status: 'taken' })], [found('a'), found(null)], after(4 * MINUTE), []],
    ['what is decided ends its alert', [alert({})], [], after(MINUTE), [{ kind: 'resolve', alertId: 'a' }]],
    [
      'also where it was taken, whatever else is open',
      [alert({ status: 'taken' })],
      [found('a', 0)],
      after(MINUTE),
      [{ kind: 'resolve', alertId: 'a' }],
    ],
  ];
  it.each(cases)('%s', (_guarantee, alerts, seen, now, steps) => {
    const pagedAt = new Map(alerts.flatMap(({ cause, pagedAt: at }) => (at === null ? [] : [[cause, at] as const])));
    expect(stepsOf(policy, { alerts, found: seen, pagedAt }, now)).toEqual(steps);
  });

  it('without a wait it is told at once', () => {
    const watched = { alerts: [], found: [found(null)], pagedAt: new Map() };
    expect(stepsOf({ ...policy, waitMs: 0 }, watched, T)).toEqual([{ kind: 'begin', found: found(null), page: true }]);
  });
});

const states = fc.record({
  alertId: fc.constant('a'),
  cause: fc.constant('hash'),
  status: fc.constantFrom('pending' as const, 'open' as const, 'taken' as const),
  openedAt: fc.integer({ min: 0, max: 10 }).map((minutes) => T + minutes * MINUTE),
  pagedAt: fc.constant(T),
  toldAt: fc.integer({ min: 0, max: 60 }).map((minutes) => T + minutes * MINUTE),
  toldSeq: fc.integer({ min: 1, max: 3 }),
  escalations: fc.integer({ min: 0, max: 2 }),
});

it('nothing follows before the instant that is named as the next, and all that time alone brings has followed by then', () => {
  fc.assert(
    fc.property(states, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 90 * MINUTE }), (state, seq, ms) => {
      const watched = { alerts: [state], found: [{ ...found('a'), seq }], pagedAt: new Map([['hash', T]]) };
      const next = nextStepAt(policy, watched);
      const now = T + ms;
      if (next === null || now < next) expect(stepsOf(policy, watched, now)).toEqual([]);
    }),
  );
});

it('where nothing follows, the next instant is not one that has passed: nobody looks again and again at what is as it was', () => {
  fc.assert(
    fc.property(states, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 90 * MINUTE }), (state, seq, ms) => {
      const watched = { alerts: [state], found: [{ ...found('a'), seq }], pagedAt: new Map([['hash', T]]) };
      if (stepsOf(policy, watched, T + ms).length === 0) expect(nextStepAt(policy, watched) ?? Infinity).toBeGreaterThan(T + ms);
    }),
  );
});
