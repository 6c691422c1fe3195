import { DAY_MS, HOUR_MS, SECOND_MS } from '@keyturn/contracts';
import type { Flags } from './ids.ts';

/** When the body came, and, in milliseconds since 1970, when it is read: then, or later again. */
export type Receipt = { readonly receivedAt: string; readonly nowMs: number };

/** WhatsApp did not exist before. */
const EARLIEST_MS = Date.UTC(2009, 0, 1);
/** The last instant that has four digits of a year. */
const LATEST_MS = Date.UTC(9999, 11, 31);
/** Clocks differ; what lies further ahead is no time of something that happened. */
const AHEAD_MS_MAX = HOUR_MS;

/** Seconds since 1970 as an instant; a time that is missing or cannot be raises `time_impossible` and becomes the time of receipt. Seconds
 *  come as text in messages and statuses and as numbers elsewhere, so both are read. */
export function readInstant(value: unknown, receipt: Receipt, flags: Flags): string {
  const at = secondsOf(value) * SECOND_MS;
  if (at >= EARLIEST_MS && at <= receipt.nowMs + AHEAD_MS_MAX) return isoOf(at);
  flags.add('time_impossible');
  return receipt.receivedAt;
}

const digits = Array.from({ length: 1_000 }, (_, number) => String(number));
const twoDigits = digits.slice(0, 60).map((one) => one.padStart(2, '0'));
const threeDigits = digits.map((one) => one.padStart(3, '0'));
/** The text of each day that was asked for, from 2009 to tomorrow: a few thousand. */
const days = new Map<number, string>();
/** What `toISOString` says of these milliseconds since 1970, several times as fast. For instants that may be: each day's text is kept. */
export function isoOf(at: number): string {
  const day = Math.floor(at / DAY_MS);
  let date = days.get(day);
  if (date === undefined) {
    date = new Date(at).toISOString().slice(0, 'yyyy-mm-ddT'.length);
    days.set(day, date);
  }
  const rest = at - day * DAY_MS;
  const seconds = Math.floor(rest / SECOND_MS);
  const minutes = Math.floor(seconds / 60);
  return `${date}${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}:${twoDigits[seconds % 60]}.${threeDigits[rest % SECOND_MS]}Z`;
}

/** Seconds since 1970 as an instant, wherever it lies; undefined where it is none. */
export function instantIn(value: unknown): string | undefined {
  const at = secondsOf(value) * SECOND_MS;
  return at >= EARLIEST_MS && at <= LATEST_MS ? new Date(at).toISOString() : undefined;
}

function secondsOf(value: unknown): number {
  if (typeof value === 'number') return Math.floor(value);
  return typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
}
