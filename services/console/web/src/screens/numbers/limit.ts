/** How many people a day the platform's word for a limit allows: `Infinity` where there is none; null where nobody knows what the word means. */
export function peopleOf(limit: string): number | null {
  if (/UNLIMITED$/.test(limit)) return Number.POSITIVE_INFINITY;
  const [, digits, unit] = /^(?:TIER_)?(\d+)([KM]?)$/.exec(limit) ?? [];
  return digits === undefined ? null : Number(digits) * (unit === 'K' ? 1_000 : unit === 'M' ? 1_000_000 : 1);
}

/** These limits, each once, the lowest first; what nobody knows before all. */
export const inOrder = (limits: readonly string[]): string[] =>
  [...new Set(limits)].sort((a, b) => (peopleOf(a) ?? -1) - (peopleOf(b) ?? -1) || (a < b ? -1 : 1));
