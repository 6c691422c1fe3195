import { HOUR_MS, SECOND_MS } from '@keyturn/contracts';
import type { Flags } from './ids.ts';

/** When the body came, as text and in milliseconds since 1970. */
export type Receipt = { readonly receivedAt: string; readonly receivedMs: number };

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
  if (at >= EARLIEST_MS && at <= receipt.receivedMs + AHEAD_MS_MAX) return new Date(at).toISOString();
  flags.add('time_impossible');
  return receipt.receivedAt;
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
