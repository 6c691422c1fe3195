import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { holds, median, type Result } from './numbers.ts';

/** All of one run, as it is written to JSON. */
export type Report = {
  readonly command: string;
  readonly machine: string;
  readonly commit: string;
  readonly measuredAt: string;
  readonly parts: Readonly<Record<string, readonly (Result & { readonly median: number })[]>>;
};

/** What it ran on, in one line. */
export function machine(): string {
  const [first] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${gigabytes} GiB, ${type()} ${release()}, Node ${process.versions.node}`;
}

/** The report of what was found. */
export function reportOf({ command, machine, found }: { command: string; machine: string; found: Record<string, Result[]> }): Report {
  const parts = Object.entries(found).map(([name, results]) => [name, results.map((one) => ({ ...one, median: median(one.rounds) }))]);
  return { command, machine, commit: commit(), measuredAt: new Date().toISOString().slice(0, 10), parts: Object.fromEntries(parts) };
}
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

const digits = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(value >= 10 ? 3 : 2));
const spread = ({ rounds }: Result): string => (rounds.length < 2 ? '' : `${digits(Math.min(...rounds))} – ${digits(Math.max(...rounds))}`);
const bound = ({ promised }: Result, which: 'floor' | 'goal'): string =>
  promised?.[which] === undefined ? '' : `${promised.most ? '≤' : '≥'} ${promised[which]}`;
const verdict = (result: Result): string => {
  if (result.promised === undefined) return '';
  if (!holds(result)) return 'below the floor';
  return result.promised.goal === undefined || holds(result, 'goal') ? 'holds' : 'floor holds, goal not';
};

/** One result for a terminal. */
export const lineOf = (result: Result): string =>
  [result.name.padEnd(52), `${digits(median(result.rounds))} ${result.unit}`.padEnd(20), spread(result).padEnd(18), verdict(result)]
    .join(' ')
    .trimEnd();

const BEGIN = '<!-- measured: npm run bench -- --table -->';
const END = '<!-- end of what was measured -->';

/** Puts the tables of this run between the two marks of a page. A part that was not measured keeps its table. */
export function writeTable(file: string, report: Report): void {
  const page = readFileSync(file, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const [old, after] = (rest ?? '').split(END);
  if (before === undefined || old === undefined || after === undefined) throw new Error(`${file} has not both marks: ${BEGIN} and ${END}`);
  const known = new Map(
    old
      .split(/^(?=### )/m)
      .filter((text) => text.startsWith('### '))
      .map((text) => [titleOf(text), text.trim()]),
  );
  for (const [name, results] of Object.entries(report.parts)) known.set(name, tableOf(name, results, report));
  writeFileSync(file, `${before}${BEGIN}\n\n${[...known.values()].join('\n\n')}\n\n${END}${after}`);
}
const titleOf = (text: string): string => /^### (\S+)/.exec(text)?.[1] ?? '';

const tableOf = (name: string, results: readonly Result[], { command, machine, commit, measuredAt }: Report): string =>
  [
    `### ${name}`,
    '',
    '| | median | spread | floor | goal | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...results.map(
      (one) =>
        `| ${one.name} | ${digits(median(one.rounds))} ${one.unit} | ${spread(one)} | ${bound(one, 'floor')} | ${bound(one, 'goal')} | ${verdict(one)} |`,
    ),
    '',
    `\`${command}\` at ${commit}, ${measuredAt}, on ${machine}.`,
  ].join('\n');
