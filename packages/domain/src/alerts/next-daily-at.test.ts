import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextDailyAt } from './next-daily-at.ts';

it.each([
  ['later today', '08:00', 'UTC', '2026-11-28T07:59:59Z', '2026-11-28T08:00:00.000Z'],
  ['tomorrow, once it has come', '08:00', 'UTC', '2026-11-28T08:00:00Z', '2026-11-29T08:00:00.000Z'],
  ['by the clock of the place', '08:00', 'Asia/Riyadh', '2026-11-28T04:00:00Z', '2026-11-28T05:00:00.000Z'],
  ['where the day is another one there', '08:00', 'Pacific/Auckland', '2026-11-27T20:00:00Z', '2026-11-28T19:00:00.000Z'],
  ['with a summer time that begins meanwhile', '08:00', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T06:00:00.000Z'],
  ['with one that ends', '08:00', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T07:00:00.000Z'],
  ['at a time that the clocks skip, as much later', '02:30', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:30:00.000Z'],
])('%s', (_case, at, zone, after, next) => {
  expect(new Date(nextDailyAt(at, zone, Date.parse(after))).toISOString()).toBe(next);
});

it('it comes once a day, and never at once', () => {
  const zones = fc.constantFrom('UTC', 'Asia/Riyadh', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Chatham');
  fc.assert(
    fc.property(zones, fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1.7e12, max: 1.9e12 }), (zone, hour, after) => {
      const next = nextDailyAt(`${String(hour).padStart(2, '0')}:30`, zone, after);
      const then = nextDailyAt(`${String(hour).padStart(2, '0')}:30`, zone, next);
      expect(next).toBeGreaterThan(after);
      expect(next - after).toBeLessThanOrEqual(25 * 3_600_000);
      expect(then - next).toBeGreaterThanOrEqual(23 * 3_600_000);
    }),
  );
});
