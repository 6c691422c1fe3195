import { expect, it } from '@jest/globals';
import { ago, moment } from './instant.ts';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const HOUR_MS = 3_600_000;
const before = (hours: number) => new Date(NOW - hours * HOUR_MS).toISOString();

it.each([
  [0.01, 'now', 'الآن'],
  [0.1, '6 min ago', 'قبل 6 دقائق'],
  [23.9, '23 hr ago', 'قبل 23 ساعة'],
  [47, '1 day ago', 'قبل يوم واحد'], // which is not yesterday
  [-25, 'in 1 day', 'خلال يوم واحد'],
])('%d hours ago is said as it is, whatever day that was', (hours, en, ar) =>
  expect([ago('en', before(hours), NOW), ago('ar', before(hours), NOW)]).toEqual([en, ar]),
);

it('a moment of another year says of which', () => {
  expect(moment('en', before(24), NOW)).not.toContain('2026');
  expect(moment('en', before(24 * 100), NOW)).toContain('2025');
  expect(moment('ar', before(24 * 100), NOW)).toContain('2025');
});
