import path from 'node:path';
import { type ConsentItem, ConsentsRecordedJson } from '@keyturn/contracts';
import type { Command } from 'commander';
import { type ConsentRow, consentRows, type RowDefaults } from '../../consents/consent-rows.ts';
import type { Console } from '../../console/connect.ts';
import { exitCodes } from '../../exit-codes.ts';
import { type Failure, failure } from '../../failure.ts';
import type { Io } from '../../io.ts';
import { contextOf } from '../context.ts';

const ROWS_AT_ONCE = 200;
const CHARACTERS_AT_ONCE = 500_000; // well below what a body may have, whatever the script
const FAULTS_SHOWN = 20;
const TIMEOUT_MS = 60_000;
const HELP = `
The first line names the columns: number or bsuid; kind (opt_in, opt_out); categories (with blanks or |); source; occurred_at, with its zone. A column that
is missing may be said once for all rows. Every other column is evidence, under its heading. Separators, quotes, ends of lines and a mark of the encoding are as
spreadsheets write them. All rows are looked through first: where one can't be read, nothing is sent. To run it again is safe: what was recorded is not
recorded twice.

Examples:
  keyturn consents import newsletter.csv --on 106540352242922 --kind opt_in --categories marketing --source web_form
  keyturn consents import suppressed.csv --on 106540352242922 --kind opt_out --categories marketing --source import --at 2026-03-01T00:00:00Z --check`;
type Options = {
  readonly on: string;
  readonly countryCode?: string;
  readonly source?: string;
  readonly kind?: string;
  readonly categories?: string;
  readonly at?: string;
  readonly check?: true;
};
type Counts = { rows: number; recorded: number; unchanged: number };

/** `keyturn consents import`: a list of opt-ins or opt-outs, of people who need not be known yet. */
export function addImport(consents: Command, io: Io): void {
  consents
    .command('import')
    .description('record a list of opt-ins or opt-outs from a CSV file (scope consent:write)')
    .argument('<file>', 'the file')
    .requiredOption('--on <phoneNumberId>', 'the number of ours that they agreed to hear from')
    .option('--country-code <codes>', 'how numbers begin that are written without +, e.g. 966; several with commas')
    .option('--kind <kind>', 'opt_in or opt_out, where no column says it')
    .option('--categories <categories>', 'for what, where no column says it')
    .option('--source <source>', 'from where, where no column says it')
    .option('--at <instant>', 'when they said so, where no column says it')
    .option('--check', 'look through it, and send nothing')
    .addHelpText('after', HELP)
    .action(async (name: string, options: Options, command: Command) => {
      const { call, print } = contextOf(command, io);
      const file = path.resolve(io.cwd, name);
      const defaults = defaultsOf(options);
      const total = await lookThrough(file, name, defaults);
      if (options.check) return print({ rows: total }, () => [`${total} rows can be recorded. Nothing was sent.`]);
      const counts = await send(call, io, consentRows(file, defaults), options.on, total);
      print(counts, () => [`${counts.rows} rows: ${counts.recorded} recorded, ${counts.unchanged} were there before.`]);
    });
}

const defaultsOf = ({ countryCode = '', source, kind, categories, at }: Options): RowDefaults => ({
  countryCodes: countryCode
    .split(/[\s,]+/)
    .map((code) => code.replace(/^(\+|00)/, ''))
    .filter((code) => code !== ''),
  ...(source === undefined ? {} : { source }),
  ...(kind === undefined ? {} : { kind }),
  ...(categories === undefined ? {} : { categories }),
  ...(at === undefined ? {} : { occurredAt: at }),
});

/** How many rows there are. Throws a failure that names those that can't be sent, by line. */
async function lookThrough(file: string, name: string, defaults: RowDefaults): Promise<number> {
  const faults: string[] = [];
  let [rows, bad] = [0, 0];
  try {
    for await (const row of consentRows(file, defaults)) {
      rows += 1;
      if ('item' in row) continue;
      bad += 1;
      if (faults.length < FAULTS_SHOWN) faults.push(`  line ${row.line}: ${row.fault}`);
    }
  } catch (error) {
    throw failure(exitCodes.usage, `${name} can't be read: ${(error as Error).message}. Nothing was sent.`);
  }
  if (bad === 0) return rows;
  const more = bad > faults.length ? [`  and ${bad - faults.length} more`] : [];
  throw failure(exitCodes.usage, [`${bad} of ${rows} rows can't be recorded, so nothing was sent:`, ...faults, ...more].join('\n'));
}

async function send(call: Console, io: Io, rows: AsyncIterable<ConsentRow>, phoneNumberId: string, total: number): Promise<Counts> {
  const counts: Counts = { rows: 0, recorded: 0, unchanged: 0 };
  const progress = io.progress('Recording', Math.max(total, 1));
  const flush = async (items: readonly ConsentItem[]) => {
    if (items.length === 0) return;
    const raw = await call('POST', '/v1/consents', { phoneNumberId, items }, { timeoutMs: TIMEOUT_MS }).catch((error: Failure) => {
      const { exit = exitCodes.unexpected, message, problem } = error;
      throw failure(exit, `${message} ${counts.rows} of ${total} rows are through; run it again, nothing is recorded twice.`, problem);
    });
    for (const { outcome } of ConsentsRecordedJson.parse(raw).items) counts[outcome] += 1;
    counts.rows += items.length;
    progress.update(counts.rows);
  };
  try {
    let [items, characters]: [ConsentItem[], number] = [[], 0];
    for await (const row of rows) {
      if (!('item' in row)) continue;
      const { length } = JSON.stringify(row.item);
      if (items.length === ROWS_AT_ONCE || (items.length > 0 && characters + length > CHARACTERS_AT_ONCE)) {
        await flush(items);
        [items, characters] = [[], 0];
      }
      items.push(row.item);
      characters += length;
    }
    await flush(items);
  } finally {
    progress.stop();
  }
  return counts;
}
