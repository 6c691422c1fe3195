import { expect, it } from '@jest/globals';
import type { InboundEvent } from '@keyturn/contracts';
import { message, numberChanged, status, T0 } from '@keyturn/testkit/events';
import { outboundFact, outboundRanks } from './outbound-fact.ts';

const waId = '4915700000001';
const said = (given: Partial<Parameters<typeof status>[0]> = {}) => status({ at: T0, waId, wamid: 'm', ...given });
const echo = (given: object = {}): InboundEvent => {
  const { type: _, subject: __, status: ___, ...rest } = said();
  return { ...rest, type: 'message.echoed', messageType: 'text', sentFrom: 'business_app', ...given };
};
const rankOf = (event: InboundEvent) => outboundFact(event, 'n')?.rank ?? null;

it.each<[string, InboundEvent, number | null]>([
  ['sent', said({ status: 'sent' }), outboundRanks.sent],
  ['delivered', said(), outboundRanks.delivered],
  ['read', said({ status: 'read' }), outboundRanks.read],
  ['a voice message that was played was read', said({ status: 'played' }), outboundRanks.read],
  ['failed is no reach, and is told apart', said({ status: 'failed', errorCodes: [137_000] }), outboundRanks.failed],
  ['what somebody wrote by hand in the business app went out', echo(), outboundRanks.sent],
  ['what went to a group by hand names nobody', echo({ groupId: 'g' }), null],
  ['an edit is no other message', echo({ messageType: 'edit', originalWamid: 'm0' }), null],
  ['a payment is no delivery', said({ subject: 'payment', status: 'captured' }), null],
  ['a failed payment is none either', said({ subject: 'payment', status: 'failed' }), null],
  ['a status that nobody has seen says nothing of how far it got', said({ status: 'teleported' }), null],
  ['nor does one that every object has', said({ status: 'constructor' }), null],
  ['what they sent is not ours', message({ at: T0, waId }), null],
  ['a change of number is no message', numberChanged({ at: T0, waId }), null],
  ['without a possible time it counts for nothing', said({ flags: ['time_impossible'] }), null],
])('%s', (_case, event, rank) => expect(rankOf(event)).toBe(rank));

it('is kept under the identifier that facts are kept under, in canonical form, with our number, category and whole seconds', () => {
  expect(outboundFact(said({ waId: '551187654321', bsuid: 'BR.1', pricingCategory: 'marketing' }), 'n')).toEqual({
    ...{ as: 'w:5511987654321', wamid: 'm', rank: 2, at: T0, wabaId: '200000000000001', phoneNumberId: '100000000000001' },
    ...{ category: 'marketing', source: 'api', undeliverable: false },
  });
  expect(outboundFact(status({ at: T0, bsuid: 'BR.1', wamid: 'm' }), 'n')).toMatchObject({ as: 'u:n:BR.1', category: null });
});

it.each<[string, InboundEvent, string]>([
  ['a status that says no more', said({ status: 'sent' }), 'api'],
  ['a status while another owner has the thread', said({ status: 'sent', standby: true }), 'standby'],
  ['by hand', echo(), 'business_app'],
  ['by another owner of the thread', echo({ sentFrom: 'standby' }), 'standby'],
  ['in a field that says neither', echo({ sentFrom: 'unknown' }), 'unknown'],
])('by which way it went: %s', (_case, event, source) => expect(outboundFact(event, 'n')?.source).toBe(source));
