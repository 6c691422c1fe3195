import { expect, it } from '@jest/globals';
import { DecisionRecord } from '@keyturn/contracts';
import { after, decision, row, someone } from '@keyturn/testkit/identity-stories';
import { type Acknowledge, acknowledge, refusal } from './acknowledge.ts';
import { observe } from './decide-identity.ts';
import { type IdentityFact, nothingSeen } from './identity-state.ts';
import { identityView } from './identity-view.ts';

const hash = (text: string, at: number, as: IdentityFact['as'] = 'w:1'): IdentityFact => ({ as, on: 'P1', at, hash: text });
const clear = observe(nothingSeen, [hash('h1', 10)]);
const blocked = observe(clear, [hash('h2', 20)]);
const unknownHash = observe(clear, [{ as: 'w:1', on: 'P1', at: 20, signal: 'mismatch:m' }]);

it.each<[string, typeof clear, Partial<Acknowledge>, 'not_blocked' | 'moved_on' | undefined]>([
  ['what was seen is what there is: taken', blocked, { keyHash: 'h2', version: 3 }, undefined],
  ['no hash is known, and none was named: taken', unknownHash, { keyHash: null, version: 3 }, undefined],
  ['nothing to decide', clear, { keyHash: 'h1', version: 3 }, 'not_blocked'],
  ['nothing known at all', nothingSeen, { keyHash: null, version: 3 }, 'not_blocked'],
  ['an older hash was named', blocked, { keyHash: 'h1', version: 3 }, 'moved_on'],
  ['no hash was named though one is known', blocked, { keyHash: null, version: 3 }, 'moved_on'],
  ['a hash was named though none is known', unknownHash, { keyHash: 'h1', version: 3 }, 'moved_on'],
  ['something came since', blocked, { keyHash: 'h2', version: 2 }, 'moved_on'],
  ['a version that never was', blocked, { keyHash: 'h2', version: 4 }, 'moved_on'],
])('%s', (_case, state, said, reason) => {
  for (const verdict of ['same_person', 'different_person'] as const) {
    expect(refusal(row(state, 3), decision({ ...said, verdict }))).toBe(reason);
  }
  const answer = acknowledge(row(state, 3), decision(said), someone);
  expect(answer.kind === 'skip' ? answer.reason : undefined).toBe(reason);
});

it('a decision releases and is told with who decided, why and on what proof', () => {
  const proof = { note: 'knew the last order', evidenceUrl: 'https://calls.example/1' };
  const answer = acknowledge(row(blocked, 3), decision({ keyHash: 'h2', version: 3, ...proof }), someone);
  const { keyHash: _hash, version: _version, ...record } = decision(proof);
  expect(answer).toMatchObject({ kind: 'apply', told: [{ type: 'identity.acknowledged', fields: { decision: record } }] });
  expect(DecisionRecord.strict().parse(record)).toEqual(record);
  expect(identityView(after(blocked, answer), 4)).toMatchObject({ status: 'clear', keyHash: 'h2', blockedAt: null, evidence: [] });
});

it('a decision speaks for the identifiers of the contact and those that the evidence came under, and for no other', () => {
  const state = observe(blocked, [hash('h3', 30, 'u:n:2')]);
  const released = after(state, acknowledge(row(state), decision({ keyHash: 'h3' }), someone));
  const [made] = Object.values(released.decisions);
  expect(made).toMatchObject({ home: someone, of: ['u:n:1', 'u:n:2', 'w:1'], asOf: { P1: 30 }, accepted: { P1: 'h3' } });
});

it('a decision takes the place of all earlier ones, and covers what they covered', () => {
  const first = after(blocked, acknowledge(row(blocked), decision({ keyHash: 'h2' }), someone));
  const again = observe(first, [hash('h1', 30)]);
  const second = after(again, acknowledge(row(again), decision({ keyHash: 'h1', decisionId: 'd2' }), someone));
  expect(Object.keys(second.decisions)).toEqual(['d2']);
  expect(observe(second, [hash('h1', 10), hash('h2', 20), hash('h1', 30)])).toEqual(second);
});

it('a decision by a clock behind the platform covers nothing that is to come', () => {
  const late = decision({ keyHash: 'h2', decidedAt: '1970-01-01T00:00:15.000Z' });
  const released = after(blocked, acknowledge(row(blocked), late, someone));
  expect(Object.values(released.decisions)[0]?.asOf).toEqual({ P1: 15 });
  expect(identityView(observe(released, [hash('h3', 17)]), 1).status).toBe('blocked');
});

it('a refused send that was seen stays decided, though the clock that decided was behind', () => {
  const refused: IdentityFact = { as: 'w:1', on: 'P1', at: 20, signal: 'mismatch:m' };
  const late = decision({ decidedAt: '1970-01-01T00:00:15.000Z' });
  const released = after(unknownHash, acknowledge(row(unknownHash), late, someone));
  expect(observe(released, [refused])).toEqual(released);
  expect(identityView(observe(released, [{ ...refused, signal: 'mismatch:other' }]), 1).status).toBe('blocked');
});

it('what an earlier decision saw of its newest second says nothing of a later second', () => {
  const release = (state: typeof clear, decisionId: string) => {
    const { keyHash } = identityView(state, 1);
    return after(state, acknowledge(row(state), decision({ keyHash, decisionId }), someone));
  };
  const twice = release(observe(release(blocked, 'd1'), [hash('h3', 30)]), 'd2');
  expect(Object.values(twice.decisions)[0]?.sawThen).toEqual({ P1: ['hash:h3'] });
  expect(identityView(observe(twice, [hash('h1', 30)]), 1).status).toBe('blocked');
});
