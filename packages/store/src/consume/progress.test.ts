import { expect, it } from '@jest/globals';
import { createProgress, type Progress } from './progress.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1) + second * 1000);
const record = (offset: bigint, second: number) => ({ offset, timestamp: at(second).getTime() });
const NEVER = new Date(0);

/** One partition that ends at 10, of which 10 were applied, when all that was in it at second 0 was. */
const caughtUp = (progress: Progress): void => {
  progress.ends('t', [{ partition: 0, high: 10n }]);
  progress.positions('t', [{ partition: 0, next: 10n, caughtUpAt: at(0) }]);
};

it.each<[string, (progress: Progress) => void, { lag: number; oldest: number; upTo: number | null }]>([
  ['an idle group is not late', caughtUp, { lag: 0, oldest: 0, upTo: 0 }],
  [
    'a log that grows while nothing is read is late, from when the group had caught up',
    (progress) => {
      caughtUp(progress);
      progress.ends('t', [{ partition: 0, high: 14n }]);
    },
    { lag: 4, oldest: 60, upTo: 0 },
  ],
  [
    'a batch that is tried again and again is as late as its first record',
    (progress) => {
      caughtUp(progress);
      progress.taken('t', 0, record(10n, 20), 15n);
    },
    { lag: 5, oldest: 40, upTo: 0 },
  ],
  [
    'what a batch in hand shows of the log’s end counts at once',
    (progress) => {
      caughtUp(progress);
      progress.taken('t', 0, record(10n, 20), 15n);
      progress.applied('t', 0, 15n, at(25));
    },
    { lag: 0, oldest: 0, upTo: 25 },
  ],
  [
    'while PostgreSQL is silent, what it said last stands against where the log ends now',
    (progress) => {
      caughtUp(progress);
      progress.ends('t', [{ partition: 0, high: 11n }]);
      progress.ends('t', [{ partition: 0, high: 30n }]);
    },
    { lag: 20, oldest: 60, upTo: 0 },
  ],
  [
    'an answer that was under way while a batch was applied takes nothing back',
    (progress) => {
      caughtUp(progress);
      progress.taken('t', 0, record(10n, 20), 15n);
      progress.applied('t', 0, 15n, at(25));
      progress.positions('t', [{ partition: 0, next: 10n, caughtUpAt: at(3) }]);
    },
    { lag: 0, oldest: 0, upTo: 25 },
  ],
  [
    'another member’s batches count',
    (progress) => {
      caughtUp(progress);
      progress.ends('t', [{ partition: 0, high: 15n }]);
      progress.positions('t', [{ partition: 0, next: 15n, caughtUpAt: at(30) }]);
    },
    { lag: 0, oldest: 0, upTo: 30 },
  ],
  [
    'a log that nobody began to read lags, for nobody knows how long',
    (progress) => {
      progress.ends('t', [{ partition: 0, high: 7n }]);
      progress.positions('t', [{ partition: 0, next: 0n, caughtUpAt: NEVER }]);
    },
    { lag: 7, oldest: 0, upTo: null },
  ],
  ['of nothing known nothing is said', () => {}, { lag: 0, oldest: 0, upTo: null }],
])('%s', (_guarantee, told, { lag, oldest, upTo }) => {
  const progress = createProgress([{ name: 't' }]);
  told(progress);
  const [standing] = progress.standings(at(60));
  expect(standing?.lags.reduce((sum, { records }) => sum + records, 0)).toBe(lag);
  expect(standing?.oldestSeconds).toBe(oldest);
  expect(standing?.caughtUpAt).toEqual(upTo === null ? null : at(upTo));
});

it('of several partitions the one furthest behind counts', () => {
  const progress = createProgress([{ name: 't' }]);
  progress.ends('t', [
    { partition: 0, high: 10n },
    { partition: 1, high: 10n },
    { partition: 2, high: 10n },
  ]);
  progress.positions('t', [
    { partition: 0, next: 10n, caughtUpAt: at(50) },
    { partition: 1, next: 4n, caughtUpAt: at(30) },
    { partition: 2, next: 9n, caughtUpAt: at(40) },
  ]);
  expect(progress.standings(at(60))).toEqual([
    {
      topic: 't',
      lags: [
        { partition: 0, records: 0 },
        { partition: 1, records: 6 },
        { partition: 2, records: 1 },
      ],
      oldestSeconds: 30,
      caughtUpAt: at(30),
    },
  ]);
});
