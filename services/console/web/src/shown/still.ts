/** A row as it is shown: `isGone` once the list no longer has it. */
export type Held<Row> = { readonly row: Row; readonly isGone: boolean };
/** What is shown of a list, and how many rows came in above it since, which nobody asked to see yet. */
export type Still<Row> = { readonly rows: readonly Held<Row>[]; readonly fresh: number };

/** What is shown once a list was read anew: every row stays where it was, as it is now or gone; what the list goes on with comes after; what came in above
 *  waits to be asked for. So nothing moves away under a finger. `shown`: what stands there, null: nothing was read before. */
export function stillOf<Row>(shown: readonly Held<Row>[] | null, read: readonly Row[], keyOf: (row: Row) => string): Still<Row> {
  if (shown === null) return { rows: read.map((row) => ({ row, isGone: false })), fresh: 0 };
  const now = new Map(read.map((row) => [keyOf(row), row]));
  const known = new Set(shown.map(({ row }) => keyOf(row)));
  const stayed = shown.map(({ row }) => ({ row: now.get(keyOf(row)) ?? row, isGone: !now.has(keyOf(row)) }));
  const last = read.findLastIndex((row) => known.has(keyOf(row)));
  const after = last < 0 ? [] : read.slice(last + 1);
  const above = read.filter((row) => !known.has(keyOf(row))).length - after.length;
  return { rows: [...stayed, ...after.map((row) => ({ row, isGone: false }))], fresh: above };
}
