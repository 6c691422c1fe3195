import type { AlertRuleJson } from '@keyturn/contracts';
import type { Naming } from '../console/named-actors.ts';
import { plain } from './plain.ts';
import { table } from './table.ts';
import { when } from './when.ts';

/** What is looked for and whom it is told, in a table. */
export function rulesText(rules: readonly AlertRuleJson[], { now: clock, columns, named }: Naming): string[] {
  const now = clock();
  if (rules.length === 0) return ['Nothing is looked for yet: keyturn alert-rules set, or keyturn alerts preset daily-digest.'];
  const rows = rules.map(({ rule, setBy, setAt }) => [
    ...[rule.name, rule.kind, rule.isOn ? 'on' : 'off', rule.routes.join(', ')],
    ...[`${when(setAt, now)} ${plain(named(setBy))}`, termsText(rule)],
  ]);
  return table(['RULE', 'KIND', 'STATE', 'TELLS', 'SET', 'WHEN'], rows, columns);
}

function termsText(rule: AlertRuleJson['rule']): string {
  if (rule.kind === 'digest') return `at ${rule.at} ${rule.timeZone}`;
  const steps = rule.escalate.map(({ afterMinutes, routes }) => `after ${afterMinutes} min also ${routes.join(', ')}`);
  return [rule.severity, ...conditionsOf(rule.when), `lasts ${rule.waitSeconds} s`, ...steps].join('; ');
}

/** Each condition of a rule, as the API calls it. */
export const conditionsOf = (when: object): string[] =>
  Object.entries(when).map(([name, value]) => `${name} ${Array.isArray(value) ? value.join('|') : value}`);
