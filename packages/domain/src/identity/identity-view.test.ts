import { expect, it } from '@jest/globals';
import { IdentityView } from '@keyturn/contracts';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import { someFacts } from '@keyturn/testkit/identity-arbitraries';
import fc from 'fast-check';
import { observe } from './decide-identity.ts';
import { type IdentityFact, type IdentityState, joinIdentity, nothingSeen, type SeenFact, unite } from './identity-state.ts';
import { changeOf, identityView } from './identity-view.ts';
import { release } from './release.ts';

const hash = (text: string, at: number, on = 'P1', as: IdentityFact['as'] = 'w:1'): IdentityFact => ({ as, on, at, hash: text });
const signal = (text: string, at: number, more: Partial<IdentityFact> = {}): IdentityFact => ({
  as: 'w:1',
  on: 'P1',
  at,
  signal: text,
  ...more,
});
const directory = (text: string, at: number) => signal(text, at, { as: null, on: '' });
const seen = (...facts: IdentityFact[]): IdentityState => ({
  seen: unite(facts.map((fact): SeenFact => ({ ...fact, last: fact.at }))),
  decisions: {},
});
const released = (state: IdentityState) => release(state, { decisionId: 'd', home: 'A', of: ['w:1'], decidedAt: 99 });
const second = (at: number) => new Date(at * 1000).toISOString();

it.each([
  ['nothing known', nothingSeen, { status: 'unknown', keyHash: null, keyHashes: [], blockedAt: null, evidence: [] }],
  [
    'one hash',
    seen(hash('h1', 10)),
    { status: 'clear', keyHash: 'h1', keyHashes: [{ phoneNumberId: 'P1', keyHash: 'h1' }], blockedAt: null, evidence: [] },
  ],
  [
    'hashes are compared only within one number of ours; while clear the one shown never changes with a sighting',
    seen(hash('x', 30, 'P2'), hash('h1', 10)),
    {
      status: 'clear',
      keyHash: 'h1',
      keyHashes: [
        { phoneNumberId: 'P1', keyHash: 'h1' },
        { phoneNumberId: 'P2', keyHash: 'x' },
      ],
    },
  ],
  [
    'blocked: the newest hash is the one to acknowledge',
    seen(hash('h1', 10), hash('h2', 20)),
    { status: 'blocked', keyHash: 'h2', blockedAt: second(20) },
  ],
  [
    'blocked since the first thing that is not the baseline, however late it came',
    seen(hash('h1', 10), hash('h2', 20), hash('h1', 30), hash('h3', 15)),
    { keyHash: 'h1', blockedAt: second(15) },
  ],
  [
    'a newer sighting on a number of ours without a change is none to acknowledge',
    seen(hash('h1', 10), hash('h2', 20), hash('x', 30, 'P2')),
    { keyHash: 'h2' },
  ],
  [
    'a refused send: the new hash is not known',
    seen(hash('h1', 10), signal('mismatch:m', 30)),
    { status: 'blocked', keyHash: null, blockedAt: second(30), keyHashes: [{ phoneNumberId: 'P1', keyHash: 'h1' }] },
  ],
  ['a second hash outranks a newer signal without one', seen(hash('h1', 10), hash('h2', 20), signal('mismatch:m', 30)), { keyHash: 'h2' }],
  [
    'a legacy hash outranks a newer signal without one',
    seen(signal('legacy:L:9', 20, { hash: 'L' }), signal('mismatch:m', 30)),
    { keyHash: 'L' },
  ],
  [
    'a legacy hash is a signal, none that is compared',
    seen(signal('legacy:L:9', 20, { hash: 'L' })),
    { status: 'blocked', keyHash: 'L', keyHashes: [] },
  ],
  [
    'an accepted hash counts as known',
    released(seen(hash('h1', 10), hash('h2', 20))),
    { status: 'clear', keyHash: 'h2', keyHashes: [{ phoneNumberId: 'P1', keyHash: 'h2' }], evidence: [] },
  ],
  [
    'an accepted null leaves nothing known',
    released(seen(hash('h1', 10), signal('mismatch:m', 20))),
    { status: 'unknown', keyHash: null, keyHashes: [] },
  ],
  [
    'a change of number keeps the hashes',
    released(seen(hash('h1', 10), directory('number_change:w:1>w:2@20', 20))),
    { status: 'clear', keyHash: 'h1' },
  ],
  [
    'blocked since what is not the accepted hash',
    { ...released(seen(hash('h1', 10), hash('h2', 20))), seen: seen(hash('h2', 30), hash('h1', 40)).seen },
    { status: 'blocked', keyHash: 'h1', blockedAt: second(40) },
  ],
])('%s', (_case, state, view) => expect(identityView(state, 7)).toMatchObject({ version: 7, ...view }));

it('a second hash outranks a newer legacy block, though that has a hash too', () =>
  expect(identityView(seen(hash('h1', 10), hash('h2', 20), signal('legacy:L:9', 30, { hash: 'L' })), 1).keyHash).toBe('h2'));
it('blocked since the first refused send, however many follow', () => {
  const refused = Array.from({ length: 40 }, (_, n) => signal(`mismatch:m${n}`, 10 + n));
  expect(identityView(seen(...refused), 1)).toMatchObject({ status: 'blocked', blockedAt: second(10) });
});
it('where a merge brought two accepted hashes of one number together, the next sighting of either blocks, since then', () => {
  const accepting = (decisionId: string, text: string) =>
    release(seen(hash('h0', 10), hash(text, 20)), { decisionId, home: decisionId, of: ['w:1'], decidedAt: 99 });
  const merged = joinIdentity(accepting('A', 'h1'), accepting('B', 'h2'));
  expect(identityView(merged, 1)).toMatchObject({ status: 'clear', evidence: [] });
  for (const text of ['h1', 'h2']) {
    expect(identityView(observe(merged, [hash(text, 40)]), 1)).toMatchObject({ status: 'blocked', keyHash: text, blockedAt: second(40) });
  }
});

it('evidence is oldest first, each with its kind, place and rest', () => {
  const state = seen(
    directory('number_change:w:491701>u:waba:DE.7@40', 40),
    directory('number_lost:w:491701@50', 50),
    directory('bsuid:u:waba:DE.8', 60),
    signal('undecided:e1', 35),
    signal('legacy:L:9', 30, { hash: 'L' }),
    signal('legacy:@e2', 31),
    signal('legacy::8', 32),
    signal('legacy:L:', 33, { hash: 'L' }),
    signal('mismatch:wamid.1', 25, { as: 'u:waba:DE.7' }),
    hash('h2', 20),
    hash('h1', 10),
  );
  const at = (first: number) => ({ firstAt: second(first), lastAt: second(first) });
  const [from, nowhere] = [
    { identifier: { kind: 'wa_id', value: '1' }, phoneNumberId: 'P1' },
    { identifier: null, phoneNumberId: null },
  ];
  const told = (code: string) => ({ code, eventId: null });
  expect(identityView(state, 1).evidence).toEqual([
    { kind: 'hash', keyHash: 'h1', ...from, ...at(10), detail: null, ...told('known_key_hash') },
    { kind: 'hash', keyHash: 'h2', ...from, ...at(20), detail: null, ...told('other_key_hash') },
    {
      kind: 'mismatch',
      keyHash: null,
      identifier: { kind: 'bsuid', value: 'DE.7' },
      phoneNumberId: 'P1',
      ...at(25),
      detail: 'wamid.1',
      ...told('send_refused'),
    },
    { kind: 'legacy', keyHash: 'L', ...from, ...at(30), detail: '9', ...told('registered_anew') },
    { kind: 'legacy', keyHash: null, ...from, ...at(31), detail: 'e2', ...told('registered_anew') },
    { kind: 'legacy', keyHash: null, ...from, ...at(32), detail: '8', ...told('registered_anew') },
    { kind: 'legacy', keyHash: 'L', ...from, ...at(33), detail: null, ...told('registered_anew') },
    { kind: 'undecided', keyHash: null, ...from, ...at(35), detail: 'e1', ...told('event_not_decided') },
    { kind: 'number_change', keyHash: null, ...nowhere, ...at(40), detail: '491701 > DE.7', ...told('number_changed') },
    { kind: 'number_lost', keyHash: null, ...nowhere, ...at(50), detail: '491701', ...told('number_taken_over') },
    { kind: 'bsuid', keyHash: null, ...nowhere, ...at(60), detail: 'DE.8', ...told('ids_disagree') },
  ]);
});

it('evidence names the event that said it first, whatever came first, of two in one second the smaller id; a block too', () => {
  const by = (fact: IdentityFact, event: string): IdentityFact => ({ ...fact, by: event });
  const said = [
    by(hash('h1', 10), 'e1'),
    by(hash('h2', 20), 'e3'),
    by(hash('h2', 20), 'e2'),
    by(hash('h2', 30), 'e0'),
    by(signal('mismatch:m', 25), 'e5'),
  ];
  for (const facts of [said, said.toReversed()]) {
    const state = facts.reduce((state, fact) => observe(state, [fact]), nothingSeen);
    expect(identityView(state, 1).evidence.map(({ eventId }) => eventId)).toEqual(['e1', 'e2', 'e5']);
  }
});

it('every view is one that the contract allows', () =>
  fc.assert(
    fc.property(someFacts, someFacts, (before, later) => {
      const state = observe(nothingSeen, before);
      const next = observe(changeOf(nothingSeen, state) === 'identity.blocked' ? released(state) : state, later);
      const view = identityView(next, 1);
      expect(IdentityView.parse(view)).toEqual(view);
      expect(view.blockedAt !== null).toBe(view.status === 'blocked');
      expect(view.evidence.length > 0).toBe(view.status === 'blocked');
    }),
    propertyRuns(300),
  ));

/** All of a view but times, and what follows from which was first; a moment is named by its instant too. */
function timeless(state: IdentityState) {
  const { blockedAt: _since, knownUntil: _until, evidence, ...rest } = identityView(state, 1);
  const isMoment = (kind: string, detail: string | null) => kind === 'mismatch' || kind === 'undecided' || detail === 'e2';
  const named = evidence.map(({ firstAt, lastAt: _last, code: _code, eventId: _first, ...one }) =>
    JSON.stringify({ ...one, ...(isMoment(one.kind, one.detail) && { firstAt }) }),
  );
  return { ...rest, evidence: named.sort() };
}
it('there is something to tell exactly if more than times changed', () =>
  fc.assert(
    fc.property(someFacts, someFacts, (before, later) => {
      const [state, next] = [observe(nothingSeen, before), observe(nothingSeen, [...before, ...later])];
      const same = JSON.stringify(timeless(state)) === JSON.stringify(timeless(next));
      expect(changeOf(state, next) === 'none').toBe(same);
    }),
    propertyRuns(300),
  ));
