const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** How long ago, or how soon, in one unit: \`14 min ago\`, \`in 3 h\`, \`now\`. */
export function relative(instant: string, now: Date): string {
  const seconds = Math.round((now.getTime() - Date.parse(instant)) / 1000);
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ['s', 1];
  const count = Math.floor(Math.abs(seconds) / size);
  if (count === 0) return 'now';
  return seconds > 0 ? `${count} ${unit} ago` : `in ${count} ${unit}`;
}

/** The exact instant, in UTC, as people read it. */
export const exact = (instant: string): string => instant.replace('T', ' ').replace(/(\.\d+)?Z$/, 'Z');

/** Both: \`14 min ago (2026-03-03 02:58:09Z)\`. */
export const when = (instant: string, now: Date): string => `${relative(instant, now)} (${exact(instant)})`;
