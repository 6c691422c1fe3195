/** A row of a table, and the line that it begins on. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] };

/** The rows of a CSV text as it comes in, cells quoted or not, lines ended by CR, LF or both; a row of empty cells is none. What stands between cells
 *  (comma, semicolon or tab) is what the first line has most of. Throws where a quoted cell never ends: the file was cut off. */
export async function* csvRows(chunks: AsyncIterable<string>): AsyncGenerator<CsvRow> {
  let head = '';
  let table: Table | null = null;
  for await (const chunk of chunks) {
    head += chunk;
    if (table === null && !/[\r\n]/.test(head)) continue;
    table ??= csvTable(separatorOf(head));
    yield* table.take(head);
    head = '';
  }
  table ??= csvTable(separatorOf(head));
  yield* [...table.take(head), ...table.end()];
}

const SEPARATORS = [',', ';', '\t'] as const;
function separatorOf(head: string): string {
  const first = (head.split(/[\r\n]/, 1)[0] as string).replace(/"[^"]*"/g, '');
  const count = (one: string) => first.split(one).length;
  return SEPARATORS.toSorted((a, b) => count(b) - count(a))[0] as string;
}

type Table = { take(text: string): CsvRow[]; end(): CsvRow[] };
/** Reads character by character, since a quoted cell may hold whatever else means something. */
function csvTable(separator: string): Table {
  let [line, startedOn, cell, isQuoted, wasQuote, wasReturn] = [1, 1, '', false, false, false];
  let cells: string[] = [];

  function endRow(): CsvRow | null {
    const row = { line: startedOn, cells: [...cells, cell] };
    [cells, cell, startedOn] = [[], '', line];
    return row.cells.some((one) => one.trim() !== '') ? row : null;
  }
  function takeQuoted(character: string): void {
    if (character === '"' && !wasQuote) wasQuote = true;
    else [cell, wasQuote] = [cell + character, false];
  }
  function takeOne(character: string): CsvRow | null {
    const isSecondHalf = character === '\n' && wasReturn; // of one end of a line
    const isEnd = !isSecondHalf && (character === '\n' || character === '\r');
    wasReturn = character === '\r';
    if (isEnd) line += 1;
    if (isQuoted && (!wasQuote || character === '"')) takeQuoted(character);
    else {
      [isQuoted, wasQuote] = [false, false];
      if (isEnd) return endRow();
      if (character === separator) [cells, cell] = [[...cells, cell], ''];
      else if (character === '"' && cell.trim() === '') [isQuoted, cell] = [true, ''];
      else if (!isSecondHalf) cell += character;
    }
    return null;
  }

  return {
    take(text) {
      const rows: CsvRow[] = [];
      for (const character of text) {
        const row = takeOne(character);
        if (row !== null) rows.push(row);
      }
      return rows;
    },
    end() {
      if (isQuoted && !wasQuote)
        throw new Error(`line ${startedOn}: a quoted cell never ends: the file was cut off, or a quotation mark is missing`);
      const row = endRow();
      return row === null ? [] : [row];
    },
  };
}
