import { expect, it } from '@jest/globals';
import { after, decision, message, refused, row, someone, status } from '@keyturn/testkit/identity-stories';
import type { Resolved } from '../slice.ts';
import { acknowledge } from './acknowledge.ts';
import { identitySlice } from './identity-slice.ts';
import { type IdentityState, nothingSeen } from './identity-state.ts';
import { identityView } from './identity-view.ts';

const hash = (identityKeyHash: string, at: number, on = 'P1') => message({ identityKeyHash, at, on });
const fold = (events: readonly Resolved[], state: IdentityState = nothingSeen) =>
  events.reduce((next, event) => after(next, identitySlice.decide(row(next), event)), state);
const acknowledged = (events: readonly Resolved[]) => {
  const state = fold(events);
  const { keyHash } = identityView(state, 1);
  return after(state, acknowledge(row(state), decision({ keyHash, decidedAt: '1970-01-01T00:10:00.000Z' }), someone));
};
/** `told …`, `touch`, or why it was skipped. */
const outcome = (state: IdentityState, event: Resolved) => {
  const answer = identitySlice.decide(row(state), event);
  return answer.kind === 'apply' ? `told ${answer.told.map(({ type }) => type)}` : answer.kind === 'touch' ? 'touch' : answer.reason;
};

const refusedUnder = (sentUnder: string, at: number, on = 'P1') => status({ at, on, status: 'failed', errorCodes: [137_000], sentUnder });
it.each([
  ['under the hash that was replaced is old', [hash('h1', 10), hash('h2', 20)], refusedUnder('h1', 500), 'before_decision', 'clear'],
  ['under the accepted hash is news', [hash('h1', 10), hash('h2', 20)], refusedUnder('h2', 500), 'told identity.blocked', 'blocked'],
  [
    'under a hash that the decision did not know is news',
    [hash('h1', 10), hash('h2', 20)],
    refusedUnder('h9', 500),
    'told identity.blocked',
    'blocked',
  ],
  ['that does not say what it carried is news', [hash('h1', 10), hash('h2', 20)], refused(500), 'told identity.blocked', 'blocked'],
  [
    'under the replaced hash on another number of ours is news',
    [hash('h1', 10), hash('h2', 20)],
    refusedUnder('h1', 500, 'P2'),
    'told identity.blocked',
    'blocked',
  ],
  [
    'under the hash of before an acknowledged null is old',
    [hash('h1', 10), refused(20)],
    refusedUnder('h1', 500),
    'before_decision',
    'unknown',
  ],
  ['under the hash that was refused before is old', [refusedUnder('h0', 20)], refusedUnder('h0', 500), 'before_decision', 'unknown'],
  [
    'of somebody who has the accepted hash is old: only that sighting counts',
    [hash('h1', 10), hash('h2', 20)],
    status({ at: 500, status: 'failed', errorCodes: [137_000], identityKeyHash: 'h2' }),
    'touch',
    'clear',
  ],
  [
    'of somebody who has another is news, by that hash',
    [hash('h1', 10), hash('h2', 20)],
    status({ at: 500, status: 'failed', errorCodes: [137_000], identityKeyHash: 'h1', sentUnder: 'h2' }),
    'told identity.blocked',
    'blocked',
  ],
] as const)('after a decision, a refused send %s', (_guarantee, before, event, expected, status) => {
  const state = acknowledged(before);
  expect(outcome(state, event)).toBe(expected);
  expect(identityView(fold([event], state), 1).status).toBe(status);
});

it('what an earlier decision replaced stays replaced after the next', () => {
  const again = fold([hash('h3', 30)], acknowledged([hash('h1', 10), hash('h2', 20)]));
  const twice = after(again, acknowledge(row(again), decision({ keyHash: 'h3', decidedAt: '1970-01-01T00:10:00.000Z' }), someone));
  for (const old of ['h1', 'h2']) expect(outcome(twice, refusedUnder(old, 500))).toBe('before_decision');
});

it('a hash that is accepted again is no replaced one any more', () => {
  const twice = fold([hash('h1', 30)], acknowledged([hash('h1', 10), hash('h2', 20)]));
  const back = after(twice, acknowledge(row(twice), decision({ keyHash: 'h1', decidedAt: '1970-01-01T00:10:00.000Z' }), someone));
  expect(outcome(back, refusedUnder('h2', 500))).toBe('before_decision');
  expect(outcome(back, refusedUnder('h1', 500))).toBe('told identity.blocked');
});

it('what was refused under it while it was a replaced one tells nothing new, said again', () => {
  const decided = acknowledged([hash('h1', 10), hash('h2', 20)]);
  expect(outcome(decided, refusedUnder('h1', 30))).toBe('before_decision');
  const twice = fold([hash('h1', 30)], decided);
  const back = after(twice, acknowledge(row(twice), decision({ keyHash: 'h1', decidedAt: '1970-01-01T00:10:00.000Z' }), someone));
  expect(outcome(back, refusedUnder('h1', 30))).toBe('before_decision');
  expect(outcome(back, refusedUnder('h1', 31))).toBe('told identity.blocked');
});
