import { expect, it } from '@jest/globals';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import { someFact } from '@keyturn/testkit/identity-arbitraries';
import { after, decision, holds, row } from '@keyturn/testkit/identity-stories';
import fc from 'fast-check';
import type { Identifier } from '../directory/identifier.ts';
import type { Holding, Stored, Whereabouts, Who } from '../slice.ts';
import { deal, type Rows } from './deal.ts';
import { observe } from './decide-identity.ts';
import { type IdentityFact, type IdentityState, nothingSeen } from './identity-state.ts';
import { identityView } from './identity-view.ts';
import { regroupIdentity } from './regroup-identity.ts';
import { release } from './release.ts';
import { decideDifferent, splitOf } from './split-identity.ts';
import { standing } from './standing.ts';

const hash = (text: string, at: number, as: Identifier = 'w:1'): IdentityFact => ({ as, on: 'P1', at, hash: text });
const ever = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const known: Identifier[] = ['w:1', 'u:n:1'];
type Split = { at: number; identifiers: readonly Identifier[] };
/** What the directory says after a split; what it said of the old contact it now says of both, or of one. */
const whereAfter = ({ at, identifiers }: Split, signals: Who['signals'] = [], sides: readonly string[] = ['old', 'new']): Whereabouts => {
  const periods = known.map((identifier) => {
    const divided = [
      { from: ever.from, to: at, contactId: 'old' },
      { from: at, to: ever.to, contactId: 'new' },
    ];
    return [identifier, identifiers.includes(identifier) ? divided : [{ ...ever, contactId: 'old' }]] as const;
  });
  const holdings = (contactId: string): Holding[] =>
    periods.flatMap(([identifier, held]) =>
      held.filter((one) => one.contactId === contactId).map(({ from, to }) => ({ identifier, from, to })),
    );
  const who = (contactId: string): Who => ({
    ...{ contactId, scope: 'default', mergedInto: null, holdings: holdings(contactId) },
    signals: sides.includes(contactId) ? signals : [],
  });
  return { who: new Map(['old', 'new'].map((contactId) => [contactId, who(contactId)])), periods: new Map(periods) };
};
const withSignals = (state: IdentityState, signals: Who['signals']): IdentityState => {
  const where = {
    who: new Map([['old', { contactId: 'old', scope: 'default', mergedInto: null, holdings: [], signals }]]),
    periods: new Map(),
  };
  return deal(new Map([['old', row(state)]]), where).get('old') ?? state;
};
const split = (state: IdentityState, where: Whereabouts) => {
  const { keyHash, version } = identityView(state, 3);
  const rows: Rows = new Map([
    ['old', row(state, 3)],
    ['new', row(nothingSeen, 0, [])],
  ]);
  const answers = decideDifferent(rows, where, 'old', 'new', decision({ verdict: 'different_person', keyHash, version }));
  const saved = new Map(
    [...rows].map(([id, stored]): [string, Stored<IdentityState>] => [
      id,
      { ...stored, holdings: where.who.get(id)?.holdings ?? [], state: after(stored.state, answers.get(id)) },
    ]),
  );
  return { answers, saved, old: saved.get('old')?.state ?? nothingSeen, new: saved.get('new')?.state ?? nothingSeen };
};
const status = (state: IdentityState) => identityView(state, 1).status;
const holderOf = (where: Whereabouts, { as, at }: IdentityFact) =>
  (as && where.periods.get(as)?.find(({ from, to }) => from <= at && at < to)?.contactId) === 'new' ? 'new' : 'old';

const someSignals = fc.subarray([
  { signal: 'number_change:w:0>w:1@4', at: 4 },
  { signal: 'bsuid:u:n:1', at: 6 },
]);
/** Facts and decisions in any order that end in a block: all that was said, and the state. */
const someBlocked = fc
  .tuple(
    fc.array(fc.oneof({ weight: 6, arbitrary: someFact }, { weight: 1, arbitrary: fc.constant('decide' as const) }), { maxLength: 12 }),
    someSignals,
  )
  .map(([script, signals]) => {
    const facts = script.filter((step) => step !== 'decide');
    let state = nothingSeen;
    for (const [n, step] of script.entries()) {
      if (step !== 'decide') state = observe(state, [step]);
      else if (status(state) === 'blocked') state = release(state, { decisionId: `d${n}`, home: 'old', of: known, decidedAt: 99 });
    }
    return { facts, signals, state: withSignals(state, signals) };
  })
  .filter(({ state }) => status(state) === 'blocked');
const sides = fc.subarray(['old', 'new']);
const assertAll = <Inputs extends [unknown, ...unknown[]]>(property: fc.IProperty<Inputs>) => fc.assert(property, propertyRuns(300));
const splitFrom = (state: IdentityState) => splitOf(row(state)) as Split;

it('what the operator saw blocks neither side any more, nor when all of it comes again', () =>
  assertAll(
    fc.property(someBlocked, sides, ({ facts, signals, state }, where) => {
      const directory = whereAfter(splitFrom(state), signals, where);
      const sidesNow = split(state, directory);
      expect([status(sidesNow.old), status(sidesNow.new)]).not.toContain('blocked');
      for (const side of ['old', 'new'] as const) {
        const mine = facts.filter((fact) => holderOf(directory, fact) === side);
        expect(identityView(observe(sidesNow[side], mine), 1)).toEqual(identityView(sidesNow[side], 1));
      }
      expect([...regroupIdentity(sidesNow.saved, directory)]).toEqual([]);
    }),
  ));

it('what the new person said is their baseline, and nothing of it is left with the old one', () =>
  assertAll(
    fc.property(someBlocked, ({ signals, state }) => {
      const divided = splitFrom(state);
      const sidesNow = split(state, whereAfter(divided, signals));
      const theirs = standing(state).open.filter(({ as, signal }) => as && divided.identifiers.includes(as) && signal === undefined);
      for (const { phoneNumberId, keyHash } of identityView(sidesNow.new, 1).keyHashes) {
        const newest = theirs.filter(({ on, last }) => on === phoneNumberId && last >= divided.at)[0];
        expect(newest?.hash).toBe(keyHash);
      }
      const before = standing(state);
      for (const { phoneNumberId, keyHash } of identityView(sidesNow.old, 1).keyHashes)
        expect(before.hashes.get(phoneNumberId)).toContain(keyHash);
    }),
  ));

it('anything later on either side blocks anew', () =>
  assertAll(
    fc.property(someBlocked, sides, fc.constantFrom<('old' | 'new')[]>('old', 'new'), ({ signals, state }, where, side) => {
      const divided = splitFrom(state);
      const directory = whereAfter(divided, signals, where);
      const now = split(state, directory)[side];
      const as = side === 'new' ? divided.identifiers[0] : (known.find((identifier) => !divided.identifiers.includes(identifier)) ?? 'w:1');
      for (const { phoneNumberId } of identityView(now, 1).keyHashes) {
        expect(status(observe(now, [{ as: as as Identifier, on: phoneNumberId, at: 50, hash: 'z' }]))).toBe('blocked');
      }
      expect(status(observe(now, [{ as: as as Identifier, on: 'P1', at: 50, signal: 'mismatch:later' }]))).toBe('blocked');
      const unseen = withSignals(now, [...signals, { signal: 'number_lost:w:1@60', at: 60 }]);
      expect(status(unseen)).toBe('blocked');
    }),
  ));

it('what somebody else had under the identifiers that the new contact takes was not seen, and blocks', () => {
  const state = observe(nothingSeen, [
    { as: 'w:1', on: 'P1', at: 10, hash: 'h1' },
    { as: 'w:1', on: 'P1', at: 20, hash: 'h2' },
  ]);
  const third = observe(nothingSeen, [{ as: 'w:1', on: 'P1', at: 30, hash: 'h3' }]);
  const where = whereAfter(splitFrom(state));
  const rows = new Map([
    ['old', row(state, 3)],
    ['new', row(nothingSeen, 0, [])],
    ['third', row(third, 1, [])],
  ]);
  const answers = decideDifferent(rows, where, 'old', 'new', decision({ keyHash: 'h2', version: 3 }));
  expect(
    Object.fromEntries([...answers].map(([id, answer]) => [id, answer.kind === 'apply' && answer.told.map(({ type }) => type)])),
  ).toEqual({
    third: ['identity.regrouped'],
    old: ['identity.acknowledged'],
    new: ['identity.blocked'],
  });
});

it('is told: the decision on the old contact, with the new one', () => {
  const state = observe(nothingSeen, [
    { as: 'w:1', on: 'P1', at: 10, hash: 'h1' },
    { as: 'w:1', on: 'P1', at: 20, hash: 'h2' },
  ]);
  const { answers, old, new: other } = split(state, whereAfter(splitFrom(state)));
  expect(answers.get('old')).toMatchObject({
    told: [{ type: 'identity.acknowledged', fields: { decision: { verdict: 'different_person', actor: 'key:1', newContactId: 'new' } } }],
  });
  expect(answers.get('new')).toMatchObject({ told: [{ type: 'identity.regrouped' }] });
  expect(identityView(old, 4)).toMatchObject({ status: 'clear', keyHash: 'h1' });
  expect(identityView(other, 1)).toMatchObject({ status: 'clear', keyHash: 'h2' });
  expect(Object.values(old.decisions)[0]?.home).toBe('old');
  expect(Object.values(other.decisions)[0]?.home).toBe('new');
});

it('where the directory leaves other hashes with the old contact, its baseline stays the one expected', () => {
  const said = [hash('h1', 10), hash('h2', 20), hash('h3', 30, 'u:n:1')];
  const state = observe(nothingSeen, said);
  const { old } = split(state, whereAfter({ at: 20, identifiers: ['w:1'] }));
  expect(identityView(old, 4)).toMatchObject({ status: 'clear', keyHash: 'h1' });
  expect(identityView(observe(old, [hash('h3', 40, 'u:n:1')]), 4).status).toBe('blocked');
});

it.each([
  ['moved on', { keyHash: 'h1', version: 3 }, 'moved_on'],
  ['another version', { keyHash: 'h2', version: 2 }, 'moved_on'],
])('refused: %s', (_case, said, reason) => {
  const state = observe(nothingSeen, [
    { as: 'w:1', on: 'P1', at: 10, hash: 'h1' },
    { as: 'w:1', on: 'P1', at: 20, hash: 'h2' },
  ]);
  const rows = new Map([
    ['old', row(state, 3)],
    ['new', row(nothingSeen, 0, [])],
  ]);
  expect([...decideDifferent(rows, whereAfter(splitFrom(state)), 'old', 'new', decision(said))]).toEqual([
    ['old', { kind: 'skip', reason }],
  ]);
});
it('refused: no row, nothing blocked', () => {
  const where = whereAfter({ at: 1, identifiers: [] });
  expect(decideDifferent(new Map(), where, 'old', 'new', decision()).get('old')).toEqual({ kind: 'skip', reason: 'not_blocked' });
  expect(decideDifferent(new Map([['old', row(nothingSeen)]]), where, 'old', 'new', decision()).get('old')).toEqual({
    kind: 'skip',
    reason: 'not_blocked',
  });
});

const period = (identifier: Identifier, from: number, to: number): Holding => ({ identifier, from, to });
const told = (signal: string, at: number) => [{ signal, at }];
const { from: open, to: end } = ever;

it.each<[string, IdentityState, readonly Holding[], ReturnType<typeof splitOf>]>([
  ['not blocked', observe(nothingSeen, [hash('h1', 10)]), holds('w:1'), null],
  [
    'from the first other hash, the number',
    observe(nothingSeen, [hash('h1', 10), hash('h2', 20), hash('h1', 30)]),
    holds('w:1', 'u:n:1'),
    { at: 20, identifiers: ['w:1'] },
  ],
  [
    'from the first thing that is not the accepted hash',
    observe(release(observe(nothingSeen, [hash('h1', 10), hash('h2', 20)]), { decisionId: 'd', home: 'old', of: ['w:1'], decidedAt: 99 }), [
      hash('h2', 30),
      hash('h1', 40),
    ]),
    holds('w:1'),
    { at: 40, identifiers: ['w:1'] },
  ],
  [
    'with every BSUID that the evidence came under, and none that only the baseline came under',
    observe(nothingSeen, [hash('h1', 10, 'u:n:0'), hash('h2', 20, 'p:n:1'), hash('h2', 25, 'u:n:1')]),
    holds('w:1'),
    { at: 20, identifiers: ['w:1', 'u:n:1', 'p:n:1'] },
  ],
  [
    'a BSUID leads where there is no number',
    observe(nothingSeen, [hash('h1', 10, 'u:n:1'), hash('h2', 20, 'u:n:1')]),
    holds('u:n:1'),
    { at: 20, identifiers: ['u:n:1'] },
  ],
  [
    'the number held at the time: a later one follows it by its change',
    observe(nothingSeen, [hash('h1', 10), hash('h2', 20)]),
    [period('w:1', open, 30), period('w:2', 30, end)],
    { at: 20, identifiers: ['w:1'] },
  ],
  [
    'a change of number is the first of the new one',
    withSignals(observe(nothingSeen, [hash('h1', 10), hash('h2', 40, 'w:2')]), told('number_change:w:1>w:2@30', 30)),
    [period('w:1', open, 30), period('w:2', 30, end)],
    { at: 30, identifiers: ['w:2'] },
  ],
  [
    'a number that is lost is not taken again: the BSUID still held is',
    withSignals(nothingSeen, told('number_lost:w:1@30', 30)),
    [period('w:1', open, 30), ...holds('u:n:1')],
    { at: 30, identifiers: ['u:n:1'] },
  ],
  ['nothing is left to take', withSignals(nothingSeen, told('number_lost:w:1@30', 30)), [period('w:1', open, 30)], null],
  [
    'before the directory was heard, the number that the evidence came under',
    observe(nothingSeen, [hash('h1', 10), hash('h2', 20)]),
    [],
    { at: 20, identifiers: ['w:1'] },
  ],
])('splits %s', (_case, state, holdings, expected) => expect(splitOf(row(state, 1, holdings))).toEqual(expected));
