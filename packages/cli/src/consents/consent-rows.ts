import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { ConsentItem } from '@keyturn/contracts';
import { csvRows } from './csv.ts';

/** What holds for every row that does not say it itself, and by which codes numbers begin that are written without `+`. */
export type RowDefaults = {
  readonly countryCodes: readonly string[];
  readonly source?: string;
  readonly kind?: string;
  readonly categories?: string;
  readonly occurredAt?: string;
};
/** A row that can be sent, or what is wrong with it, and the line that it begins on. */
export type ConsentRow = { readonly line: number } & ({ readonly item: ConsentItem } | { readonly fault: string });

/** The rows of a file, each checked as the console would. Throws where it is not UTF-8 (or UTF-16 with its mark), has no heading for who it is, or was cut off. */
export async function* consentRows(file: string, defaults: RowDefaults): AsyncGenerator<ConsentRow> {
  let heading: readonly string[] | null = null;
  for await (const { line, cells } of csvRows(textOf(file))) {
    if (heading === null) heading = headingOf(cells);
    else yield { line, ...rowOf(heading, cells, defaults) };
  }
  if (heading === null) throw new Error('there is nothing in it');
}

/** Decoded as it comes; a mark of its encoding at the beginning is none of its text. */
async function* textOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(await encodingOf(file), { fatal: true });
  try {
    for await (const chunk of createReadStream(file)) yield decoder.decode(chunk as Buffer, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new Error('it is not UTF-8: save it as “CSV UTF-8”', { cause: error });
    throw error;
  }
}
async function encodingOf(file: string): Promise<'utf-8' | 'utf-16le'> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0xff && buffer[1] === 0xfe ? 'utf-16le' : 'utf-8';
  } finally {
    await handle.close();
  }
}

/** How a heading may be written, beside as the API writes it; whatever else there is, is evidence. */
const headings: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ waid: 'waId', wa_id: 'waId', number: 'waId', phone: 'waId', mobile: 'waId', bsuid: 'bsuid' },
    ...{ kind: 'kind', category: 'categories', categories: 'categories', source: 'source' },
    ...{ occurredat: 'occurredAt', occurred_at: 'occurredAt' },
  }),
);
function headingOf(cells: readonly string[]): readonly string[] {
  const names = cells.map((cell) => headings.get(cell.trim().toLowerCase()) ?? cell.trim());
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two columns are ${twice}: leave one`);
  if (names.includes('waId') || names.includes('bsuid')) return names;
  throw new Error('the first line names no column number or bsuid, so nobody knows whom it is about');
}

const kinds: Readonly<Record<string, string>> = { opt_in: 'explicit', 'opt-in': 'explicit', opt_out: 'stop', 'opt-out': 'stop' };
const own: readonly string[] = ['waId', 'bsuid', 'kind', 'categories', 'source', 'occurredAt'];
function rowOf(heading: readonly string[], cells: readonly string[], defaults: RowDefaults): { item: ConsentItem } | { fault: string } {
  if (cells.length !== heading.length)
    return { fault: `has ${cells.length} columns of ${heading.length}: it was cut off, or a cell is not quoted` };
  const said = new Map(
    heading.map((name, i) => [name, (cells[i] as string).trim()] as const).filter(([name, cell]) => name !== '' && cell !== ''),
  );
  const number = said.get('waId');
  const nameless = cells.find((cell, i) => heading[i] === '' && cell.trim() !== '');
  if (nameless !== undefined) return { fault: 'a cell stands in a column that the first line does not name' };
  const lacking = number === undefined ? null : withoutCode(number, defaults.countryCodes);
  if (lacking !== null) return { fault: `number: ${lacking}` };
  const kind = said.get('kind') ?? defaults.kind ?? '';
  const parsed = ConsentItem.safeParse({
    ...Object.fromEntries(['waId', 'bsuid'].flatMap((name) => (said.has(name) ? [[name, said.get(name)]] : []))),
    kind: kinds[kind.toLowerCase()] ?? kind,
    categories: (said.get('categories') ?? defaults.categories ?? '').split(/[\s,;|+]+/).filter((one) => one !== ''),
    source: said.get('source') ?? defaults.source,
    occurredAt: instantOf(said.get('occurredAt') ?? defaults.occurredAt),
    evidence: Object.fromEntries([...said].filter(([name]) => !own.includes(name))),
  });
  if (parsed.success) return { item: parsed.data };
  return { fault: parsed.error.issues.map(({ path, message }) => `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`).join('; ') };
}

/** Why a number may be another's; null: it says its country code. A spreadsheet drops the zero of a national number, and what is left begins with some code. */
function withoutCode(number: string, countryCodes: readonly string[]): string | null {
  if (/e\+?\d+$/i.test(number)) return 'a spreadsheet wrote it in powers of ten, and its last digits are lost: keep numbers as text';
  if (/^[^\d٠-٩۰-۹]*(\+|＋|00)/.test(number) || countryCodes.some((code) => number.startsWith(code))) return null;
  return 'it may lack its country code: write + before it, or say --country-code where all begin with theirs';
}

/** An instant with its zone as the API takes it; anything else as it is, for the API's rule to say so. */
const WITH_ZONE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})$/i;
function instantOf(text: string | undefined): string | undefined {
  const at = text !== undefined && WITH_ZONE.test(text) ? new Date(text.replace(' ', 'T').replace(/\s/g, '')) : null;
  return at === null || Number.isNaN(at.getTime()) ? text : at.toISOString();
}
