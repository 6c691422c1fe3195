/** How long to wait before the next attempt: doubles from `firstMs` to `maxMs`, less a random half, so that many don't come back at once. */
export function backoffMs(
  attempt: number,
  bounds: { readonly firstMs: number; readonly maxMs: number },
  random: () => number = Math.random,
): number {
  const full = Math.min(bounds.maxMs, bounds.firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(full * (1 - random() / 2));
}
