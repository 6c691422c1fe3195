import { describe, expect, it } from '@jest/globals';
import { ConsentCategory, type ConsentView, type GateCode, gateCodes } from '@keyturn/contracts';
import { casesOf, type GateCase, gateTable, oneThingAmiss, outcomeOf, type Words, wordsOf } from '@keyturn/testkit/gate-table';
import { decideSend } from './decide-send.ts';
import type { GateContact, GateState, OwnNumber } from './gate-state.ts';
import { defaultPolicy, GateMode, GatePolicy, GateRuleName } from './policy.ts';
import type { Send } from './send.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const AGE_MAX_MS = 5_000;
const [OURS, OTHER] = ['P1', 'P2'];
const at = (ms: number) => new Date(NOW + ms).toISOString();

const hashes = (on: Record<string, string[]>, more: Partial<GateContact['identity']> = {}): GateContact['identity'] => ({
  ...{ blocked: false, hashes: new Map(Object.entries(on)), awaits: () => false },
  ...more,
});
const identities: Record<GateCase['identity'], GateContact['identity']> = {
  'one hash': hashes({ [OURS]: ['h1'] }),
  'two open hashes': hashes({ [OURS]: ['h1', 'h2'] }, { blocked: true }),
  'no hash': hashes({}),
  'a hash on another number of ours': hashes({ [OTHER]: ['h1'] }),
  'accepted unseen': hashes({ [OURS]: [] }, { awaits: (on) => on === OURS }),
  'two accepted hashes': hashes({ [OURS]: ['h1', 'h2'] }),
};
const view = (...[marketing, utility, authentication, service]: ConsentView['service']['status'][]): ConsentView => {
  const one = (status: ConsentView['service']['status'] = 'none') => ({ status, source: null, occurredAt: null });
  return { marketing: one(marketing), utility: one(utility), authentication: one(authentication), service: one(service) };
};
const consents: Record<GateCase['consent'], ConsentView> = {
  'opted in to all': view('opted_in', 'opted_in', 'opted_in', 'opted_in'),
  'began a thread': view('none', 'opted_in', 'opted_in', 'opted_in'),
  'never agreed': view('none', 'none', 'none', 'none'),
  'stopped marketing': view('opted_out', 'opted_in', 'opted_in', 'opted_in'),
  'stopped all': view('opted_out', 'opted_out', 'opted_out', 'opted_out'),
};
const windows: Record<GateCase['window'], GateContact['serviceWindows']> = {
  open: [{ phoneNumberId: OURS, endsAt: at(60_000) }],
  over: [{ phoneNumberId: OURS, endsAt: at(-60_000) }],
  'ends this instant': [{ phoneNumberId: OURS, endsAt: at(0) }],
  'of another number of ours': [{ phoneNumberId: OTHER, endsAt: at(60_000) }],
};
const personOf = (one: GateCase, contactId = 'A'): GateContact => ({
  contactId,
  followed: one.followed === 'by all',
  identity: identities[one.identity],
  consent: consents[one.consent],
  serviceWindows: windows[one.window],
  businessBlocked: one.choice === 'blocked by choice',
});
const other = personOf(casesOf()[0] as GateCase, 'B');

const [number, id, abroad] = ['491700000001', 'DE.1', '33612345678'];
const namings: Record<
  GateCase['named'],
  [to: string | null, recipient: string | null, byTo: string, byRecipient: string, byHome?: string]
> = {
  'by number': [number, null, 'A', ''],
  'by id': [null, id, '', 'A'],
  'by both': [number, id, 'A', 'A'],
  'by a number that another may hold too': [number, null, 'AB', ''],
  'by the number, and another’s id': [number, id, 'A', 'B'],
  'by another’s number, and the id': [number, id, 'B', 'A'],
  'by the number, and nobody’s id': [number, id, 'A', ''],
  'by nobody’s number, and the id': [number, id, '', 'A'],
  'by nobody’s number': [number, null, '', ''],
  'by nobody’s id': [null, id, '', ''],
  'as a group': ['a group', null, '', ''],
  'by their number, which is theirs with our country code too': [number, null, 'A', '', 'A'],
  'by their number, which is another’s with our country code': [number, null, 'A', '', 'B'],
  'by another’s number, which is theirs with our country code': [number, null, 'B', '', 'A'],
  'by nobody’s number, which is theirs with our country code': [number, null, '', '', 'A'],
  'by their number, which may be a stranger’s with our country code': [abroad, null, 'A', ''],
};
const ages: Record<GateCase['state'], number | null> = {
  current: 0,
  'as old as it may be': AGE_MAX_MS,
  'a millisecond older': AGE_MAX_MS + 1,
  'of a consumer that never came': Number.POSITIVE_INFINITY,
  'not to be read': null,
};
const fine: OwnNumber = { countryCode: '49', disconnected: false, restricted: false, flagged: false, identityCheck: 'on' };
const numbers: Record<GateCase['ours'], OwnNumber | null> = {
  fine,
  'not heard of': null,
  disconnected: { ...fine, disconnected: true },
  restricted: { ...fine, restricted: true },
  flagged: { ...fine, flagged: true },
  'identity check off': { ...fine, identityCheck: 'off' },
  'identity check partly on': { ...fine, identityCheck: 'partly' },
  'identity check not heard of': { ...fine, identityCheck: 'unknown' },
};
const named = { 'not named': null, 'the known one': 'h1', 'another one': 'h9' } as const;

function answer(one: GateCase, category: ConsentCategory | null, policy: GatePolicy) {
  const [to, recipient, byTo, byRecipient, byHome = ''] = namings[one.named];
  const group = one.named === 'as a group';
  const send: Send = { phoneNumberId: OURS, to, recipient, group, category, identityKeyHash: named[one.hash] };
  const found = (letters: string) => [...letters].map((letter) => (letter === 'A' ? personOf(one) : other));
  const ageMs = ages[one.state];
  const state: GateState | null =
    ageMs === null ? null : { ageMs, byTo: found(byTo), byRecipient: found(byRecipient), byHome: found(byHome), number: numbers[one.ours] };
  const { decision, reasons, shadowed } = decideSend(send, state, { policy, ageMaxMs: AGE_MAX_MS, now: NOW });
  return { decision, reasons, shadowed };
}

const everyCategory = [...ConsentCategory.options, null];
/** The rows of which the gate says otherwise than the table, the first few of them. */
function wrong(cases: readonly GateCase[], expected: (words: Words) => Words = (words) => words, policy = defaultPolicy) {
  const rows = cases.flatMap((one) => everyCategory.map((category) => ({ one, category })));
  const differing = rows.filter(({ one, category }) => {
    const must = outcomeOf(expected(wordsOf(one)), category);
    return JSON.stringify(must) !== JSON.stringify(answer(one, category, policy));
  });
  return differing.slice(0, 3).map(({ one, category }) => ({
    ...{ one, category, must: outcomeOf(expected(wordsOf(one)), category), is: answer(one, category, policy) },
  }));
}

describe('the table of rules, persons and sends', () => {
  const persons = casesOf('identity', 'consent', 'window', 'choice', 'followed', 'named');
  it(`holds for everybody, however named (${persons.length * everyCategory.length} rows)`, () => expect(wrong(persons)).toEqual([]));

  const sends = [...oneThingAmiss('named', 'state', 'hash'), ...oneThingAmiss('named', 'ours')];
  it(`holds for every send, however current the state (${sends.length * everyCategory.length} rows)`, () =>
    expect(wrong(sends)).toEqual([]));

  /** Nothing tells about these by a circumstance: what they count has tests of its own. */
  const elsewhere: readonly GateCode[] = ['number_unreachable', 'frequency_cap'];
  it('has a row for every rule', () => {
    const rows = Object.values(gateTable).flatMap((circumstances) => Object.values(circumstances).flatMap((words) => Object.keys(words)));
    expect(gateCodes.filter((code) => !rows.includes(code))).toEqual(elsewhere);
  });
});

describe('a policy moves the rule it names and no other', () => {
  const LETTER = { enforce: 'D', shadow: 's', off: 'o' } as const;
  const levels: readonly [level: string, policyOf: (modes: object) => object, moves: (category: string) => boolean][] = [
    ['everywhere', (rules) => ({ rules }), () => true],
    ['in a category', (utility) => ({ categories: { utility } }), (category) => category === 'utility'],
    ['on a number of ours', (rules) => ({ phoneNumbers: { [OURS]: { rules } } }), () => true],
    ['on another number of ours', (rules) => ({ phoneNumbers: { [OTHER]: { rules } } }), () => false],
    [
      'on a number of ours in a category',
      (utility) => ({ phoneNumbers: { [OURS]: { categories: { utility } } } }),
      (category) => category === 'utility',
    ],
  ];
  const cases = [...oneThingAmiss(), ...(['named', 'state', 'ours', 'hash'] as const).flatMap((kind) => casesOf(kind))];
  const rules = GateRuleName.options.flatMap((code) => GateMode.options.map((mode) => [code, mode] as const));
  it.each(levels)('%s', (_level, policyOf, moves) => {
    for (const [code, mode] of rules) {
      const moved = (words: Words): Words => {
        const letters = words[code];
        if (letters === undefined) return words;
        const becomes = ConsentCategory.options.map((category, i) => (letters[i] !== '.' && moves(category) ? LETTER[mode] : letters[i]));
        return { ...words, [code]: becomes.join('') };
      };
      expect({ code, mode, wrong: wrong(cases, moved, GatePolicy.parse(policyOf({ [code]: mode }))) }).toEqual({ code, mode, wrong: [] });
    }
  });
});
