import { type Language, localeOf } from '../words/locale.ts';

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago, in the largest unit that is over: `4 min ago`, `1 day ago`, which may be the day before yesterday. What is not a minute ago is now. */
export function ago(language: Language, instant: string, now: number): string {
  const seconds = (Date.parse(instant) - now) / 1_000;
  const format = (numeric: 'always' | 'auto') => new Intl.RelativeTimeFormat(localeOf[language], { numeric, style: 'short' });
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return format('always').format(Math.trunc(seconds / length), unit);
  }
  return format('auto').format(0, 'second');
}

/** For how long, as `14 min`; in Arabic in whole words, whose short forms are one letter. */
export function lasting(language: Language, since: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(since)) / 1_000);
  const [unit, length] = units.find(([, least]) => seconds >= least) ?? (['minute', 60] as const);
  return new Intl.NumberFormat(localeOf[language], { style: 'unit', unit, unitDisplay: language === 'ar' ? 'long' : 'short' }).format(
    Math.floor(seconds / length),
  );
}

/** The exact instant, in the reader's time zone. */
export const exact = (language: Language, instant: string): string =>
  new Intl.DateTimeFormat(localeOf[language], { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(instant));
/** Day and minute, for running text; of another year with the year. */
export function moment(language: Language, instant: string, now: number): string {
  const [at, today] = [new Date(instant), new Date(now)];
  const year = at.getFullYear() === today.getFullYear() ? {} : ({ year: 'numeric' } as const);
  const options = { ...year, day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(localeOf[language], options).format(at);
}
/** The time of day with its seconds. */
export const clock = (language: Language, instant: string): string =>
  new Intl.DateTimeFormat(localeOf[language], { timeStyle: 'medium' }).format(new Date(instant));
