import { hash } from 'node:crypto';
import { headers, type Topic, webhooks } from '@keyturn/contracts';
import type { Normalized } from './normalized.ts';
import { isoOf } from './payload/times.ts';

/** A body as it came. */
export type Delivery = {
  readonly body: Buffer;
  readonly signature: string;
  readonly contentType: string | undefined;
  readonly receivedAt: Date;
};

/** A record as it goes to Kafka. */
type Outgoing = {
  readonly topic: Topic;
  readonly key: string;
  readonly value: Buffer | string;
  readonly headers: Readonly<Record<string, string>>;
};

/** What names a body: its SHA-256 in hex. */
export const webhookIdOf = (body: Buffer): string => hash('sha256', body, 'hex');

/** The record that keeps the body, byte for byte. */
export const webhookRecord = (webhookId: string, delivery: Delivery): Outgoing => ({
  topic: webhooks,
  key: webhookId,
  value: delivery.body,
  headers: {
    [headers.receivedAt]: isoOf(delivery.receivedAt.getTime()),
    [headers.signature]: delivery.signature,
    ...(delivery.contentType !== undefined && { [headers.contentType]: delivery.contentType }),
  },
});

/** The record of one event. Its headers let a consumer skip it unread. */
export const eventRecord = ({ topic, key, event, facets }: Normalized): Outgoing => ({
  topic,
  key,
  value: JSON.stringify(event),
  headers: { [headers.eventType]: event.type, [headers.occurredAt]: event.occurredAt, [headers.facets]: facets.join(',') },
});
