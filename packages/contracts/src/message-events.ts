import { z } from 'zod';
import { ErrorCodes, envelope, GroupId, livePerson, Word } from './envelope.ts';
import { IdentityKeyHash, Wamid } from './ids.ts';

/** A legacy identity block, on any inbound message until somebody acknowledged on the platform's side. Its `acknowledged` is the
 *  platform's state, not our engineer's decision, and stays unread
 *  (https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components, legacy). */
export const LegacyIdentity = z.object({ keyHash: IdentityKeyHash.optional(), createdTimestamp: z.string().max(32).optional() });

/** A person wrote to us (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages, read 2026). */
export const MessageReceived = livePerson.extend({
  type: z.literal('message.received'),
  wamid: Wamid,
  /** To which number of ours, as the number itself: digits only. What the platform says of a number by that name is about this `phoneNumberId`. */
  displayNumber: z.string().max(64).optional(),
  /** As the platform names it (`text`, `order`, …); a name nobody knows comes through as it is. */
  messageType: z.string().max(64),
  /** What kind of it, where the type has kinds (`button_reply`, `poll_creation`, …). */
  subtype: Word.optional(),
  legacyIdentity: LegacyIdentity.optional(),
  profileName: z.string().max(512).optional(),
  username: z.string().max(256).optional(),
  /** The message came in a group: it is no thread with us, and opens no window. */
  groupId: GroupId.optional(),
  /** Absent for a forwarded message: that has a context without an id, and is no reply. */
  replyTo: z.object({ wamid: Wamid, author: z.enum(['business', 'person', 'unknown']) }).optional(),
  referral: z
    .object({ sourceType: z.string().max(64), sourceId: z.string().max(256).optional(), ctwaClid: z.string().max(512).optional() })
    .optional(),
  /** The person asked to be written to no more, by a quick reply or in so many words. */
  optOut: z.enum(['button', 'keyword']).optional(),
  /** Why the platform could not pass it on (131051, 131060). */
  errorCodes: ErrorCodes.optional(),
  /** Another owner held the thread when it came: an agent of the platform, or another app. It counts like any
   *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/standby/, read 2026-08). */
  standby: z.literal(true).optional(),
});
export type MessageReceived = z.infer<typeof MessageReceived>;

/** What became of a message of ours, or of a payment
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status, read 2026). */
export const StatusReported = livePerson.extend({
  type: z.literal('status.reported'),
  wamid: Wamid,
  /** `delivery`: what became of our message. `payment`: an order's payment, not a delivery status (India). */
  subject: z.enum(['delivery', 'payment']),
  /** As the platform says it, lower case: `sent`, `delivered`, `read`, `played`, `failed`, …; ranked, never overwritten by arrival. */
  status: z.string().max(64),
  /** Set where our message went to a group: the person is then a participant. */
  groupId: GroupId.optional(),
  errorCodes: ErrorCodes.optional(),
  pricingCategory: z.string().max(64).optional(),
  /** The key hash that the send carried, where its sender put `keyturn-hash=<hash>` into `biz_opaque_callback_data`: the platform does not say it. */
  sentUnder: IdentityKeyHash.optional(),
  /** Of a message that another owner of the thread sent. */
  standby: z.literal(true).optional(),
});
export type StatusReported = z.infer<typeof StatusReported>;

/** Somebody of ours wrote to the person past the gate: by hand in the business app, or another owner of the thread. Neither a thread of theirs nor a
 *  window (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/smb_message_echoes, read 2026). */
export const MessageEchoed = livePerson.extend({
  type: z.literal('message.echoed'),
  wamid: Wamid,
  messageType: z.string().max(64),
  sentFrom: z.enum(['business_app', 'standby', 'unknown']),
  /** The message that an edit changes or a revocation takes back. */
  originalWamid: Wamid.optional(),
  /** It went to a group, and so to no person that it names. */
  groupId: GroupId.optional(),
});
export type MessageEchoed = z.infer<typeof MessageEchoed>;

/** A message of the past, as a business app told it when it was linked: a claim. It opens no window, is no opt-in and says nothing of who is who
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/history, read 2026). */
export const MessageImported = envelope.extend({
  type: z.literal('message.imported'),
  wamid: Wamid,
  messageType: z.string().max(64),
  author: z.enum(['business', 'person', 'unknown']),
  /** What became of it, as far as the app knew, lower case. */
  status: Word.optional(),
  /** Which part of the history it came in; parts come in any order. */
  chunk: z.object({ phase: z.number().int().optional(), order: z.number().int().optional() }).optional(),
});
export type MessageImported = z.infer<typeof MessageImported>;
