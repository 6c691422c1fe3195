import { expect, it } from '@jest/globals';
import type { RunbookRule } from '@keyturn/contracts';
import { draftOf, emptyDraft, faultIn, ruleOf } from './runbook-draft.ts';

const rule: RunbookRule = { name: 'branch', text: 'Call.', when: { evidence: ['hash'], optedInTo: ['authentication'] } };

it('a rule that is opened and saved is the same', () => expect(ruleOf(draftOf(rule, 1))).toEqual(rule));
it('a condition with nothing ticked is none, and blanks around words are not kept', () =>
  expect(ruleOf({ ...emptyDraft(1), name: ' a ', text: '\nb\n' })).toEqual({ name: 'a', text: 'b', when: {} }));

it.each([
  ['nothing, where there are no rules', [], null],
  ['a rule without a name', [{ ...draftOf(rule, 1), name: ' ' }], 'nameFirst'],
  ['a rule without a text', [{ ...draftOf(rule, 1), text: '' }], 'nameFirst'],
  ['two of one name', [draftOf(rule, 1), { ...draftOf(rule, 2), name: 'branch ' }], 'nameTwice'],
  ['nothing, where all is said', [draftOf(rule, 1), { ...draftOf(rule, 2), name: 'other' }], null],
])('what keeps it from being saved: %s', (_what, drafts, fault) => expect(faultIn(drafts)).toBe(fault));
