/** Something that was so from an instant on; null: nobody knows since when. */
export type Turn<Value> = { readonly at: number | null; readonly value: Value };
/** From when to when something was so; null: nobody knows how it was. */
export type Stretch<Value> = { readonly from: number; readonly to: number; readonly value: Value | null };

/** How it was from one instant to another, by what it turned into when (oldest first): stretches without a hole between them, each unlike the one before. What
 *  was before the first turn is not known, which is not the same as its first value. */
export function stretchesOf<Value extends string | number>(turns: readonly Turn<Value>[], from: number, to: number): Stretch<Value>[] {
  const before = turns.filter(({ at }) => at === null || at <= from).at(-1)?.value ?? null;
  const within = turns.flatMap(({ at, value }) => (at !== null && at > from && at < to ? [{ at, value }] : []));
  const all = [{ at: from, value: before }, ...within].filter(({ at }, i, { [i + 1]: next }) => at !== next?.at);
  const moved = all.filter(({ value }, i) => i === 0 || value !== all[i - 1]?.value);
  return moved.map(({ at, value }, i) => ({ from: at, to: moved[i + 1]?.at ?? to, value }));
}
