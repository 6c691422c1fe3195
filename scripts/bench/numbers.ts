/** One thing measured, once a round: the median of the rounds is what counts, the rest says how far to trust it. */
type Measure = { readonly name: string; readonly unit: string; readonly rounds: readonly number[] };
/** What is promised of a measure. `most`: the measure may be this and no more; else it is to be at least this. */
type Promised = { readonly floor: number; readonly goal?: number; readonly most?: true };
/** A measure that is held to its floor. */
export type Result = Measure & { readonly promised?: Promised };

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/** The value below which this share of the values lies; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const ordered = sorted(values);
  return ordered[Math.min(ordered.length - 1, Math.floor(share * ordered.length))] ?? Number.NaN;
}

/** The middle one; of an even number the mean of the two. */
export function median(values: readonly number[]): number {
  const ordered = sorted(values);
  const middle = ordered.length >> 1;
  const upper = ordered[middle] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Each of the first divided by its neighbour in time of the second, so that what slows the machine slows both. */
export const ratios = (above: readonly number[], below: readonly number[]): number[] =>
  above.flatMap((one, i) => (below[i] === undefined ? [] : [one / below[i]]));

/** Whether the median is within what is promised. */
export const holds = ({ rounds, promised }: Result, which: 'floor' | 'goal' = 'floor'): boolean => {
  const bound = promised?.[which];
  if (bound === undefined) return true;
  return promised?.most ? median(rounds) <= bound : median(rounds) >= bound;
};
