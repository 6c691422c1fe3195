import { expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import { bodyOf, fixture, RECEIVED_AT, text } from '@keyturn/normalize/testing';
import type { OutgoingRecord } from '@keyturn/runtime';
import { keeper } from './keep.ts';

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
const tooLargeRecord = new AppError('kafka.record_too_large', 'too large', { detail: { topic: 'whatsapp.inbound.v1' } });
const away = new AppError('kafka.unavailable', 'away');

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

it('says of each event its type, and all that in them could not be', async () => {
  const body = Buffer.from(
    JSON.stringify(bodyOf({ messages: [text({ from: 'Ada' }), text({ timestamp: 'now' }), text({ id: 'wamid.C' })] })),
  );
  const { types, flags } = await publishing().keep({ ...delivery, body });
  expect(types).toEqual(['message.received', 'message.received', 'message.received']);
  expect(flags).toEqual(['id_impossible', 'person_missing', 'time_impossible']);
});

it('events that are more than one publish takes never lose the body, nor bring it back for ever', async () => {
  const { sent, keep } = publishing(tooLarge);
  expect(await keep(delivery)).toMatchObject({ types: ['webhook.unrecognized'] });
  expect(sent[1]).toMatchObject([{ value: delivery.body }, { topic: { name: 'whatsapp.account.v1' } }]);
  expect(JSON.parse(String(sent[1]?.[1]?.value))).toMatchObject({ type: 'webhook.unrecognized', reason: 'events_too_large' });
});

/** A broker that refuses a request for one record with this mark in it, as the publisher tells it; what is beside it is not written. */
function refusing(mark: string) {
  const written: OutgoingRecord[] = [];
  const publish = async (records: readonly OutgoingRecord[]): Promise<void> => {
    const refused = records.find(({ topic, value }) => topic.name !== 'whatsapp.webhooks.v1' && value.includes(mark));
    if (refused) throw new AppError('kafka.record_too_large', 'too large', { detail: { topic: refused.topic.name } });
    written.push(...records);
  };
  return { written, keep: keeper({ publish }) };
}

it.each([
  ['the first', 'X..'],
  ['one amid others', '.X..'],
  ['the last', '....X'],
  ['several', 'X.XX.X'],
  ['all', 'XXX'],
  ['the only one', 'X'],
])('of the events, %s too large: it alone is left to its body, and all others are published in order', async (_case, events) => {
  const { written, keep } = refusing('refuse');
  const ids = [...events].map((one, i) => `${one === 'X' ? 'refuse' : 'take'}-${i}`);
  const body = Buffer.from(JSON.stringify(bodyOf({ messages: ids.map((id) => text({ id })) })));
  const kept = await keep({ ...delivery, body });
  const placed = (event: { type: string; source: { path: string } }) => `${event.type} ${event.source.path.split('/').at(-1)}`;
  const expected = [...events].map((one, i) => `${one === 'X' ? 'webhook.unrecognized' : 'message.received'} ${i}`);
  expect(kept.types.map((type, i) => `${type} ${i}`)).toEqual(expected);
  expect(written.filter(({ value }) => value === body)).toHaveLength(1);
  const sent = written
    .filter(({ value }) => value !== body)
    .map(({ value }) => JSON.parse(String(value)) as { id: string; type: string; source: { path: string } });
  expect(sent.map(placed)).toEqual(expected.toSorted()); // those in place of others go last
  expect(new Set(sent.map(({ id }) => id)).size).toBe(events.length);
});

it.each([
  ['a body that is too large for the broker', [tooLarge, tooLarge]],
  ['a body that alone is too large for the broker', [tooLargeRecord, tooLargeRecord]],
  ['a broker that goes away before the halves are published', [tooLargeRecord, undefined, away]],
  ['a broker that goes away before it says which event it lacks', [tooLargeRecord, undefined, tooLargeRecord, away]],
  ['a broker that is away', [away]],
  ['a broker that goes away in between', [tooLarge, away]],
])('%s is not kept, and says so', async (_case, ends) => {
  await expect(publishing(...ends).keep(delivery)).rejects.toMatchObject({ code: 'webhook.not_kept' });
});
