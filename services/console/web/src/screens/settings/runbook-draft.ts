import type { RunbookRule } from '@keyturn/contracts';

/** A rule while it is being written. `id`: which one it is on the page, whatever it is called. */
export type Draft = {
  readonly id: number;
  readonly name: string;
  readonly text: string;
  readonly evidence: readonly string[];
  readonly phoneNumberIds: readonly string[];
  readonly optedInTo: readonly string[];
};

/** A rule of which nothing is written yet. */
export const emptyDraft = (id: number): Draft => ({ id, name: '', text: '', evidence: [], phoneNumberIds: [], optedInTo: [] });

/** A rule as one goes on writing it. */
export const draftOf = ({ name, text, when }: RunbookRule, id: number): Draft => ({
  ...{ id, name, text },
  ...{ evidence: when.evidence ?? [], phoneNumberIds: when.phoneNumberIds ?? [], optedInTo: when.optedInTo ?? [] },
});

/** A rule as it was written; a condition with nothing in it is none. */
export function ruleOf({ name, text, evidence, phoneNumberIds, optedInTo }: Draft): RunbookRule {
  const conditions = Object.entries({ evidence, phoneNumberIds, optedInTo }).filter(([, ticked]) => ticked.length > 0);
  return { name: name.trim(), text: text.trim(), when: Object.fromEntries(conditions) };
}

/** What keeps rules from being saved; null: nothing. */
export function faultIn(drafts: readonly Draft[]): 'nameFirst' | 'nameTwice' | null {
  const rules = drafts.map(ruleOf);
  if (rules.some(({ name, text }) => name === '' || text === '')) return 'nameFirst';
  return new Set(rules.map(({ name }) => name)).size < rules.length ? 'nameTwice' : null;
}
