import type { RunbookForJson, RunbookJson } from '@keyturn/contracts';
import { ruleFor, type Verifiable } from './rule-for.ts';

/** What a runbook says of a block: by the first rule that fits, else in general; of whoever is not blocked nothing. */
export function runbookFor(
  { general, rules }: Pick<RunbookJson, 'general' | 'rules'>,
  block: Verifiable,
): Omit<RunbookForJson, 'contactId'> {
  if (block.identity.status !== 'blocked') return { rule: null, text: null };
  const rule = ruleFor(rules, block);
  return rule === undefined ? { rule: null, text: general } : { rule: rule.name, text: rule.text };
}
