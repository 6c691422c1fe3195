import { expect, it } from '@jest/globals';
import { webhookIdOf } from '@keyturn/normalize';
import { bodyOf, SENT_AT, text } from '@keyturn/normalize/testing';
import { eventsOf } from './kept-webhook.ts';

const HOUR = 3_600;
const at = (seconds: number) => new Date((SENT_AT + seconds) * 1_000);
const body = Buffer.from(JSON.stringify(bodyOf({ messages: [text({ identity: { hash: 'h' } })] })));
/** What is made of it, received by this clock and read again by that one. */
const read = async (receivedAt: Date, now: Date) => (await eventsOf({ body, webhookId: webhookIdOf(body), receivedAt }, now))[0];

it('a time that could not be by a clock that was slow counts when it is read again, under the same id', async () => {
  const slow = at(-2 * HOUR);
  const [then, again] = [await read(slow, slow), await read(slow, at(HOUR))];
  expect(then).toMatchObject({ facets: [], event: { occurredAt: slow.toISOString(), flags: ['time_impossible'] } });
  expect(again).toMatchObject({
    facets: ['consent', 'hash', 'window'],
    event: { occurredAt: at(0).toISOString(), receivedAt: slow.toISOString() },
  });
  expect([again?.event.id, again?.event && 'flags' in again.event]).toEqual([then?.event.id, false]);
});

it('what was known by its time then is the same by any clock', async () => {
  const first = await read(at(1), at(1));
  for (const now of [at(-9 * HOUR), at(0), at(9_999 * HOUR)]) expect(await read(at(1), now)).toEqual(first);
});
