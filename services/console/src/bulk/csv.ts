import { BulkRowJson } from '@keyturn/contracts';

const COLUMNS = Object.keys(BulkRowJson.shape) as (keyof BulkRowJson)[];

/** Rows of a bulk decision as RFC 4180 has CSV, one line each under a heading. What a spreadsheet could take for a formula is kept from it by an apostrophe. */
export const csvOf = (rows: readonly BulkRowJson[]): string =>
  [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => cell(row[column])).join(','))].map((line) => `${line}\r\n`).join('');

function cell(value: BulkRowJson[keyof BulkRowJson]): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
