/** A phone held upright; on a wider terminal a row may run on. */
const NARROW_COLUMNS = 70;

/** Rows under a heading in columns as wide as they need; the last one runs on. On a terminal that is too narrow for that, as a phone's is, each row is a block of
 *  lines, its first column alone at the top. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[], columns = Number.POSITIVE_INFINITY): string[] {
  const lines = inColumns(heading, rows);
  const isTight = columns < NARROW_COLUMNS && lines.some((line) => line.length > columns);
  return isTight ? inBlocks(heading, rows) : lines;
}

function inBlocks(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const named = (row: readonly string[]) =>
    row.slice(1).flatMap((cell, i) => (cell === '' ? [] : [`  ${(heading[i + 1] ?? '').toLowerCase()} ${cell}`.trimEnd()]));
  return rows.flatMap((row, i) => [...(i === 0 ? [] : ['']), row[0] ?? '', ...named(row)]);
}

function inColumns(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
