import { DAY_MS, HOUR_MS, MINUTE_MS } from '@keyturn/contracts';

/** The next instant (milliseconds) after `afterMs` at which the clocks of a time zone show `at` (`08:00`). Where they skip that time on the day they are put
 *  forward, as much later as they skip. */
export function nextDailyAt(at: string, timeZone: string, afterMs: number): number {
  const clock = clockOf(timeZone);
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const today = Math.floor((afterMs + clock(afterMs)) / DAY_MS) * DAY_MS;
  for (let day = today - DAY_MS; ; day += DAY_MS) {
    const shown = day + hours * HOUR_MS + minutes * MINUTE_MS;
    const before = shown - clock(shown - DAY_MS); // by the offset that held before a change of that day
    const instant = shown - clock(before);
    const found = instant + clock(instant) === shown ? instant : before;
    if (found > afterMs) return found;
  }
}

/** How many milliseconds the clocks of a time zone are ahead of UTC at an instant. */
function clockOf(timeZone: string): (instant: number) => number {
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', era: 'short', ...parts });
  return (instant) => {
    const shown = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? 0;
    const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return wall - Math.floor(instant / 1000) * 1000;
  };
}
