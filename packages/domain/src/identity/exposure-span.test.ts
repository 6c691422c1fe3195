import { expect, it } from '@jest/globals';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import { shuffledWithRepeats, someFacts } from '@keyturn/testkit/identity-arbitraries';
import fc from 'fast-check';
import { observe } from './decide-identity.ts';
import { exposureSpan } from './exposure-span.ts';
import { factKey, type IdentityFact, type IdentityState, joinIdentity, nothingSeen } from './identity-state.ts';
import { identityView } from './identity-view.ts';
import { release } from './release.ts';

const hash = (text: string, at: number, on = 'P1'): IdentityFact => ({ as: 'w:1', on, at, hash: text });
const refused = (at: number, on = 'P1'): IdentityFact => ({ as: 'w:1', on, at, signal: `mismatch:m${at}` });
const seen = (facts: readonly IdentityFact[], from: IdentityState = nothingSeen) =>
  facts.reduce((state, fact) => observe(state, [fact]), from);
const decided = (state: IdentityState) => release(state, { decisionId: 'd', home: 'A', of: ['w:1'], decidedAt: 99 });
const moved = (state: IdentityState, at: number): IdentityState => {
  const fact = { as: null, on: '', signal: `number_change:w:1>w:2@${at}`, at, last: at } as const;
  return joinIdentity(state, { seen: { [factKey(fact)]: fact }, decisions: {} });
};
const second = (at: number | null) => (at === null ? null : new Date(at * 1000).toISOString());
const spanOf = (state: IdentityState) => {
  const span = exposureSpan(identityView(state, 1));
  return span && { blockedAt: span.blockedAt, since: Object.fromEntries(span.since), elsewhere: span.elsewhere };
};

it.each<[string, IdentityState, number, Record<string, number | null>, number | null]>([
  ['from the last sighting under the known hash', seen([hash('h1', 10), hash('h1', 15), hash('h2', 20)]), 20, { P1: 15 }, 15],
  ['in whatever order it was learned', seen([hash('h2', 20), hash('h1', 15), hash('h1', 10)]), 20, { P1: 15 }, 15],
  ['a sighting of the known hash after the block is none', seen([hash('h1', 10), hash('h2', 20), hash('h1', 30)]), 20, { P1: 10 }, 10],
  ['a refused send: from the last sighting before it', seen([hash('h1', 10), refused(20)]), 20, { P1: 10 }, 10],
  ['where nothing ever showed the holder, everything', seen([refused(20)]), 20, { P1: null }, null],
  ['a hash learned only since the refusal shows nobody of before', seen([refused(20), hash('h2', 30)]), 20, { P1: null }, null],
  [
    'after a decision: from what it saw, until the accepted hash is seen again',
    seen([hash('h3', 30)], decided(seen([hash('h1', 10), hash('h2', 20)]))),
    30,
    { P1: 20 },
    20,
  ],
  ['and then from there', seen([hash('h2', 25), hash('h3', 30)], decided(seen([hash('h1', 10), hash('h2', 20)]))), 30, { P1: 25 }, 25],
  [
    'each number with a change of its own has its own',
    seen([hash('h1', 10), hash('h2', 40), hash('x', 30, 'P2'), hash('y', 41, 'P2')]),
    40,
    { P1: 10, P2: 30 },
    10,
  ],
  [
    'a number without one says nothing of whether the account is the same: the earlier of both',
    seen([hash('h1', 10), hash('h2', 20), hash('x', 18, 'P2')]),
    20,
    { P1: 10, P2: 10 },
    10,
  ],
  ['its own where that is earlier', seen([hash('h1', 10), hash('h2', 20), hash('x', 5, 'P2')]), 20, { P1: 10, P2: 5 }, 10],
  [
    'a changed number of theirs: each of ours has its own proof',
    moved(seen([hash('h1', 10), hash('x', 15, 'P2')]), 20),
    20,
    { P1: 10, P2: 15 },
    10,
  ],
])('%s', (_case, state, blockedAt, since, elsewhere) =>
  expect(spanOf(state)).toEqual({
    blockedAt: second(blockedAt),
    since: Object.fromEntries(Object.entries(since).map(([on, at]) => [on, second(at)])),
    elsewhere: second(elsewhere),
  }),
);

it('who is not blocked has none', () => {
  expect(spanOf(nothingSeen)).toBeNull();
  expect(spanOf(seen([hash('h1', 10)]))).toBeNull();
});

it('any order and any repeats give the same span, which never begins after the block', () =>
  fc.assert(
    fc.property(shuffledWithRepeats(someFacts), ([facts, again]) => {
      const span = spanOf(seen(facts));
      expect(spanOf(seen(again))).toEqual(span);
      for (const at of Object.values(span?.since ?? {})) expect((at ?? '') <= (span?.blockedAt ?? '')).toBe(true);
    }),
    propertyRuns(300),
  ));
it('of more sightings than are kept, some in between are forgotten: it begins earlier, never later', () => {
  const sightings = Array.from({ length: 80 }, (_, i) => hash('h1', 10 + i));
  const span = spanOf(seen([...sightings, hash('h2', 30)]));
  expect(span?.blockedAt).toBe(second(30));
  expect((span?.since.P1 ?? '') <= (second(30) as string)).toBe(true);
});
