import { DAY_MS, HOUR_MS } from '@keyturn/contracts';

/** What came. Instants are milliseconds. */
export type Heard = {
  /** How much came in the hour that begins then. Of an hour that is not there nobody knows. */
  readonly byHour: ReadonlyMap<number, number>;
  /** When the last came; null: none ever did. */
  readonly lastAt: number | null;
  /** Up to when all that came is counted: of what is after nobody knows yet. */
  readonly countedUntil: number;
};
/** How long nothing must have come, and how much of it is usual in that time: what is usually near nothing says nothing when it is missing. */
export type SilenceBounds = { readonly quietMs: number; readonly usualMin: number };
/** That nothing came, since when, and how much is usual in that time. */
export type Silence = { readonly since: number; readonly usual: number };

const WEEK_MS = 7 * DAY_MS;
/** So many weeks say what is usual; fewer than the least know nothing of it yet. */
const WEEKS_MAX = 4;
const WEEKS_MIN = 2;
/** No more of a silence is held against what is usual: by then it is one. */
const JUDGED_MS = DAY_MS;

/** Whether nothing has come for longer than usual; null: something has, or nobody knows what is usual. The same hours of the four weeks before say that, so nights and
 *  weekends may be as quiet as they are. The quietest of these weeks does not count where there are three or more: one holiday, or one outage of ours, hides no other. */
export function silenceOf(heard: Heard, { quietMs, usualMin }: SilenceBounds): Silence | null {
  const { lastAt, countedUntil } = heard;
  if (lastAt === null || countedUntil - lastAt < quietMs) return null;
  const usual = usualWithin(heard.byHour, lastAt, Math.min(countedUntil, lastAt + JUDGED_MS));
  return usual === null || usual < usualMin ? null : { since: lastAt, usual: Math.floor(usual) };
}

/** How much usually comes from one instant to another, by the same hours of the four weeks before; null: fewer than two of them are known. */
export function usualWithin(byHour: Heard['byHour'], from: number, to: number): number | null {
  const weeks = Array.from({ length: WEEKS_MAX }, (_, i) => (i + 1) * WEEK_MS)
    .flatMap((back) => leastWithin(byHour, from - back, to - back) ?? [])
    .toSorted((a, b) => a - b);
  if (weeks.length < WEEKS_MIN) return null;
  return weeks[weeks.length > WEEKS_MIN ? 1 : 0] ?? null;
}

/** How much came from one instant to another at the least; null: nobody knows. Of each hour counts the quietest of it and its neighbours: clocks are put forward and back,
 *  and who opens at nine one week opens at ten the next. */
function leastWithin(byHour: Heard['byHour'], from: number, to: number): number | null {
  let sum = 0;
  for (let hour = Math.floor(from / HOUR_MS) * HOUR_MS; hour < to; hour += HOUR_MS) {
    const counts = [hour - HOUR_MS, hour, hour + HOUR_MS].map((one) => byHour.get(one));
    const share = (Math.min(to, hour + HOUR_MS) - Math.max(from, hour)) / HOUR_MS;
    const least = Math.min(...counts.map((count) => count ?? Number.NaN));
    if (Number.isNaN(least)) return null;
    sum += share * least;
  }
  return sum;
}
