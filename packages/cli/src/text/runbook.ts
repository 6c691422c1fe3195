import type { RunbookForJson, RunbookJson } from '@keyturn/contracts';
import type { Naming } from '../console/named-actors.ts';
import { conditionsOf } from './alert-rule.ts';
import { plain } from './plain.ts';
import { table } from './table.ts';
import { when } from './when.ts';

const SHOWN_OF_A_TEXT = 60;

/** A text as it was written, line by line. */
export const writtenLines = (text: string): string[] => text.split('\n').map(plain);

/** How the business wants this person verified, as it wrote it; nothing where it wrote nothing. */
export const runbookText = ({ rule, text }: RunbookForJson): string[] =>
  text === null
    ? []
    : [`How to verify${rule === null ? '' : ` (${plain(rule)})`}:`, ...writtenLines(text).map((line) => `  ${line}`.trimEnd()), ''];

/** All of it in a table, of each text how it begins; and who wrote it when. */
export function runbookLines({ version, general, rules, actor, setAt }: RunbookJson, { now, columns, named }: Naming): string[] {
  const by = actor === null || setAt === null ? [] : ['', `Version ${version}, by ${plain(named(actor))}, ${when(setAt, now())}.`];
  if (general === null && rules.length === 0) return ['Nothing is written, so keyturn’s own advice is shown: keyturn runbook set.', ...by];
  const rows = [
    ...rules.map(({ name, when: condition, text }) => [plain(name), conditionsOf(condition).join('; ') || 'any', beginningOf(text)]),
    ['(in general)', 'where no rule fits', general === null ? 'keyturn’s own advice' : beginningOf(general)],
  ];
  return [...table(['RULE', 'OF WHICH BLOCKS', 'TEXT'], rows, columns), ...by];
}

function beginningOf(text: string): string {
  const [first = '', ...more] = writtenLines(text);
  const isAll = more.length === 0 && first.length <= SHOWN_OF_A_TEXT;
  return isAll ? first : `${first.slice(0, SHOWN_OF_A_TEXT)}…`;
}
