import { type Language, localeOf } from '../../words/language.tsx';

const DAY_MS = 86_400_000;
/** How many days the charts of days show. */
const DAYS = 30;

/** The last days up to today as dates in UTC, oldest first. */
export const lastDays = (now: number): string[] =>
  Array.from({ length: DAYS }, (_, i) => new Date(now - (DAYS - 1 - i) * DAY_MS).toISOString().slice(0, 10));

/** A date in UTC, as `12 Nov`. */
export function dayIn(language: Language): (date: string | number) => string {
  const format = new Intl.DateTimeFormat(localeOf[language], { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (date) => format.format(new Date(date));
}

/** What stands under a chart of days: the first, the middle, the last. */
export const endsOf = (dates: readonly (string | number)[], dayOf: (date: string | number) => string): string[] =>
  [dates[0], dates[dates.length >> 1], dates.at(-1)].flatMap((date) => (date === undefined ? [] : [dayOf(date)]));
