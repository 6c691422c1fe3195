import { z } from 'zod';
import { Bsuid, IdentityKeyHash, Instant, PersonIds, PhoneNumberId, WabaId, WaId, Wamid } from './ids.ts';

/** Where in which webhook an item stood: `webhookId` is the SHA-256 of the body (its key on the webhooks topic), `path` a JSON pointer. */
export const Source = z.object({ webhookId: z.string(), path: z.string() });
export type Source = z.infer<typeof Source>;

/** What every event says. `id` comes from the content: the same item delivered again, in whatever body, has the same id. */
export const envelope = z.object({
  id: z.string(),
  wabaId: WabaId,
  phoneNumberId: PhoneNumberId,
  waId: WaId.optional(),
  bsuid: Bsuid.optional(),
  parentBsuid: Bsuid.optional(),
  /** The platform's own time of the item, whole seconds. Where that cannot be (see `flags`), the time of receipt. */
  occurredAt: Instant,
  receivedAt: Instant,
  source: Source,
  /** What in the item could not be. An impossible id or hash is left out (an over-long wamid cut), and the rest counts: one field that the platform
   *  lengthens must not silence a block. Without a time or a person the whole event counts for nothing, see `isVoid`. Absent: nothing is wrong. */
  flags: z.array(z.enum(['time_impossible', 'id_impossible', 'hash_impossible', 'person_missing'])).optional(),
});

/** Whether the event is kept and decides nothing: every consumer skips it. */
export const isVoid = ({ flags }: Pick<z.infer<typeof envelope>, 'flags'>): boolean =>
  flags?.some((flag) => flag === 'time_impossible' || flag === 'person_missing') ?? false;

/** A legacy identity block, on any inbound message until somebody acknowledged on the platform's side. Its `acknowledged` is the
 *  platform's state, not our engineer's decision, and stays unread
 *  (https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components, legacy). */
export const LegacyIdentity = z.object({ keyHash: IdentityKeyHash.optional(), createdTimestamp: z.string().max(32).optional() });

export const MessageReceived = envelope.extend({
  type: z.literal('message.received'),
  wamid: Wamid,
  /** As the platform names it (`text`, `order`, …); a name nobody knows comes through as it is. */
  messageType: z.string().max(64),
  /** Absent while the identity change check is off for this phone number: no information, not "unchanged". */
  identityKeyHash: IdentityKeyHash.optional(),
  legacyIdentity: LegacyIdentity.optional(),
  profileName: z.string().max(512).optional(),
  username: z.string().max(256).optional(),
  /** The message came in a group: it is no thread with us, and opens no window. */
  groupId: z.string().max(256).optional(),
  /** Absent for a forwarded message: that has a context without an id, and is no reply. */
  replyTo: z.object({ wamid: Wamid, author: z.enum(['business', 'person', 'unknown']) }).optional(),
  referral: z
    .object({ sourceType: z.string().max(64), sourceId: z.string().max(256).optional(), ctwaClid: z.string().max(512).optional() })
    .optional(),
  /** The person asked to be written to no more, by a quick reply or in so many words. */
  optOut: z.enum(['button', 'keyword']).optional(),
});
export type MessageReceived = z.infer<typeof MessageReceived>;

export const StatusReported = envelope.extend({
  type: z.literal('status.reported'),
  wamid: Wamid,
  /** `delivery`: what became of our message. `payment`: an order's payment, not a delivery status (India). */
  subject: z.enum(['delivery', 'payment']),
  /** As the platform says it, lower case: `sent`, `delivered`, `read`, `played`, `failed`, …; ranked, never overwritten by arrival. */
  status: z.string().max(64),
  /** Set where our message went to a group: the person is then a participant. */
  groupId: z.string().max(256).optional(),
  identityKeyHash: IdentityKeyHash.optional(),
  errorCodes: z.array(z.number().int()).max(32).optional(),
  pricingCategory: z.string().max(64).optional(),
});
export type StatusReported = z.infer<typeof StatusReported>;

/** The platform reports that a person now has another number, or another BSUID. The envelope's identifiers are the previous
 *  ones, else the current; a side that nobody can read is empty. */
export const NumberChanged = envelope.extend({
  type: z.literal('number.changed'),
  wamid: Wamid.optional(),
  variant: z.string().max(64),
  previous: PersonIds,
  current: PersonIds,
});
export type NumberChanged = z.infer<typeof NumberChanged>;

/** A legacy notice that a person's account was registered anew. */
export const IdentityChanged = envelope.extend({
  type: z.literal('identity.changed'),
  wamid: Wamid.optional(),
  variant: z.string().max(64),
  legacyIdentity: LegacyIdentity,
});
export type IdentityChanged = z.infer<typeof IdentityChanged>;

/** A person changed what they want to receive. */
export const PreferenceChanged = envelope.extend({
  type: z.literal('preference.changed'),
  wamid: Wamid.optional(),
  category: z.string().max(64),
  preference: z.enum(['stop', 'resume']),
});
export type PreferenceChanged = z.infer<typeof PreferenceChanged>;

export const InboundEvent = z.discriminatedUnion('type', [
  MessageReceived,
  StatusReported,
  NumberChanged,
  IdentityChanged,
  PreferenceChanged,
]);
export type InboundEvent = z.infer<typeof InboundEvent>;

/** What nobody here knows yet. The only event that carries its fragment of the body. */
export const WebhookUnrecognized = z.object({
  type: z.literal('webhook.unrecognized'),
  id: z.string(),
  wabaId: WabaId.optional(),
  phoneNumberId: PhoneNumberId.optional(),
  field: z.string().max(128).optional(),
  /** What was not known, e.g. `field`, `message_type:hologram`, `not_json`. */
  reason: z.string().max(200),
  occurredAt: Instant,
  receivedAt: Instant,
  source: Source,
  /** The item as parsed JSON; absent where the body is no JSON (it stays on the webhooks topic). */
  fragment: z.unknown().optional(),
});
export type WebhookUnrecognized = z.infer<typeof WebhookUnrecognized>;
export const AccountEvent = z.discriminatedUnion('type', [WebhookUnrecognized]);
export type AccountEvent = z.infer<typeof AccountEvent>;

/** What an item carries, so that a consumer skips the rest before it parses JSON. A flagged event has none. */
export const Facet = z.enum(['hash', 'link', 'number', 'error', 'window', 'consent', 'status']);
export type Facet = z.infer<typeof Facet>;
