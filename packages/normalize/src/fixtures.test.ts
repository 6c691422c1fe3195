import { describe, expect, it } from '@jest/globals';
import { AccountEvent, InboundEvent, inbound, webhooks } from '@keyturn/contracts';
import { itemPaths } from './item-paths.fixture.ts';
import { fixture, fixtureNames, normalized, RECEIVED_AT } from './testing.ts';
import { eventRecord, webhookIdOf, webhookRecord } from './webhook-records.ts';

const BYTES_AN_ITEM = 600;
it('there are as many fixtures of webhooks as are known', () => expect(fixtureNames).toHaveLength(167));

describe.each(fixtureNames.map((name) => [name]))('%s', (name) => {
  const body = fixture(name);
  const items = itemPaths(JSON.parse(body.toString()));
  const all = normalized(body);

  it('every item gives at least one event, and an event is about an item', () => {
    expect(new Set(all.map(({ event }) => event.source.path))).toEqual(new Set(items));
  });

  it('every event is as its contract says', () => {
    for (const { event, topic } of all) {
      const schema = topic === inbound ? InboundEvent : AccountEvent;
      expect(schema.parse(event)).toEqual(event);
    }
  });

  it('the record of the body equals the bytes, and the events are no larger than twice the body and 600 bytes an item', () => {
    const webhookId = webhookIdOf(body);
    const kept = webhookRecord(webhookId, { body, signature: 'sha256=0', contentType: undefined, receivedAt: RECEIVED_AT });
    expect(kept).toMatchObject({ topic: webhooks, key: webhookId, value: body });
    const compact = Buffer.byteLength(JSON.stringify(JSON.parse(body.toString())));
    const bytes = all
      .map(eventRecord)
      .reduce((sum, { key, value, headers }) => sum + sizeOf([key, value, ...Object.entries(headers ?? {}).flat()]), 0);
    expect(bytes).toBeLessThanOrEqual(2 * compact + BYTES_AN_ITEM * items.length);
  });

  it('nothing in it is flagged', () => expect(all.flatMap(({ event }) => ('flags' in event ? event.flags : []))).toEqual([]));
});

const sizeOf = (parts: readonly (string | Buffer)[]): number => parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
