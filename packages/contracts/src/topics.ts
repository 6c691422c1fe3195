import type { z } from 'zod';
import { AccountEvent } from './account-events.ts';
import {
  ConsentEvent,
  ConsentStateRecord,
  ContactEvent,
  ContactStateRecord,
  IdentityEvent,
  IdentityStateRecord,
} from './changed-events.ts';
import { DAY_MS } from './ids.ts';
import { type Facet, InboundEvent } from './inbound-events.ts';

/** A topic as it is made and read. `schema` is absent for the webhook bodies, which are bytes. */
export type Topic<Schema extends z.ZodType = z.ZodType> = {
  readonly name: string;
  readonly schema: Schema | null;
  /** What the key of a record is, in words; every topic of ours says it. */
  readonly key?: string;
  /** Fixed: a key's partition never changes, so order within a person holds. */
  readonly partitions: number;
  /** Its records need no order: those that are sent together go to one partition, whichever, and are one write to the broker's disk and not one for
   *  each partition. The key still names the record. */
  readonly unordered?: true;
  readonly cleanup: 'delete' | 'compact';
  /** Absent: compacted, or kept for ever. */
  readonly retentionMs?: number;
  /** The largest record batch the broker takes on this topic. */
  readonly messageBytesMax: number;
};

/** What Meta posts at most (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview, read 2025-12). */
export const WEBHOOK_BYTES_MAX = 3 * 1024 * 1024;
const PARTITIONS = 6;
const CONTACT = 'contactId';
/** A whole body in one `webhook.unrecognized`, escaped anew (`ü` came as six bytes and goes as two) with room for its envelope. */
const MESSAGE_BYTES_MAX = 8 * 1024 * 1024;

const defineTopic = <Schema extends z.ZodType>(
  topic: Pick<Topic<Schema>, 'name' | 'schema' | 'cleanup' | 'unordered'> & { key: string; retentionMs?: number; partitions?: number },
): Topic<Schema> => ({ partitions: PARTITIONS, messageBytesMax: MESSAGE_BYTES_MAX, ...topic });

/** The body of every webhook, byte for byte. */
export const webhooks = defineTopic({
  name: 'whatsapp.webhooks.v1',
  schema: null,
  key: 'SHA-256 of the body, in hex',
  unordered: true,
  cleanup: 'delete',
  retentionMs: 7 * DAY_MS,
});
/** Everything WhatsApp tells us about contacts. Order is usual, never promised. */
export const inbound = defineTopic({
  name: 'whatsapp.inbound.v1',
  schema: InboundEvent,
  key: 'the wa_id, else the BSUID of the person',
  cleanup: 'delete',
  retentionMs: 30 * DAY_MS,
});
/** All that is not about a contact, and what nobody knows. */
export const account = defineTopic({
  name: 'whatsapp.account.v1',
  schema: AccountEvent,
  key: 'the WABA, else the SHA-256 of the body',
  cleanup: 'delete',
  retentionMs: 30 * DAY_MS,
});
/** What the directory learned about who somebody is, and what changed of names and windows. */
export const contactEvents = defineTopic({
  name: 'contact.events.v1',
  schema: ContactEvent,
  key: CONTACT,
  cleanup: 'delete',
  retentionMs: 30 * DAY_MS,
});
/** Who is blocked, and why; who was released, by whom. */
export const identityEvents = defineTopic({
  name: 'identity.events.v1',
  schema: IdentityEvent,
  key: CONTACT,
  cleanup: 'delete',
  retentionMs: 30 * DAY_MS,
});
/** What somebody said they want to hear, and what follows for each category. */
export const consentEvents = defineTopic({
  name: 'consent.events.v1',
  schema: ConsentEvent,
  key: CONTACT,
  cleanup: 'delete',
  retentionMs: 30 * DAY_MS,
});
/** Who somebody is now: name, sightings, windows. */
export const contactState = defineTopic({ name: 'contact.state.v1', schema: ContactStateRecord, key: CONTACT, cleanup: 'compact' });
/** Whether each contact is blocked, now, with all its identifiers: who keeps a copy needs this one topic (docs/downstream.md). */
export const identityState = defineTopic({ name: 'identity.state.v1', schema: IdentityStateRecord, key: CONTACT, cleanup: 'compact' });
/** What each contact agreed to, now, with identifiers. */
export const consentState = defineTopic({ name: 'consent.state.v1', schema: ConsentStateRecord, key: CONTACT, cleanup: 'compact' });

/** Where the records go that a group could not decide on, with cause, stack and attempts in headers. */
export const deadLetterTopic = (topic: Topic, group: string): Topic =>
  defineTopic({
    name: `${topic.name}.${group}.dlt`,
    schema: null,
    key: 'that of the source record',
    cleanup: 'delete',
    retentionMs: 30 * DAY_MS,
    partitions: 1,
  });

/** The consumer groups, named as their folders, and what each reads. */
export const consumerTopics = {
  contact: [inbound, contactEvents],
  identity: [inbound, contactEvents],
  consent: [inbound, contactEvents],
  account: [account, inbound],
} as const satisfies Record<string, readonly Topic[]>;
/** A consumer group, without the prefix. */
export type Group = keyof typeof consumerTopics;
/** What each group that is about contacts looks for on the inbound topic; it skips what carries none of it, unparsed. */
export const consumerFacets = {
  contact: ['window', 'link', 'number', 'hash', 'consent', 'status'],
  identity: ['hash', 'error', 'number', 'link'],
  consent: ['consent', 'error', 'number', 'link'],
} as const satisfies Partial<Record<Group, readonly Facet[]>>;

/** Those that are about contacts. */
export type ContactGroup = keyof typeof consumerFacets;

/** Every topic of the system, dead letter topics included. */
export const allTopics: readonly Topic[] = [
  webhooks,
  inbound,
  account,
  contactEvents,
  identityEvents,
  consentEvents,
  contactState,
  identityState,
  consentState,
  ...Object.entries(consumerTopics).flatMap(([group, topics]) => topics.map((topic) => deadLetterTopic(topic, group))),
];

/** Kafka header names. Values are UTF-8 text. */
export const headers = {
  eventType: 'event-type',
  occurredAt: 'occurred-at',
  /** Comma-separated facets, sorted; empty: no consumer needs to look. */
  facets: 'facets',
  /** When the webhook came in: of a body, and of what changed because of it. */
  receivedAt: 'received-at',
  signature: 'signature',
  contentType: 'content-type',
  /** `true` on a state that is told again, as it was (its version too). */
  republished: 'republished',
  /** `true` on what Kafka had refused and now took: newer records of the contact may stand before it. */
  readmitted: 'readmitted',
  /** `true` on an event that `keyturn replay` made of its webhook again: the same event, by its id, may have come before. Beside it, which replay. */
  replayed: 'replayed',
  replayId: 'replay-id',
  /** Who asked for it. */
  replayedBy: 'replayed-by',
  /** Where traces are asked for: which trace the record continues (https://www.w3.org/TR/trace-context/). */
  traceparent: 'traceparent',
} as const;
/** The headers that a dead letter has beside those of the source record: what failed, how often, and where the record stood. */
export const deadLetterHeaders = {
  id: 'dead-letter-id',
  code: 'dead-letter-code',
  cause: 'dead-letter-cause',
  stack: 'dead-letter-stack',
  attempts: 'dead-letter-attempts',
  group: 'dead-letter-group',
  topic: 'dead-letter-topic',
  partition: 'dead-letter-partition',
  offset: 'dead-letter-offset',
  timestamp: 'dead-letter-timestamp',
} as const;
