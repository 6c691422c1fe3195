import { expect, it } from '@jest/globals';
import { refused, status } from '@keyturn/testkit/identity-stories';
import { acknowledged, fold, hash, outcome, released } from './decided.fixture.ts';
import { identityView } from './identity-view.ts';

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
  const twice = released(again, 'h3');
  for (const old of ['h1', 'h2']) expect(outcome(twice, refusedUnder(old, 500))).toBe('before_decision');
});

it('a hash that is accepted again is no replaced one any more', () => {
  const twice = fold([hash('h1', 30)], acknowledged([hash('h1', 10), hash('h2', 20)]));
  const back = released(twice, 'h1');
  expect(outcome(back, refusedUnder('h2', 500))).toBe('before_decision');
  expect(outcome(back, refusedUnder('h1', 500))).toBe('told identity.blocked');
});

it('what was refused under it while it was a replaced one tells nothing new, said again', () => {
  const decided = acknowledged([hash('h1', 10), hash('h2', 20)]);
  expect(outcome(decided, refusedUnder('h1', 30))).toBe('before_decision');
  const twice = fold([hash('h1', 30)], decided);
  const back = released(twice, 'h1');
  expect(outcome(back, refusedUnder('h1', 30))).toBe('before_decision');
  expect(outcome(back, refusedUnder('h1', 31))).toBe('told identity.blocked');
});
