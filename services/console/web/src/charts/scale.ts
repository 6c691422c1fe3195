/** Steps that a scale may end at, so that its half is a round number too. */
const TOPS = [2, 4, 6, 8, 10];

/** Where a scale of counts ends: a round even number, no less than the greatest of them. */
export function topOf(counts: readonly number[]): number {
  const greatest = Math.max(0, ...counts);
  const unit = 10 ** Math.max(0, Math.ceil(Math.log10(Math.max(1, greatest))) - 1);
  return (TOPS.find((top) => top * unit >= greatest) ?? 10) * unit;
}
