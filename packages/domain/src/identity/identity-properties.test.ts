import { expect, it } from '@jest/globals';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import { manyMoments, shuffledWithRepeats, someFact, someFacts } from '@keyturn/testkit/identity-arbitraries';
import fc from 'fast-check';
import { observe } from './decide-identity.ts';
import { factKey, type IdentityFact, type IdentityState, joinIdentity, MOMENTS_MAX, nothingSeen, sameState } from './identity-state.ts';
import { identityView } from './identity-view.ts';
import { knownHashes } from './known-hashes.ts';
import { release } from './release.ts';
import { derived, isBlocked, type Standing, standing } from './standing.ts';

const fold = (state: IdentityState, facts: readonly IdentityFact[]) => facts.reduce((next, fact) => observe(next, [fact]), state);
const from = (facts: readonly IdentityFact[]) => fold(nothingSeen, facts);
const answers = (state: IdentityState) => ({
  view: identityView(state, 1),
  open: standing(state).open,
  current: [...standing(state).current].sort(),
});
const blocked = (state: IdentityState) => isBlocked(standing(state));
const decide = (state: IdentityState, decisionId = 'd', of: readonly ('w:1' | 'u:n:1')[] = ['w:1', 'u:n:1']) =>
  release(state, { decisionId, home: 'A', of, decidedAt: 99 });
const shuffled = shuffledWithRepeats(someFacts);
const assertAll = <Inputs extends [unknown, ...unknown[]]>(property: fc.IProperty<Inputs>) => fc.assert(property, propertyRuns(400));

it('any order and any repeats give the same answers', () =>
  assertAll(fc.property(shuffled, ([facts, again]) => expect(answers(from(again))).toEqual(answers(from(facts))))));

it('what is worked out in the quick way is what follows, whatever was said and decided', () =>
  assertAll(
    fc.property(someFacts, someFacts, fc.boolean(), (before, after, decided) => {
      const state = fold(decided ? decide(from(before)) : from(before), after);
      const inOrder = ({ hashes, current, baseline, ...others }: Standing) => ({
        ...others,
        hashes: [...hashes].map(([on, known]) => [on, known.toSorted()]).sort(),
        ...{ current: [...current].sort(), baseline: [...baseline].sort() },
      });
      expect(inOrder(standing(state))).toEqual(inOrder(derived(state)));
    }),
  ));

it('a send is judged by what the view has, whatever was said and decided', () =>
  assertAll(
    fc.property(someFacts, someFacts, fc.boolean(), (before, after, decided) => {
      const state = fold(decided ? decide(from(before)) : from(before), after);
      const inOrder = (hashes: ReadonlyMap<string, readonly string[]>) => [...hashes].map(([on, known]) => [on, known.toSorted()]).sort();
      const { blocked: isNow, hashes } = knownHashes(state);
      expect([isNow, inOrder(hashes)]).toEqual([blocked(state), inOrder(standing(state).hashes)]);
    }),
  ));

it('however many sends were refused, in any order, with any repeats: the same state, and a bounded one', () =>
  assertAll(
    fc.property(shuffledWithRepeats(manyMoments), ([facts, again]) => {
      expect(from(again)).toEqual(from(facts));
      expect(Object.keys(from(facts).seen).length).toBeLessThanOrEqual(MOMENTS_MAX + 3);
      expect(blocked(from(facts))).toBe(facts.length > 0);
    }),
  ));

it('what was left out of the kept refusals is covered by the decision on them', () =>
  assertAll(
    fc.property(manyMoments, manyMoments, (facts, later) => {
      const decided = decide(from(facts));
      expect(answers(fold(decided, facts))).toEqual(answers(decided));
      expect(answers(fold(fold(decided, later), facts))).toEqual(answers(fold(decided, later)));
    }),
  ));

it('around one decision any order and any repeats give the same answers, and what it saw stays decided when it comes again', () =>
  assertAll(
    fc.property(shuffled, shuffled, ([before, beforeAgain], [later, laterAgain]) => {
      fc.pre(blocked(from(before)));
      const [decided, decidedAgain] = [decide(from(before)), decide(from(beforeAgain))];
      expect(answers(decidedAgain)).toEqual(answers(decided));
      expect(blocked(decided)).toBe(false);
      expect(answers(fold(decided, before))).toEqual(answers(decided));
      expect(answers(fold(decidedAgain, [...laterAgain, ...before]))).toEqual(answers(fold(decided, later)));
    }),
  ));

it('after a decision, sends under what it replaced may fail for ever, at any time and in any order: nobody is blocked', () =>
  assertAll(
    fc.property(
      shuffled,
      shuffledWithRepeats(fc.array(fc.record({ at: fc.integer({ min: 1, max: 200 }), n: fc.nat(3) }))),
      ([before], [, late]) => {
        fc.pre(blocked(from(before)));
        const decided = decide(from(before));
        const [made] = Object.values(decided.decisions);
        const old = (['P1', 'P2'] as const).flatMap((on) =>
          (made?.replaced?.[on] ?? []).map((under) => ({ as: 'w:1' as const, on, under })),
        );
        const fails = late.flatMap(({ at, n }) => old.map((send): IdentityFact => ({ ...send, at, signal: `mismatch:s${n}` })));
        expect(answers(fold(decided, fails))).toEqual(answers(decided));
      },
    ),
  ));

it('a merge is the union', () =>
  assertAll(
    fc.property(someFacts, someFacts, (one, other) => {
      expect(answers(joinIdentity(from(one), from(other)))).toEqual(answers(from([...other, ...one])));
      expect(sameState(joinIdentity(from(one), from(other)), from([...other, ...one]))).toBe(true);
    }),
  ));

it('a decision on one side of a merge does not release the other', () =>
  assertAll(
    fc.property(someFacts, someFacts, (one, other) => {
      const decided = from(one.map((fact) => ({ ...fact, as: 'w:1' })));
      const undecided = from(other.map((fact) => ({ ...fact, as: 'u:n:1' })));
      fc.pre(blocked(decided) && blocked(undecided));
      expect(blocked(joinIdentity(decide(decided, 'd', ['w:1']), undecided))).toBe(true);
      const directory = { as: null, on: '', signal: 'number_lost:w:9@1', at: 1, last: 1 } as const;
      const lost = { seen: { [factKey(directory)]: directory }, decisions: {} };
      const later = { ...directory, signal: 'number_change:w:2>w:1@7', at: 7, last: 7 } as const;
      const changed = decide(joinIdentity(decided, { seen: { [factKey(later)]: later }, decisions: {} }), 'd', ['w:1']);
      expect(blocked(changed)).toBe(false);
      expect(blocked(joinIdentity(changed, lost))).toBe(true);
    }),
  ));

it('after any script of facts and decisions, a redelivery of all of it changes nothing', () =>
  assertAll(
    fc.property(
      fc.array(fc.oneof({ weight: 6, arbitrary: someFact }, { weight: 1, arbitrary: fc.constant('decide' as const) }), { maxLength: 14 }),
      (script) => {
        let state = nothingSeen;
        const said: IdentityFact[] = [];
        for (const [n, step] of script.entries()) {
          if (step !== 'decide') said.push(step);
          if (step !== 'decide') state = observe(state, [step]);
          else if (blocked(state)) state = decide(state, `d${n}`);
          expect(answers(fold(state, said))).toEqual(answers(state));
        }
      },
    ),
  ));

it('a state read back from JSON, its keys in any order, is the same state with the same answers', () =>
  assertAll(
    fc.property(someFacts, someFacts, (before, later) => {
      const state = fold(blocked(from(before)) ? decide(from(before)) : from(before), later);
      const reversed = Object.fromEntries(Object.entries(state.seen).reverse());
      const read = JSON.parse(JSON.stringify({ ...state, seen: reversed })) as IdentityState;
      expect(sameState(read, state)).toBe(true);
      expect(answers(read)).toEqual(answers(state));
    }),
  ));
