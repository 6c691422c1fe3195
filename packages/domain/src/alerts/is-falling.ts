import { type CoverageDayJson, DAY_MS } from '@keyturn/contracts';

/** So many messages of a day say something of it. */
const MESSAGES_MIN = 50;
const FALL_MIN = 0.2;

/** Whether fewer messages carry a key hash than did: on the last full day the share is lower, by a fifth of all messages, than on the days before it. */
export function isFalling(days: readonly CoverageDayJson[], now: Date): boolean {
  const told = days.filter(({ messages }) => messages >= MESSAGES_MIN);
  const yesterday = new Date(now.getTime() - DAY_MS).toISOString().slice(0, 10);
  const last = told.find(({ day }) => day === yesterday);
  const before = told.filter(({ day }) => day < yesterday).slice(0, 7);
  if (last === undefined || before.length < 3) return false;
  const usual = before.reduce((sum, { share }) => sum + share, 0) / before.length;
  return usual - last.share >= FALL_MIN;
}
