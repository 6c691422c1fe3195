import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvRows } from './csv.ts';

async function* inChunks(text: string, size: number): AsyncGenerator<string> {
  for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size);
}
async function read(text: string, size = 7): Promise<(string | number)[][]> {
  const rows: (string | number)[][] = [];
  for await (const { line, cells } of csvRows(inChunks(text, size))) rows.push([line, ...cells]);
  return rows;
}

it.each<[what: string, text: string, ...rows: string[]]>([
  ['commas', 'a,b\n1,2\n', '1|a|b', '2|1|2'],
  ['semicolons, and a comma in a cell', 'a;b\n1,5;2', '1|a|b', '2|1,5|2'],
  ['tabs', 'a\tb\n1\t2', '1|a|b', '2|1|2'],
  ['CR LF, and rows of nothing', 'a,b\r\n\r\n1,2\r\n,\r\n', '1|a|b', '3|1|2'],
  ['CR alone', 'a,b\r1,2\r', '1|a|b', '2|1|2'],
  ['quotes, separators and lines in a cell', 'a,b\n"x ""y"", z","1\r\n2"\n3,4', '1|a|b', '2|x "y", z|1\r\n2', '4|3|4'],
  ['a separator in a quoted heading', '"a,b,c";d\n1;2', '1|a,b,c|d', '2|1|2'],
  ['a mark within a cell', 'a\n5" nail\n', '1|a', '2|5" nail'],
  ['no end of a line', 'a,b', '1|a|b'],
  ['nothing', ''],
])('reads %s, however it comes', async (_what, text, ...rows) => {
  for (const size of [1, 2, 7, 100]) expect((await read(text, size)).map((row) => row.join('|'))).toEqual(rows);
});

it('says on which line a quoted cell begins that never ends', async () => {
  await expect(read('a,b\n1,2\n3,"cut o')).rejects.toThrow('line 3: a quoted cell never ends');
});

it('gives back whatever cells were written', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1 }),
      fc.constantFrom(',', ';', '\t'),
      async (rows, separator) => {
        const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
        const text = [['heading', 'other'], ...rows].map((row) => row.map(quoted).join(separator)).join('\r\n');
        const kept = rows.filter((row) => row.some((cell) => cell.trim() !== ''));
        expect((await read(text, 3)).slice(1).map(([, ...cells]) => cells)).toEqual(kept);
      },
    ),
  ));
