import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';

/** A row of a table, and the line that it begins on. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] };

/** The rows of a CSV text as it comes in, cells quoted or not, lines ended by CR, LF or both; a row of empty cells is none. What stands between cells
 *  (comma, semicolon or tab) is what the first line has most of. Throws where a quoted cell never ends: the file was cut off. */
export async function* csvRows(chunks: AsyncIterable<string>): AsyncGenerator<CsvRow> {
  const text = chunks[Symbol.asyncIterator]();
  const head = await untilLineEnd(text);
  let line = 1; // csv-parse counts CR LF in a quoted cell twice
  const parser = parse({
    delimiter: separatorOf(head),
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    on_record(cells: string[]): string[] | null {
      const row = [`${line}`, ...cells];
      line += 1 + (cells.join('\0').match(/\r\n|\r|\n/g)?.length ?? 0);
      return cells.some((cell) => cell.trim() !== '') ? row : null;
    },
  });
  try {
    const rows = pipeline(rejoined(head, text), parser, ignore) as AsyncIterable<string[]>;
    for await (const [begun, ...cells] of rows) yield { line: Number(begun), cells };
  } catch (error) {
    if (!(error instanceof CsvError) || error.code !== 'CSV_QUOTE_NOT_CLOSED') throw error;
    throw new Error(`line ${line}: a quoted cell never ends: the file was cut off, or a quotation mark is missing`, { cause: error });
  }
}
const ignore = (): void => {}; // what goes wrong on the way, whoever reads the rows is thrown

async function untilLineEnd(text: AsyncIterator<string>): Promise<string> {
  let head = '';
  while (!/[\r\n]/.test(head)) {
    const { value, done } = await text.next();
    if (done) break;
    head += value;
  }
  return head;
}
async function* rejoined(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

const SEPARATORS = [',', ';', '\t'] as const;
function separatorOf(head: string): string {
  const first = (head.split(/[\r\n]/, 1)[0] as string).replace(/"[^"]*"/g, '');
  const count = (one: string) => first.split(one).length;
  return SEPARATORS.toSorted((a, b) => count(b) - count(a))[0] as string;
}
