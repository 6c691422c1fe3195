import { expect, it } from '@jest/globals';
import { changedNumber, message, refused, registeredAnew, status } from '@keyturn/testkit/identity-stories';
import { factsOf, undecidedFact } from './identity-facts.ts';

const of = { as: 'w:1', on: 'P1', at: 10 } as const;

it.each([
  ['a message says its hash', message({ at: 10, identityKeyHash: 'h1' }), [{ ...of, hash: 'h1' }]],
  ['a message without a hash says nothing: the check is off', message({ at: 10 }), []],
  [
    'a legacy block is named by its hash and when that was made, not by the message it hangs on',
    message({ at: 10, legacyIdentity: { keyHash: 'L', createdTimestamp: '9' } }),
    [{ ...of, hash: 'L', signal: 'legacy:L:9' }],
  ],
  [
    'a message may say both',
    message({ at: 10, identityKeyHash: 'h1', legacyIdentity: { keyHash: 'L', createdTimestamp: '9' } }),
    [
      { ...of, hash: 'h1' },
      { ...of, hash: 'L', signal: 'legacy:L:9' },
    ],
  ],
  ['a legacy block may lack its time', message({ at: 10, legacyIdentity: { keyHash: 'L' } }), [{ ...of, hash: 'L', signal: 'legacy:L:' }]],
  ['a legacy block may lack its hash', message({ at: 10, legacyIdentity: { createdTimestamp: '9' } }), [{ ...of, signal: 'legacy::9' }]],
  ['a status says the hash of whom it reached', status({ at: 10, identityKeyHash: 'h1' }), [{ ...of, hash: 'h1' }]],
  ['a status without a hash says nothing: the send carried one', status({ at: 10 }), []],
  ['a refused send says that the hash is another one', refused(10), [{ ...of, signal: 'mismatch:wamid-10' }]],
  [
    'a refused send may say the new hash too',
    status({ at: 10, status: 'failed', errorCodes: [137_000], identityKeyHash: 'h2' }),
    [
      { ...of, hash: 'h2' },
      { ...of, signal: 'mismatch:wamid-10', hash: 'h2' },
    ],
  ],
  ['another failure says nothing', status({ at: 10, status: 'failed', errorCodes: [131_026] }), []],
  ['the code on a status that did not fail says nothing', status({ at: 10, status: 'sent', errorCodes: [137_000] }), []],
  ['a failed payment is no refused send', status({ at: 10, subject: 'payment', status: 'failed', errorCodes: [137_000] }), []],
  [
    'a notice of a new registration is a legacy block',
    registeredAnew({ at: 10, legacyIdentity: { keyHash: 'L', createdTimestamp: '9' } }),
    [{ ...of, hash: 'L', signal: 'legacy:L:9' }],
  ],
  [
    'a notice that says neither hash nor time is named by its event',
    registeredAnew({ at: 10, id: 'e1' }),
    [{ ...of, signal: 'legacy:@e1' }],
  ],
  ['a number change is for the directory to tell', changedNumber({ at: 10 }), []],
  [
    'a fact keeps the identifier it came under and our number',
    message({ at: 10, as: 'u:n:1', on: 'P2', identityKeyHash: 'h1' }),
    [{ as: 'u:n:1', on: 'P2', at: 10, hash: 'h1' }],
  ],
  [
    'a refused send may say what it carried',
    status({ at: 10, status: 'failed', errorCodes: [137_000], sentUnder: 'h1' }),
    [{ ...of, signal: 'mismatch:wamid-10', under: 'h1' }],
  ],
])('%s', (_guarantee, event, facts) => expect(factsOf(event)).toEqual(facts.map((fact) => ({ ...fact, by: event.id }))));

it.each([
  ['a preference', { type: 'preference.changed', category: 'marketing', preference: 'stop' }],
  ['a call', { type: 'call.reported', callId: 'wacid.1', event: 'connect', calledBy: 'person' }],
  ['an echo', { type: 'message.echoed', sentFrom: 'business_app' }],
] as const)('%s says nothing of who answers, but for a hash that comes with it', (_what, said) => {
  const { id, wabaId, phoneNumberId, occurredAt, receivedAt, source, contactId, as, at, wamid, messageType } = message({ at: 10 });
  const event = { id, wabaId, phoneNumberId, occurredAt, receivedAt, source, contactId, as, at, wamid, messageType, ...said };
  expect(factsOf(event)).toEqual([]);
  expect(factsOf({ ...event, identityKeyHash: 'h1' })).toEqual([{ ...of, hash: 'h1', by: id }]);
});
it('what could not be decided on is named by its event', () =>
  expect(undecidedFact(message({ at: 10, id: 'e1' }))).toEqual({ ...of, signal: 'undecided:e1', by: 'e1' }));
