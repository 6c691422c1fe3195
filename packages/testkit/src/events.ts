import { createHash } from 'node:crypto';
import { headers, type InboundEvent, type MessageReceived, type NumberChanged, type StatusReported } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';

const defaults = { wabaId: '200000000000001', phoneNumberId: '100000000000001', receivedAt: '2026-11-23T12:00:00.000Z' };
/** 2026-11-20 00:00 UTC, in seconds: the hour zero of the tests' stories. */
export const T0 = 1_795_132_800;
export const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

type Given<Event> = Partial<Omit<Event, 'type' | 'occurredAt'>> & { at: number };
const envelopeOf = (type: string, given: object & { at: number }) => {
  const id = createHash('sha256')
    .update(JSON.stringify([type, given]))
    .digest('base64url')
    .slice(0, 22);
  const { at, ...rest } = given;
  return { ...defaults, id, occurredAt: iso(at), source: { webhookId: 'w', path: '/entry/0' }, ...rest };
};

/** A text message from a person, at so many seconds since 1970. */
export const message = (given: Given<MessageReceived>): MessageReceived =>
  ({
    type: 'message.received',
    wamid: `wamid.${given.at}`,
    messageType: 'text',
    ...envelopeOf('message.received', given),
  }) as MessageReceived;
/** A delivered status of a message of ours. */
export const status = (given: Given<StatusReported>): StatusReported =>
  ({
    type: 'status.reported',
    wamid: `wamid.${given.at}`,
    subject: 'delivery',
    status: 'delivered',
    ...envelopeOf('status.reported', given),
  }) as StatusReported;
/** A reported change of number. */
export const numberChanged = (given: Given<NumberChanged>): NumberChanged =>
  ({
    type: 'number.changed',
    variant: 'user_changed_number',
    previous: {},
    current: {},
    ...envelopeOf('number.changed', given),
  }) as NumberChanged;

/** The event as its record on the inbound topic, with the facets that tests of consumers need: all. */
export const inboundRecord = (
  event: InboundEvent,
  offset: bigint,
  facets = 'consent,error,hash,link,number,status,window',
): IncomingRecord => ({
  offset,
  key: event.waId ?? event.bsuid ?? '',
  value: Buffer.from(JSON.stringify(event)),
  headers: { [headers.eventType]: event.type, [headers.occurredAt]: event.occurredAt, [headers.facets]: facets },
  timestamp: Date.parse(event.receivedAt),
});
