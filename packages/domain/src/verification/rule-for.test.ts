import { describe, expect, it } from '@jest/globals';
import { ConsentView, type Evidence, type IdentityView, VerificationRule } from '@keyturn/contracts';
import { ruleFor } from './rule-for.ts';

const evidence = (kind: Evidence['kind'], phoneNumberId: string | null): Evidence => ({
  ...{ kind, keyHash: null, identifier: null, phoneNumberId, detail: null },
  ...{ firstAt: '2026-01-01T00:00:00.000Z', lastAt: '2026-01-01T00:00:00.000Z' },
});
const identity = (...seen: Evidence[]): IdentityView => ({
  ...{ status: 'blocked', keyHash: null, version: 2, blockedAt: '2026-01-01T00:00:00.000Z', evidence: seen },
  keyHashes: [{ phoneNumberId: 'P9', keyHash: 'h1' }],
});
const consent = (...optedIn: string[]): ConsentView =>
  ConsentView.parse(
    Object.fromEntries(
      ['marketing', 'utility', 'authentication', 'service'].map((category) => [
        category,
        { status: optedIn.includes(category) ? 'opted_in' : 'opted_out', source: 'api', occurredAt: null },
      ]),
    ),
  );
const rule = (name: string, when: object): VerificationRule => VerificationRule.parse({ name, endpoint: 'app', when });

describe('a rule fits', () => {
  it.each<[string, object, IdentityView, ConsentView, boolean]>([
    ['any block, without a condition', {}, identity(evidence('undecided', 'P1')), consent(), true],
    ['what it names', { evidence: ['hash'] }, identity(evidence('hash', 'P1'), evidence('hash', 'P2')), consent(), true],
    [
      'nothing that is more than it names',
      { evidence: ['hash'] },
      identity(evidence('hash', 'P1'), evidence('bsuid', null)),
      consent(),
      false,
    ],
    ['no kind that it does not know', { evidence: ['hash'] }, identity(evidence('new' as 'hash', 'P1')), consent(), false],
    ['its numbers', { phoneNumberIds: ['P1', 'P2'] }, identity(evidence('hash', 'P1'), evidence('hash', 'P2')), consent(), true],
    ['none but its numbers', { phoneNumberIds: ['P1'] }, identity(evidence('hash', 'P1'), evidence('hash', 'P2')), consent(), false],
    ['the numbers known, where none is named', { phoneNumberIds: ['P9'] }, identity(evidence('number_change', null)), consent(), true],
    ['not others', { phoneNumberIds: ['P1'] }, identity(evidence('number_change', null)), consent(), false],
    [
      'who is opted in to one of these',
      { optedInTo: ['marketing', 'utility'] },
      identity(evidence('hash', 'P1')),
      consent('utility'),
      true,
    ],
    ['nobody who is not', { optedInTo: ['marketing'] }, identity(evidence('hash', 'P1')), consent('utility'), false],
    ['only where all conditions hold', { evidence: ['hash'], optedInTo: ['service'] }, identity(evidence('hash', 'P1')), consent(), false],
  ])('%s', (_guarantee, when, block, opted, fits) => {
    expect(ruleFor([rule('one', when)], { identity: block, consent: opted })?.name).toBe(fits ? 'one' : undefined);
  });

  it('and is the first that does', () => {
    const rules = [rule('a', { evidence: ['bsuid'] }), rule('b', {}), rule('c', {})];
    expect(ruleFor(rules, { identity: identity(evidence('hash', 'P1')), consent: consent() })?.name).toBe('b');
    expect(ruleFor([], { identity: identity(evidence('hash', 'P1')), consent: consent() })).toBeUndefined();
  });
});
