/** What was said last about something: when, by which event. `at` in whole seconds; null: the platform did not say when. */
export type Said<Value> = { readonly value: Value; readonly at: number | null; readonly id: string };

/** What was said last of each of these. */
export type Registers<Values> = { readonly [Name in keyof Values]?: Said<Values[Name]> };

/** The later of two, the same whichever came first: what has no time counts as before all that has one, and in the same second the greater id is
 *  the later. */
export function later<Value>(one: Said<Value> | undefined, other: Said<Value> | undefined): Said<Value> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const order = (one.at ?? -1) - (other.at ?? -1) || (one.id > other.id ? 1 : -1);
  return order > 0 ? one : other;
}

/** Both together: of each, what was said later. Any order, any grouping and any repeats give the same. */
export function join<Values>(one: Registers<Values>, other: Registers<Values>): Registers<Values> {
  const names = new Set([...Object.keys(one), ...Object.keys(other)] as (keyof Values)[]);
  return Object.fromEntries([...names].map((name) => [name, later(one[name], other[name])])) as Registers<Values>;
}
