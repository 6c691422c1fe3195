import { expect, it } from '@jest/globals';
import { call, message, other, preference, status } from '../contact/slice-world.fixture.ts';
import type { Resolved } from '../slice.ts';
import { consentFactOf } from './consent-fact.ts';

const said = (item: Resolved) => {
  const fact = consentFactOf(item);
  return 'nothing' in fact ? fact.nothing : `${fact.kind}:${fact.source}:${fact.categories.join()}`;
};
const reply = (author: 'business' | 'person' | 'unknown') => ({ replyTo: { wamid: 'wamid.other', author } });
const ad = { sourceType: 'ad', sourceId: '6000', ctwaClid: 'click' };

it.each([
  // Trap 38: not customer-initiated.
  ['a status', status(), 'no_consent_signal'],
  ['a message in a group', message({ groupId: 'g' }), 'group_message'],
  ['a system notice', message({ messageType: 'system' }), 'not_customer_initiated'],
  ['a reaction', message({ messageType: 'reaction' }), 'not_customer_initiated'],
  ['an edit', message({ messageType: 'edit' }), 'not_customer_initiated'],
  ['a revocation', message({ messageType: 'revoke' }), 'not_customer_initiated'],
  ['a reply to us', message(reply('business')), 'reply_to_business'],
  ['a reply to nobody knows whom', message(reply('unknown')), 'reply_to_business'],
  ['a quick reply to a template', message({ messageType: 'button', ...reply('business') }), 'not_customer_initiated'],
  ['a quick reply whose context got lost', message({ messageType: 'button' }), 'not_customer_initiated'],
  ['a call permission reply, or any answer to buttons of ours', message({ messageType: 'interactive' }), 'not_customer_initiated'],
  ['a shared contact: it may answer our request for the number', message({ messageType: 'contacts' }), 'not_customer_initiated'],
  ['a type that nobody knows', message({ messageType: 'hologram' }), 'not_customer_initiated'],
  ['a reply in a group', message({ groupId: 'g', ...reply('person') }), 'group_message'],
  ['an echo', other('echo'), 'no_consent_signal'],
  ['a message of the past', other('imported'), 'claim'],
  ['an entry of an address book', other('synced'), 'claim'],
  ['a join of a group', other('participant'), 'no_consent_signal'],
  ['a handover of the thread', other('handedOver'), 'no_consent_signal'],
  ['a call of ours', call({ calledBy: 'business' }), 'not_customer_initiated'],
  ['a call of nobody knows whom', call({ calledBy: 'unknown' }), 'not_customer_initiated'],
  ['the end of their call', call({ event: 'terminate' }), 'not_customer_initiated'],
  // Trap 39: customer-initiated in odd dress.
  ['a call', call(), 'thread:customer_thread:'],
  ['a message while another owner has the thread', message({ standby: true }), 'thread:customer_thread:'],
  ['a text', message(), 'thread:customer_thread:'],
  ...['image', 'video', 'audio', 'document', 'sticker', 'location'].map(
    (messageType) => [`a message of type ${messageType}`, message({ messageType }), 'thread:customer_thread:'] as const,
  ),
  ['an order', message({ messageType: 'order' }), 'thread:customer_thread:'],
  ['an unsupported first message', message({ messageType: 'unsupported' }), 'thread:customer_thread:'],
  ['a chat that was opened', message({ messageType: 'request_welcome' }), 'thread:customer_thread:'],
  ['a message by an ad', message({ referral: ad }), 'thread:ad:'],
  ['a message by a post', message({ referral: { sourceType: 'post' } }), 'thread:customer_thread:'],
  ['a reply to an own message', message(reply('person')), 'thread:customer_thread:'],
  // Trap 40: a forwarded message has a context without an id, so no `replyTo`.
  ['a forwarded message', message({ messageType: 'image' }), 'thread:customer_thread:'],
  // Traps 41 and 42: stops in any dress, and none of them an opt-in.
  ['a stop by quick reply', message({ messageType: 'button', optOut: 'button', ...reply('business') }), 'stop:opt_out_message:marketing'],
  ['a stop in so many words', message({ optOut: 'keyword' }), 'stop:opt_out_message:marketing'],
  ['a stop in a reply', message({ optOut: 'keyword', ...reply('business') }), 'stop:opt_out_message:marketing'],
  ['a stop in a group', message({ optOut: 'keyword', groupId: 'g' }), 'stop:opt_out_message:marketing'],
  ['a stop in the settings', preference(), 'stop:platform:marketing'],
  ['a resumption in the settings', preference({ preference: 'resume' }), 'explicit:platform:marketing'],
  ['a stop of another category', preference({ category: 'utility_messages' }), 'stop:platform:utility'],
  ['a stop of a category nobody knows', preference({ category: 'all' }), 'stop:platform:marketing'],
  ['a resumption of a category nobody knows', preference({ category: 'all', preference: 'resume' }), 'category_unknown'],
  ['a sign-up', preference({ preference: 'signup' }), 'explicit:in_app_signup:marketing'],
  ['a sign-up for a category nobody knows', preference({ preference: 'signup', category: 'all' }), 'category_unknown'],
  ['a send that failed since marketing is stopped', status({ status: 'failed', errorCodes: [131050] }), 'stop:platform:marketing'],
  ['a send that failed for another reason', status({ status: 'failed', errorCodes: [131026, 131049] }), 'no_consent_signal'],
  ['a payment', status({ subject: 'payment', errorCodes: [131050] }), 'no_consent_signal'],
  // Flagged: kept, decides nothing.
  ['a flagged message', message({ flags: ['time_impossible'] }), 'flagged'],
  ['a flagged stop', preference({ flags: ['person_missing'] }), 'flagged'],
] as const)('%s', (_what, item, expected) => expect(said(item)).toBe(expected));

it('the evidence of a thread is where it stands in which webhook, and what led to it', () => {
  expect(consentFactOf(message({ referral: ad }))).toMatchObject({
    evidence: { wamid: 'wamid.in', messageType: 'text', webhookId: 'body', path: '/entry/0', referral: ad },
    occurredAt: '1970-01-01T00:01:40.000Z',
  });
});

it('the evidence of a stop names the message, the setting or the failed send', () => {
  expect(consentFactOf(message({ optOut: 'button' }))).toMatchObject({ evidence: { wamid: 'wamid.in', optOut: 'button' } });
  expect(consentFactOf(preference())).toMatchObject({
    evidence: { preference: 'stop', category: 'marketing_messages', webhookId: 'body' },
  });
  expect(consentFactOf(preference({ preference: 'signup', signupId: '8' }))).toMatchObject({
    evidence: { preference: 'signup', signupId: '8' },
  });
  expect(consentFactOf(call())).toMatchObject({ evidence: { callId: 'wacid.1', webhookId: 'body' } });
  expect(consentFactOf(status({ errorCodes: [131050] }))).toMatchObject({ evidence: { wamid: 'wamid.out', errorCode: 131050 } });
});
