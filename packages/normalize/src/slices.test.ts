import { hash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { WEBHOOK_BYTES_MAX } from '@keyturn/contracts';
import { normalize, normalizeInSlices } from './normalize.ts';
import { bodyOf, RECEIVED_AT, text } from './testing.ts';

const ITEMS = 1_000;
const large = (): Buffer => {
  const bare = (pad: string) =>
    Buffer.from(
      JSON.stringify(bodyOf({ messages: Array.from({ length: ITEMS }, (_, i) => text({ id: `wamid.${i}`, text: { body: pad } })) })),
    );
  return bare('x'.repeat(Math.floor((WEBHOOK_BYTES_MAX - bare('').length) / ITEMS)));
};

it('a body of 3 MB with 1,000 items lets others by all the while, and gives the same events', async () => {
  const body = large();
  const context = { webhookId: hash('sha256', body, 'hex'), receivedAt: RECEIVED_AT };
  let [turns, done] = [0, false];
  const others = (): unknown =>
    done ||
    setImmediate(() => {
      turns += 1;
      others();
    });
  others();
  const events = await normalizeInSlices(body, context);
  done = true;
  expect(turns).toBeGreaterThanOrEqual(ITEMS / 100);
  expect(events).toEqual(normalize(body, context));
  expect(events).toHaveLength(ITEMS);
});
