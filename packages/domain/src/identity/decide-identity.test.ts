import { expect, it } from '@jest/globals';
import { after, changedNumber, decision, message, refused, registeredAnew, row, someone, status } from '@keyturn/testkit/identity-stories';
import type { Resolved } from '../slice.ts';
import { acknowledge } from './acknowledge.ts';
import { acknowledged, fold, hash, outcome } from './decided.fixture.ts';
import { identitySlice } from './identity-slice.ts';
import { identityView } from './identity-view.ts';

const legacy = (at: number) => message({ at, legacyIdentity: { keyHash: 'L', createdTimestamp: '9' } });

it.each([
  ['the first hash of a contact is learned', [], hash('h1', 10), 'told identity.hash_learned', 'clear'],
  [
    'the first hash on another number of ours is learned, whatever it is',
    [hash('h1', 10)],
    hash('x', 20, 'P2'),
    'told identity.hash_learned',
    'clear',
  ],
  ['a later sighting only moves a time', [hash('h1', 10)], hash('h1', 20), 'touch', 'clear'],
  ['an earlier sighting only moves a time', [hash('h1', 10)], hash('h1', 5), 'touch', 'clear'],
  ['the same message again is nothing new', [hash('h1', 10)], hash('h1', 10), 'seen_before', 'clear'],
  ['a second hash blocks', [hash('h1', 10)], hash('h2', 20), 'told identity.blocked', 'blocked'],
  ['a late message under an earlier hash also blocks', [hash('h2', 20)], hash('h1', 10), 'told identity.blocked', 'blocked'],
  ['a second hash of the same second blocks', [hash('h1', 10)], hash('h2', 10), 'told identity.blocked', 'blocked'],
  ['a second hash on a status blocks', [hash('h1', 10)], status({ at: 20, identityKeyHash: 'h2' }), 'told identity.blocked', 'blocked'],
  [
    'a third hash changes what is to be acknowledged',
    [hash('h1', 10), hash('h2', 20)],
    hash('h3', 30),
    'told identity.evidence_changed',
    'blocked',
  ],
  [
    'the first hash coming back is not the all-clear',
    [hash('h1', 10), hash('h2', 20)],
    hash('h1', 30),
    'told identity.evidence_changed',
    'blocked',
  ],
  [
    'while blocked, the hash of another number of ours is learned',
    [hash('h1', 10), hash('h2', 20)],
    hash('x', 30, 'P2'),
    'told identity.hash_learned',
    'blocked',
  ],
  ['while blocked, a later sighting of the newest only moves a time', [hash('h1', 10), hash('h2', 20)], hash('h2', 30), 'touch', 'blocked'],
  ['a refused send blocks', [hash('h1', 10)], refused(20), 'told identity.blocked', 'blocked'],
  ['a refused send blocks who has no hash yet', [], refused(20), 'told identity.blocked', 'blocked'],
  ['another refused send is more evidence', [refused(20)], refused(30), 'told identity.evidence_changed', 'blocked'],
  ['a legacy block blocks', [], legacy(10), 'told identity.blocked', 'blocked'],
  ['a legacy block that repeats only moves a time', [legacy(10)], legacy(20), 'touch', 'blocked'],
  ['a notice of a new registration blocks', [hash('h1', 10)], registeredAnew({ at: 20 }), 'told identity.blocked', 'blocked'],
  ['a message without a hash says nothing', [hash('h1', 10)], message({ at: 20 }), 'no_identity_signal', 'clear'],
  ['a message without a hash does not release', [hash('h1', 10), hash('h2', 20)], message({ at: 30 }), 'no_identity_signal', 'blocked'],
  ['a number change is left to the directory', [], changedNumber({ at: 10 }), 'directory_signal', 'unknown'],
  [
    'an event without a possible time decides nothing',
    [hash('h1', 10)],
    message({ at: 20, identityKeyHash: 'h2', flags: ['time_impossible'] }),
    'flagged',
    'clear',
  ],
  [
    'an impossible person decides nothing',
    [hash('h1', 10)],
    message({ at: 20, identityKeyHash: 'h2', flags: ['person_missing'] }),
    'flagged',
    'clear',
  ],
  [
    'a message of the past is a claim, whatever it carries',
    [hash('h1', 10)],
    { ...message({ at: 20 }), type: 'message.imported', author: 'person', identityKeyHash: 'h2' } as Resolved,
    'claim',
    'clear',
  ],
  [
    'an impossible id beside it silences no hash',
    [hash('h1', 10)],
    message({ at: 20, identityKeyHash: 'h2', flags: ['id_impossible'] }),
    'told identity.blocked',
    'blocked',
  ],
  ['a change to nobody knows whom blocks who announced it', [], changedNumber({ at: 10, current: {} }), 'told identity.blocked', 'blocked'],
  ['no flags are no flag', [hash('h1', 10)], message({ at: 20, identityKeyHash: 'h2', flags: [] }), 'told identity.blocked', 'blocked'],
] as const)('%s', (_guarantee, before, event, expected, status) => {
  const state = fold(before);
  expect(outcome(state, event)).toBe(expected);
  expect(identityView(fold([event], state), 1).status).toBe(status);
});

it.each([
  ['what it saw is history, however late it comes again', [hash('h1', 10), hash('h2', 20)], hash('h1', 10), 'before_decision', 'clear'],
  [
    'a hash that it never saw but older than what it saw is history',
    [hash('h1', 10), hash('h2', 20)],
    hash('h0', 15),
    'before_decision',
    'clear',
  ],
  ['the accepted hash only moves a time', [hash('h1', 10), hash('h2', 20)], hash('h2', 30), 'touch', 'clear'],
  ['the earlier hash coming back blocks', [hash('h1', 10), hash('h2', 20)], hash('h1', 30), 'told identity.blocked', 'blocked'],
  [
    'a late hash newer than what it saw blocks, though older than the click',
    [hash('h1', 10), hash('h2', 20)],
    hash('h3', 150),
    'told identity.blocked',
    'blocked',
  ],
  [
    'a hash that nobody saw, of the newest second seen, blocks',
    [hash('h1', 10), hash('h2', 20)],
    hash('h3', 20),
    'told identity.blocked',
    'blocked',
  ],
  [
    'a refused send that nobody saw, of the newest second seen, blocks',
    [hash('h1', 10), hash('h2', 20)],
    refused(20),
    'told identity.blocked',
    'blocked',
  ],
  [
    'an identifier that it did not know is not covered',
    [hash('h1', 10), hash('h2', 20)],
    message({ at: 15, as: 'w:9', identityKeyHash: 'h1' }),
    'told identity.blocked',
    'blocked',
  ],
  [
    'a number of ours that it did not know is not covered',
    [hash('h1', 10), hash('h2', 20)],
    refused(15, 'P2'),
    'told identity.blocked',
    'blocked',
  ],
  [
    'after an acknowledged null the next hash is the baseline',
    [hash('h1', 10), refused(20)],
    hash('h2', 30),
    'told identity.hash_learned',
    'clear',
  ],
  ['a legacy block that was acknowledged may repeat for ever', [legacy(10)], legacy(40), 'before_decision', 'unknown'],
  ['a refused send that was acknowledged may come again', [hash('h1', 10), refused(20)], refused(20), 'before_decision', 'unknown'],
  [
    'a number of ours that shared the hash moves with it: nobody is paged twice',
    [hash('h1', 10), hash('h1', 11, 'P2'), hash('h2', 20)],
    hash('h2', 30, 'P2'),
    'touch',
    'clear',
  ],
  [
    'and the old hash coming back there blocks',
    [hash('h1', 10), hash('h1', 11, 'P2'), hash('h2', 20)],
    hash('h1', 30, 'P2'),
    'told identity.blocked',
    'blocked',
  ],
] as const)('after a decision: %s', (_guarantee, before, event, expected, status) => {
  const state = acknowledged(before);
  expect(outcome(state, event)).toBe(expected);
  expect(identityView(fold([event], state), 1).status).toBe(status);
});

it.each([
  [
    'the new hash, learned later, is the one to acknowledge',
    [hash('h1', 10), refused(20), hash('h2', 30)],
    'h2',
    ['hash', 'mismatch', 'hash'],
  ],
  ['where none was known before, too', [refused(20), hash('h2', 30)], 'h2', ['mismatch', 'hash']],
  [
    'the refusal itself may say it',
    [status({ at: 20, status: 'failed', errorCodes: [137_000], identityKeyHash: 'h2' })],
    'h2',
    ['mismatch', 'hash'],
  ],
  [
    'a hash known before says nothing of the new one, though it is seen again',
    [hash('h1', 10), refused(20), hash('h1', 30)],
    null,
    ['mismatch'],
  ],
  ['one seen only before says nothing of the new one', [hash('h1', 10), refused(20)], null, ['mismatch']],
  ['nor does one on another number of ours', [refused(20), hash('x', 30, 'P2')], null, ['mismatch']],
] as const)('a refused send: %s, in any order: one block, whose evidence grows', (_case, events, keyHash, kinds) => {
  for (const order of [events, events.toReversed(), [...events, ...events]]) {
    const view = identityView(fold(order), 1);
    expect(view).toMatchObject({ status: 'blocked', keyHash, blockedAt: '1970-01-01T00:00:20.000Z' });
    expect(view.evidence.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
  }
});

it('while blocked, another number of ours seeing another of its hashes is told too: it is what is shown as known there', () => {
  const state = fold([hash('h1', 10), hash('h2', 90), hash('x', 20, 'P2'), hash('y', 30, 'P2')]);
  expect(outcome(state, hash('x', 40, 'P2'))).toBe('told identity.evidence_changed');
  expect(outcome(state, hash('y', 40, 'P2'))).toBe('touch');
});

it('after null was acknowledged and the next hash learned, the hash before it blocks', () => {
  const state = fold([hash('h2', 40)], acknowledged([hash('h1', 10), refused(20)]));
  expect(identityView(state, 1)).toMatchObject({ status: 'clear', keyHash: 'h2' });
  expect(outcome(state, hash('h1', 50))).toBe('told identity.blocked');
});

it('an event on which deciding failed blocks until acknowledged like any', () => {
  const failed = message({ at: 20, id: 'e1' });
  const learned = fold([hash('h1', 10)]);
  const undecided = identitySlice.undecided?.(row(learned), failed);
  expect(undecided).toMatchObject({ kind: 'apply', told: [{ type: 'identity.blocked' }] });
  const state = after(learned, undecided);
  expect(identityView(state, 1).evidence).toMatchObject([{ kind: 'undecided', detail: 'e1', keyHash: null, phoneNumberId: 'P1' }]);
  const released = after(state, acknowledge(row(state), decision(), someone));
  expect(identityView(released, 2)).toMatchObject({ status: 'unknown', evidence: [] });
  expect(identitySlice.undecided?.(row(released), failed)).toEqual({ kind: 'skip', reason: 'before_decision' });
});
