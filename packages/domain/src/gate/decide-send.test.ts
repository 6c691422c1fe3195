import { describe, expect, it } from '@jest/globals';
import { ConsentCategory, type ConsentView, type GateCode, gateCodes } from '@keyturn/contracts';
import fc from 'fast-check';
import { decideSend } from './decide-send.ts';
import { explain } from './explain.ts';
import type { GateContact, GateState } from './gate-state.ts';
import { defaultPolicy, GateMode, GatePolicy, GateRuleName } from './policy.ts';
import { digitsOf, type Send } from './send.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const later = new Date(NOW + 60_000).toISOString();
const consentOf = (status: 'none' | 'opted_in' | 'opted_out'): ConsentView => {
  const one = { status, source: status === 'none' ? null : 'web_form', occurredAt: status === 'none' ? null : later } as const;
  return { marketing: one, utility: one, authentication: one, service: one };
};
const someone: GateContact = {
  contactId: 'A',
  followed: true,
  identity: { blocked: false, hashes: new Map([['P1', ['h1']]]), awaits: () => false },
  consent: consentOf('opted_in'),
  serviceWindows: [{ phoneNumberId: 'P1', endsAt: later }],
  businessBlocked: false,
};
const like = (more: Partial<GateContact>): GateContact => ({ ...someone, ...more });
const blocked: GateContact['identity'] = { ...someone.identity, blocked: true, hashes: new Map([['P1', ['h1', 'h2']]]) };
const noHash: GateContact['identity'] = { ...someone.identity, hashes: new Map() };
const awaited: GateContact['identity'] = { ...noHash, awaits: () => true };

const fine = { countryCode: null, disconnected: false, restricted: false, flagged: false, identityCheck: 'on' } as const;
const send = (more: Partial<Send> = {}): Send => ({
  ...{ phoneNumberId: 'P1', to: '491700000001', recipient: null, group: false, category: 'utility', identityKeyHash: null },
  ...more,
});
const known = (byTo: readonly GateContact[], more: Partial<GateState> = {}): GateState => ({
  ...{ ageMs: 100, byTo, byRecipient: [], byHome: [], number: null },
  ...more,
});
const decide = (asked: Send, state: GateState | null, policy: GatePolicy = defaultPolicy) =>
  decideSend(asked, state, { policy, ageMaxMs: 5_000, now: NOW });

describe('what keyturn does by itself', () => {
  it.each<[guarantee: string, asked: Partial<Send>, state: GateState | null, reasons: GateCode[]]>([
    ['a person who agreed and whose hash is known is written to', {}, known([someone]), []],
    ['nothing goes out on a state that can’t be read', {}, null, ['state_unreadable']],
    ['nor on one that may be out of date', {}, known([someone], { ageMs: 5_001 }), ['state_not_current']],
    ['nor while a consumer was never there', {}, known([someone], { ageMs: Number.POSITIVE_INFINITY }), ['state_not_current']],
    ['a free answer goes out a little late', { category: 'service' }, known([someone], { ageMs: 5_001 }), []],
    ['nor while a change of who it is has not been followed', {}, known([like({ followed: false })]), ['contact_changing']],
    ['nobody is known', {}, known([]), ['contact_unknown']],
    ['somebody else may hold the number', {}, known([like({ identity: blocked })]), ['identity_blocked']],
    ['blocked outranks an open window', { category: 'service' }, known([like({ identity: blocked })]), ['identity_blocked']],
    [
      'all reasons are named, not the first',
      { category: 'marketing' },
      known([like({ identity: blocked, consent: consentOf('opted_out'), businessBlocked: true })]),
      ['identity_blocked', 'blocked_by_choice', 'opted_out'],
    ],
    [
      'no code to a person whose hash was never seen',
      { category: 'authentication' },
      known([like({ identity: noHash })]),
      ['identity_unproven'],
    ],
    ['another number of ours proves nothing', { category: 'authentication', phoneNumberId: 'P2' }, known([someone]), ['identity_unproven']],
    ['a hash accepted unseen is awaited', {}, known([like({ identity: awaited })]), ['identity_hash_awaited']],
    ['and until then only what is harmless goes out', { category: 'service' }, known([like({ identity: awaited })]), []],
    ['a sender’s own hash has to be the known one', { identityKeyHash: 'h0' }, known([someone]), ['identity_hash_differs']],
    ['blocked by choice', {}, known([like({ businessBlocked: true })]), ['blocked_by_choice']],
    ['opted out', {}, known([like({ consent: consentOf('opted_out') })]), ['opted_out']],
    ['never opted in', {}, known([like({ consent: consentOf('none') })]), ['no_opt_in']],
    ['free-form after the window', { category: 'service' }, known([like({ serviceWindows: [] })]), ['window_closed']],
    ['the window of another number of ours is none', { category: 'service', phoneNumberId: 'P2' }, known([someone]), ['window_closed']],
    [
      'a code does not go to a BSUID',
      { category: 'authentication', to: null, recipient: 'DE.1' },
      known([], { byRecipient: [someone] }),
      ['bsuid_forbidden'],
    ],
    ['number and BSUID of one person', { recipient: 'DE.1' }, known([someone], { byRecipient: [someone] }), []],
    [
      'number and BSUID of two persons',
      { recipient: 'DE.1' },
      known([someone], { byRecipient: [like({ contactId: 'B' })] }),
      ['two_contacts'],
    ],
    ['a group', { group: true, to: 'group' }, known([]), ['group_recipient']],
    [
      'of two who may be meant the strictest counts',
      {},
      known([someone, like({ contactId: 'B', identity: blocked })]),
      ['identity_blocked'],
    ],
    [
      'no code from a number that would not see a stranger',
      { category: 'authentication' },
      known([someone], { number: { ...fine, identityCheck: 'off' } }),
      ['identity_unchecked'],
    ],
    [
      'no marketing from a number that people don’t like',
      { category: 'marketing' },
      known([someone], { number: { ...fine, flagged: true } }),
      ['number_restricted'],
    ],
    ['which may still say what people wait for', {}, known([someone], { number: { ...fine, flagged: true } }), []],
    ['a template that nobody knows must be allowed as any', { category: null }, known([like({ identity: noHash })]), ['identity_unproven']],
  ])('%s', (_guarantee, asked, state, reasons) => {
    const answer = decide(send(asked), state);
    expect([answer.decision, answer.reasons]).toEqual([reasons.length === 0 ? 'allow' : 'deny', reasons]);
  });

  it('names the one hash of this person for this number of ours, and none where two were accepted', () => {
    const hashes = (...of: string[]) => like({ identity: { ...someone.identity, hashes: new Map([['P1', of]]) } });
    expect(decide(send(), known([someone])).identityKeyHash).toBe('h1');
    expect(decide(send(), known([hashes('h1', 'h2')])).identityKeyHash).toBeNull();
    expect(decide(send({ phoneNumberId: 'P2' }), known([someone])).identityKeyHash).toBeNull();
    expect(decide(send(), known([someone, like({ contactId: 'B' })])).identityKeyHash).toBeNull();
  });

  it('says which rules nothing tells about, and does not guess', () =>
    expect(decide(send(), known([someone])).unanswered).toEqual(['identity_unchecked', 'number_restricted']));
});

describe('a policy', () => {
  const policy = (given: unknown) => GatePolicy.parse(given);
  it.each<[guarantee: string, given: unknown, reasons: GateCode[], shadowed: GateCode[]]>([
    ['shadow reports and denies nothing', { rules: { no_opt_in: 'shadow' } }, [], ['no_opt_in']],
    ['off says nothing', { rules: { no_opt_in: 'off' } }, [], []],
    [
      'a category outranks everywhere',
      { rules: { no_opt_in: 'off' }, categories: { utility: { no_opt_in: 'enforce' } } },
      ['no_opt_in'],
      [],
    ],
    [
      'a number outranks a category',
      { categories: { utility: { no_opt_in: 'off' } }, phoneNumbers: { P1: { rules: { no_opt_in: 'enforce' } } } },
      ['no_opt_in'],
      [],
    ],
    [
      'number and category outrank all',
      { phoneNumbers: { P1: { rules: { no_opt_in: 'enforce' }, categories: { utility: { no_opt_in: 'off' } } } } },
      [],
      [],
    ],
    ['of another number says nothing', { phoneNumbers: { P2: { rules: { no_opt_in: 'off' } } } }, ['no_opt_in'], []],
  ])('%s', (_guarantee, given, reasons, shadowed) => {
    const answer = decide(send(), known([like({ consent: consentOf('none') })]), policy(given));
    expect([answer.reasons, answer.shadowed]).toEqual([reasons, shadowed]);
  });

  it.each([{ rules: { state_unreadable: 'off' } }, { rules: { identity_blokked: 'off' } }, { rules: { opted_out: 'of' } }, { rule: {} }])(
    'refuses what is no rule, no mode or not to be switched off: %j',
    (given) => expect(GatePolicy.safeParse(given).success).toBe(false),
  );
});

describe('a cap', () => {
  const capped = (more: object = {}) =>
    GatePolicy.parse({
      frequency: { utility: { max: 2, withinHours: 1 } },
      phoneNumbers: { P1: more },
      categories: { marketing: { no_opt_in: 'off' } },
    });
  const sent = (...minutesAgo: number[]) => like({ sent: { utility: minutesAgo.map((minutes) => NOW - minutes * 60_000) } });
  it.each<[guarantee: string, asked: Partial<Send>, contact: GateContact, policy: GatePolicy, reasons: GateCode[]]>([
    ['that is not reached', {}, sent(59), capped(), []],
    ['that is reached', {}, sent(59, 1), capped(), ['frequency_cap']],
    ['lets go of what is an hour old', {}, sent(60, 1), capped(), []],
    ['of a number outranks that of all', {}, sent(59, 1), capped({ frequency: { utility: { max: 3, withinHours: 1 } } }), []],
    ['of another category is none', { category: 'authentication' }, sent(59, 1), capped(), []],
    ['of a category that it may be', { category: null }, sent(59, 1), capped(), ['frequency_cap']],
    ['is not against what is counted already', { counted: true }, sent(59, 1), capped(), []],
    ['that is off', {}, sent(59, 1), capped({ rules: { frequency_cap: 'off' } }), []],
    ['where nothing was sent', {}, someone, capped(), []],
  ])('%s', (_guarantee, asked, contact, policy, reasons) => expect(decide(send(asked), known([contact]), policy).reasons).toEqual(reasons));

  it('says what a send counts as: each category that it may have, for whoever may be meant', () => {
    const count = { category: 'utility', max: 2, withinHours: 1 };
    const both = known([someone, like({ contactId: 'B' })]);
    expect(decide(send({ category: null }), both, capped()).counts).toEqual(['A', 'B'].map((contactId) => ({ contactId, ...count })));
    expect(decide(send(), known([someone]), capped({ rules: { frequency_cap: 'shadow' } })).counts).toEqual([
      { contactId: 'A', ...count, max: null },
    ]);
    expect(decide(send(), known([someone]), capped({ rules: { frequency_cap: 'off' } })).counts).toEqual([]);
    expect(decide(send(), known([someone])).counts).toEqual([]);
  });

  it.each([{ max: 0, withinHours: 1 }, { max: 101, withinHours: 1 }, { max: 1, withinHours: 0 }, { max: 1, withinHours: 745 }, { max: 1 }])(
    'is refused where it can be none: %j',
    (utility) => expect(GatePolicy.safeParse({ frequency: { utility } }).success).toBe(false),
  );
});

describe('whatever the policy of the other rules, category, number and spelling', () => {
  const policies = fc.dictionary(fc.constantFrom(...GateRuleName.options), fc.constantFrom(...GateMode.options));
  const spellings = fc.constantFrom(
    '491700000001',
    '+49 170 0000-001',
    '0049 (170) 0000001',
    '٤٩١٧٠٠٠٠٠٠٠١',
    '\u202a+49 170 0000001\u202c',
  );
  const asked = fc.record({
    category: fc.constantFrom(...ConsentCategory.options, null),
    to: spellings,
    phoneNumberId: fc.constantFrom('P1', 'P2'),
  });

  it.each<[GateCode, Partial<GateContact>]>([
    ['identity_blocked', { identity: blocked }],
    ['blocked_by_choice', { businessBlocked: true }],
    ['contact_changing', { followed: false }],
  ])('%s is never allowed', (code, more) =>
    fc.assert(
      fc.property(policies, asked, (rules, one) => {
        const policy = GatePolicy.parse({ rules: Object.fromEntries(Object.entries(rules).filter(([rule]) => rule !== code)) });
        expect(decide(send(one), known([like(more)]), policy).reasons).toContain(code);
      }),
    ),
  );

  it('every spelling has the same digits', () =>
    fc.assert(fc.property(spellings, (spelled) => expect(digitsOf(spelled)).toBe('491700000001'))));
  it.each(['', '+', 'DE.123', '12', '1'.repeat(21), '49170x', '4917\u0000'])('%j is no number', (spelled) =>
    expect(digitsOf(spelled)).toBeNull(),
  );
});

it('every code has a sentence and a way out, in both languages', () => {
  for (const code of gateCodes) {
    const { message, wayOut } = explain(code);
    for (const { en, ar } of [message, wayOut]) {
      expect(en).toMatch(/^[A-Z`].*\.$/);
      expect(ar).toMatch(/\p{Script=Arabic}.*\.$/u);
    }
  }
});
