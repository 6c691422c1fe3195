import { expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import type { OutgoingRecord } from '@keyturn/runtime';
import { keeper } from './keep.ts';
import { fixture, RECEIVED_AT } from './normalize/testing.ts';

const delivery = { body: fixture('messages.text'), signature: 'sha256=0', contentType: 'application/json', receivedAt: RECEIVED_AT };
/** What each publish gets, and how it ends. */
function publishing(...ends: readonly (AppError | undefined)[]) {
  const sent: (readonly OutgoingRecord[])[] = [];
  const publish = async (records: readonly OutgoingRecord[]): Promise<void> => {
    const end = ends[sent.length];
    sent.push(records);
    if (end) throw end;
  };
  return { sent, keep: keeper({ publish }) };
}
const tooLarge = new AppError('kafka.record_too_large', 'too large');

it('the body and its events go in one publish', async () => {
  const { sent, keep } = publishing();
  const { webhookId } = await keep(delivery);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject([
    {
      topic: { name: 'whatsapp.webhooks.v1' },
      key: webhookId,
      value: delivery.body,
      headers: { 'received-at': '2026-11-23T12:00:00.500Z', signature: 'sha256=0', 'content-type': 'application/json' },
    },
    {
      topic: { name: 'whatsapp.inbound.v1' },
      key: '12025550101',
      headers: { 'event-type': 'message.received', 'occurred-at': '2026-11-20T00:00:00.000Z', facets: 'consent,link,window' },
    },
  ]);
});

it('events that the broker finds too large never lose the body, nor bring it back for ever', async () => {
  const { sent, keep } = publishing(tooLarge);
  const { events } = await keep(delivery);
  expect(events).toMatchObject([{ event: { type: 'webhook.unrecognized', reason: 'events_too_large' } }]);
  expect(sent[1]).toMatchObject([{ value: delivery.body }, { topic: { name: 'whatsapp.account.v1' } }]);
});

it.each([
  ['a body that is too large for the broker', [tooLarge, tooLarge]],
  ['a broker that is away', [new AppError('kafka.unavailable', 'away')]],
  ['a broker that goes away in between', [tooLarge, new AppError('kafka.unavailable', 'away')]],
])('%s is not kept, and says so', async (_case, ends) => {
  await expect(publishing(...ends).keep(delivery)).rejects.toMatchObject({ code: 'webhook.not_kept' });
});
