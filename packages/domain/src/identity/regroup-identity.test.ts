import { expect, it } from '@jest/globals';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import { shuffledWithRepeats, someContacts, someFact, someWhereabouts, whereabouts } from '@keyturn/testkit/identity-arbitraries';
import { after, holds, row } from '@keyturn/testkit/identity-stories';
import fc from 'fast-check';
import type { Identifier } from '../directory/identifier.ts';
import type { Holding, Stored, Whereabouts } from '../slice.ts';
import type { Rows } from './deal.ts';
import { observe } from './decide-identity.ts';
import {
  BETWEEN_MAX,
  factKey,
  type IdentityFact,
  type IdentityState,
  isMoment,
  joinIdentity,
  nothingSeen,
  type SeenFact,
} from './identity-state.ts';
import { identityView } from './identity-view.ts';
import { regroupIdentity } from './regroup-identity.ts';
import { release } from './release.ts';
import { standing } from './standing.ts';

/** The rows after a regroup, as the shell saves them. */
const regroup = (rows: Rows, where: Whereabouts): Map<string, Stored<IdentityState>> => {
  const decisions = regroupIdentity(rows, where);
  return new Map(
    [...rows].map(([contactId, stored]) => {
      const who = where.who.get(contactId);
      const now = who ? { holdings: who.holdings, mergedInto: who.mergedInto } : {};
      return [contactId, { ...stored, ...now, state: after(stored.state, decisions.get(contactId)) }];
    }),
  );
};
const states = (rows: Rows) => Object.fromEntries([...rows].map(([contactId, { state }]) => [contactId, state]));
const bare = (perContact: Record<string, IdentityState>): Rows =>
  new Map(Object.entries(perContact).map(([contactId, state]) => [contactId, row(state, 1, [])]));
const decide = (state: IdentityState, home: string, of: Identifier[] = ['w:1', 'u:n:1']) =>
  standing(state).evidence.length > 0 ? release(state, { decisionId: `by-${home}`, home, of, decidedAt: 99 }) : state;
const holderOf = (where: Whereabouts, { as, at }: IdentityFact) =>
  (as && where.periods.get(as)?.find(({ from, to }) => from <= at && at < to)?.contactId) ?? 'A';
/** Every fact to whoever holds its identifier at the time, as the directory has it. */
const observed = (facts: readonly IdentityFact[], where: Whereabouts): Rows => {
  const mine = (contactId: string) => facts.filter((fact) => holderOf(where, fact) === contactId);
  return bare(Object.fromEntries(someContacts.map((contactId) => [contactId, observe(nothingSeen, mine(contactId))])));
};
/** Facts in rows by an earlier directory, with decisions in some; each fact once. */
const someRows = fc
  .tuple(
    fc.uniqueArray(someFact, { selector: factKey, maxLength: 10 }),
    fc.uniqueArray(someFact, { selector: factKey, maxLength: 4 }),
    someWhereabouts,
    fc.subarray([...someContacts]),
  )
  .map(([facts, later, where, decided]) => {
    const rows = new Map(
      [...observed(facts, where)].map(([id, { state }]) => [id, decided.includes(id as 'A') ? decide(state, id) : state]),
    );
    const known = new Set(facts.map(factKey));
    const fresh = later.filter((fact) => !known.has(factKey(fact)));
    return bare(
      Object.fromEntries(
        [...rows].map(([id, state]) => [
          id,
          observe(
            state,
            fresh.filter((fact) => holderOf(where, fact) === id),
          ),
        ]),
      ),
    );
  });
const assertAll = <Inputs extends [unknown, ...unknown[]]>(property: fc.IProperty<Inputs>) => fc.assert(property, propertyRuns(300));

it('a second time changes nothing', () =>
  assertAll(
    fc.property(someRows, someWhereabouts, (rows, where) => expect(regroupIdentity(regroup(rows, where), where)).toEqual(new Map())),
  ));

it('whatever the directory said in between, and how often, only what it says last counts', () =>
  assertAll(
    fc.property(someRows, fc.array(someWhereabouts, { maxLength: 3 }), someWhereabouts, (rows, between, last) => {
      const stepwise = [...between, last, last].reduce<Rows>(regroup, rows);
      expect(states(stepwise)).toEqual(states(regroup(rows, last)));
    }),
  ));

it('nothing is lost or made up: the same things said, at the same times, and the same decisions', () =>
  assertAll(
    fc.property(someRows, someWhereabouts, (rows, where) => {
      const all = (them: Rows) => [...them.values()].map(({ state }) => state).reduce(joinIdentity);
      const said = (state: IdentityState) => Object.fromEntries(Object.entries(state.seen).filter(([, fact]) => fact.as !== null));
      expect(said(all(regroup(rows, where)))).toEqual(said(all(rows)));
      expect(all(regroup(rows, where)).decisions).toEqual(all(rows).decisions);
    }),
  ));

it('everything is where the directory has it: facts with the holder of the time, decisions in the survivor, signals whole', () =>
  assertAll(
    fc.property(someRows, someWhereabouts, (rows, where) => {
      for (const [contactId, { state }] of regroup(rows, where)) {
        const facts = Object.values(state.seen);
        for (const fact of facts.filter(({ as }) => as !== null)) {
          expect([holderOf(where, fact), holderOf(where, { ...fact, at: fact.last })]).toEqual([contactId, contactId]);
        }
        const signals = facts.filter(({ as }) => as === null).map(({ signal, at }) => ({ signal, at }));
        expect(signals.sort(bySignal)).toEqual([...(where.who.get(contactId)?.signals ?? [])].sort(bySignal));
        for (const { home } of Object.values(state.decisions)) expect(where.who.get(home)?.mergedInto ?? home).toBe(contactId);
      }
    }),
  ));
const bySignal = (a: { signal?: string | undefined }, b: { signal?: string | undefined }) => ((a.signal ?? '') < (b.signal ?? '') ? -1 : 1);

it('a boundary learned late gives what one learned early gives', () =>
  assertAll(
    fc.property(shuffledWithRepeats(fc.array(someFact, { maxLength: 8 })), fc.integer({ min: 2, max: 8 }), ([facts, again], at) => {
      const signals = [{ signal: `number_change:w:1>w:2@${at}`, at }];
      const periods: Whereabouts['periods'] = new Map([
        ['w:1', [...held('A', undefined, at), ...held('B', at)]],
        ['u:n:1', held('A')],
      ]);
      const where = whereabouts(periods, {}, { A: signals });
      const early = regroup(observed(facts, where), where);
      const late = regroup(bare({ A: observe(nothingSeen, again), B: nothingSeen, C: nothingSeen }), where);
      for (const contactId of someContacts) {
        const [one, other] = [early, late].map((rows) => rows.get(contactId)?.state ?? nothingSeen) as [IdentityState, IdentityState];
        const open = (state: IdentityState) => standing(state).open.map(factKey).sort();
        expect(open(other)).toEqual(open(one));
        expect(identityView(other, 1).status).toBe(identityView(one, 1).status);
        if (contactId === 'B') expect(identityView(other, 1).keyHash).toBe(identityView(one, 1).keyHash);
      }
    }),
  ));

it('a merge is the union, and an undone merge gives facts and decisions home', () =>
  assertAll(
    fc.property(
      fc.array(someFact, { maxLength: 8 }),
      fc.array(someFact, { maxLength: 4 }),
      fc.subarray(['A', 'B']),
      (facts, later, decided) => {
        const apart = whereabouts(
          new Map([
            ['w:1', held('A')],
            ['u:n:1', held('B')],
          ]),
        );
        const together = whereabouts(
          new Map([
            ['w:1', held('A')],
            ['u:n:1', held('A')],
          ]),
          { B: 'A' },
        );
        const before = [
          ...observed(
            facts.filter((fact) => !isMoment(fact)),
            apart,
          ),
        ].map(([id, stored]): [string, Stored<IdentityState>] => {
          const own = id === 'A' ? (['w:1'] as const) : (['u:n:1'] as const);
          return [id, { ...stored, state: decided.includes(id) ? decide(stored.state, id, [...own]) : stored.state }];
        });
        const state = (rows: Rows, contactId: string) => rows.get(contactId)?.state ?? nothingSeen;
        const rows = regroup(new Map(before), apart);
        const merged = regroup(rows, together);
        expect(state(merged, 'A')).toEqual(joinIdentity(state(rows, 'A'), state(rows, 'B')));
        expect(state(merged, 'B')).toEqual(nothingSeen);
        expect(states(regroup(merged, apart))).toEqual(states(rows));
        const written = new Map(merged).set('A', row(observe(state(merged, 'A'), later), 1, []));
        const mine = later.filter(({ as }) => as === 'u:n:1');
        expect(state(regroup(written, apart), 'B')).toEqual(observe(state(rows, 'B'), mine));
      },
    ),
  ));

const held = (contactId: string | null, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY) => [{ from, to, contactId }];
const hash = (text: string, at: number, last = at) => ({ as: 'w:1' as const, on: 'P1', at, last, hash: text });
const seen = (...facts: ReturnType<typeof hash>[]): IdentityState => ({
  seen: Object.fromEntries(facts.map((fact) => [factKey(fact), fact])),
  decisions: {},
});
const always: Holding[] = [{ identifier: 'w:1', from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }];
const lost = [{ signal: 'number_lost:w:1@5', at: 5 }];

it.each<[string, Stored<IdentityState>, Whereabouts, string | undefined]>([
  ['nothing changed', row(seen(hash('a', 1)), 1, always), whereabouts(new Map([['w:1', held('A')]])), undefined],
  ['a signal blocks', row(seen(hash('a', 1)), 1, always), whereabouts(new Map([['w:1', held('A')]]), {}, { A: lost }), 'identity.blocked'],
  [
    'more evidence on who is blocked',
    row(seen(hash('a', 1), hash('b', 2)), 1, always),
    whereabouts(new Map([['w:1', held('A')]]), {}, { A: lost }),
    'identity.evidence_changed',
  ],
  [
    'evidence that went to another',
    row(seen(hash('a', 1), hash('b', 8)), 1, []),
    whereabouts(new Map([['w:1', [...held('A', undefined, 5), ...held('B', 5)]]])),
    'identity.regrouped',
  ],
  ['identifiers changed', row(seen(hash('a', 1)), 1, []), whereabouts(new Map([['w:1', held('A')]])), 'identity.regrouped'],
  ['merged away', row(nothingSeen, 1, []), whereabouts(new Map(), { A: 'B' }), 'identity.regrouped'],
  [
    'only times moved',
    row(seen(hash('a', 1, 8)), 1, [{ identifier: 'w:1', from: Number.NEGATIVE_INFINITY, to: 5 }]),
    whereabouts(new Map([['w:1', [...held('A', undefined, 5), ...held('B', 5)]]])),
    'touch',
  ],
  ['the directory knows nothing of the contact', row(seen(hash('a', 1)), 1, []), { who: new Map(), periods: new Map() }, undefined],
])('told: %s', (_case, stored, where, expected) => {
  const answer = regroupIdentity(
    new Map([
      ['A', stored],
      ['B', row(nothingSeen, 1, [])],
    ]),
    where,
  ).get('A');
  expect(answer?.kind === 'apply' ? answer.told.map(({ type }) => type).join() : answer?.kind).toBe(expected);
});

it('what has nowhere to go stays where it is', () => {
  const periods = new Map([['w:1' as const, [...held('elsewhere', 3, 5), ...held(null, 5, 7)]]]);
  const rows = regroup(new Map([['A', row(seen(hash('a', 1, 9)), 1, [])]]), whereabouts(periods));
  expect(rows.get('A')?.state).toEqual(seen(hash('a', 1, 9)));
});

it('a fact goes to whoever held its identifier when it was said, from ≤ at < to; who held it between two sightings gets nothing', () => {
  const periods = new Map([['w:1' as const, [...held('A', undefined, 3), ...held('B', 3, 7), ...held('C', 7)]]]);
  const dealt = (fact: SeenFact) =>
    states(regroup(bare({ A: { seen: { [factKey(fact)]: fact }, decisions: {} }, B: nothingSeen, C: nothingSeen }), whereabouts(periods)));
  const [said] = Object.values(seen(hash('a', 1, 7)).seen) as [SeenFact];
  expect(dealt(said)).toEqual({ A: seen(hash('a', 1)), B: nothingSeen, C: seen(hash('a', 7)) });
  expect(dealt({ ...said, between: [2, 3, 6] })).toEqual({ A: seen(hash('a', 1, 2)), B: seen(hash('a', 3, 6)), C: seen(hash('a', 7)) });
});

it('of what was said too often to keep, who came to hold the identifier among what is gone is taken to have said it too', () => {
  const periods = new Map([['w:1' as const, [...held('A', undefined, 3), ...held('B', 3, 7), ...held('C', 7)]]]);
  const [said] = Object.values(seen(hash('a', 1, 1000)).seen) as [SeenFact];
  const often = { ...said, between: Array.from({ length: BETWEEN_MAX }, (_, i) => 100 + i) };
  const rows = regroup(
    bare({ A: { seen: { [factKey(often)]: often }, decisions: {} }, B: nothingSeen, C: nothingSeen }),
    whereabouts(periods),
  );
  expect(states(rows).B).toEqual(seen(hash('a', 3)));
});

it('a decision goes along a chain of merges, and home again', () => {
  const decided = decide(observe(nothingSeen, [hash('a', 1), hash('b', 2)]), 'C');
  const rows = bare({ A: nothingSeen, B: nothingSeen, C: decided });
  const merged = regroup(rows, whereabouts(new Map(), { B: 'A', C: 'B' }));
  expect(states(merged)).toEqual({ A: decided, B: nothingSeen, C: nothingSeen });
  expect(states(regroup(merged, whereabouts(new Map())))).toEqual(states(rows));
});

it('a change of the number that was decided on stays decided; an older one, on numbers that the decision knew, is history', () => {
  const change = (at: number, to = 'w:2') => ({ signal: `number_change:w:1>${to}@${at}`, at });
  const where = (...signals: ReturnType<typeof change>[]) => whereabouts(new Map([['w:1', held('A')]]), {}, { A: signals });
  const blocked = regroup(bare({ A: seen(hash('a', 1)) }), where(change(20)));
  const decided = decide(blocked.get('A')?.state ?? nothingSeen, 'A', ['w:1', 'w:2']);
  const status = (...signals: ReturnType<typeof change>[]) =>
    identityView(regroup(bare({ A: decided }), where(...signals)).get('A')?.state ?? nothingSeen, 1).status;
  expect(regroupIdentity(new Map([['A', row(decided, 1, holds('w:1'))]]), where(change(20)))).toEqual(new Map());
  expect(status(change(20))).toBe('clear');
  expect(status(change(20), change(10))).toBe('clear');
  expect(status(change(20), change(10, 'w:3'))).toBe('blocked');
  expect(status(change(20), change(21))).toBe('blocked');
});
