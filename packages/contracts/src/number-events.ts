import { z } from 'zod';
import { accountEnvelope, ErrorCodes, GroupId, Word } from './envelope.ts';

/** A number of ours may send more or less than before, or faster
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/phone_number_quality_update, read 2026). */
export const PhoneNumberQualityChanged = accountEnvelope.extend({
  type: z.literal('phone_number.quality_changed'),
  /** `ONBOARDING`, `UPGRADE`, `DOWNGRADE`, `FLAGGED`, `UNFLAGGED`, `THROUGHPUT_UPGRADE`, … */
  event: Word,
  /** How many conversations a day we may begin, as the platform writes it: `TIER_250`, `TIER_UNLIMITED`, `2000`. */
  limit: Word.optional(),
  previousLimit: Word.optional(),
});
/** The name under which people see a number of ours was decided on
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/phone_number_name_update, read 2026). */
export const PhoneNumberNameDecided = accountEnvelope.extend({
  type: z.literal('phone_number.name_decided'),
  decision: Word,
  requestedName: z.string().max(512).optional(),
  /** `NAME_…`; absent where it was approved. */
  rejectionReason: Word.optional(),
});
/** The two-step PIN of a number of ours was changed, or somebody asks to reset it. Never about a contact
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/security, read 2026). */
export const PhoneNumberSecurityReported = accountEnvelope.extend({
  type: z.literal('phone_number.security_reported'),
  event: Word,
  requester: z.string().max(64).optional(),
});
/** Settings of a number of ours changed
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-settings, read 2026). */
export const PhoneNumberSettingsChanged = accountEnvelope.extend({
  type: z.literal('phone_number.settings_changed'),
  settings: Word,
  callingStatus: Word.optional(),
});
/** Our own username was given, reserved or taken away
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids, read 2026-06). */
export const BusinessUsernameChanged = accountEnvelope.extend({
  type: z.literal('business_username.changed'),
  username: z.string().max(256).optional(),
  status: Word,
});

/** A part of a business app's history came, or the business did not share it (2593109). Its messages are events of their own
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/history, read 2026). */
export const HistoryReported = accountEnvelope.extend({
  type: z.literal('history.reported'),
  phase: z.number().int().optional(),
  chunkOrder: z.number().int().optional(),
  progressPercent: z.number().int().optional(),
  errorCodes: ErrorCodes.optional(),
});
/** A group of ours was made, changed, suspended or closed, or could not be. Its participants are events of their own
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/groups/webhooks, read 2026). */
export const GroupChanged = accountEnvelope.extend({
  type: z.literal('group.changed'),
  groupId: GroupId,
  /** As the platform names it: `group_create`, `group_suspend`, … */
  change: Word,
  requestId: z.string().max(256).optional(),
  errorCodes: ErrorCodes.optional(),
});
/** Somebody clicked in a marketing message. The platform does not say who, so it is never attached to anybody
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/marketing-messages/track-click-events, read 2026). */
export const LinkClicked = accountEnvelope.extend({
  type: z.literal('link.clicked'),
  action: Word,
  component: Word.optional(),
  productId: z.string().max(256).optional(),
  clickId: z.string().max(256).optional(),
});
/** The platform takes a talk for a lead or a purchase. Its own inference: nobody's consent, and it names no person
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/automatic_events, read 2026). */
export const AutomaticEventDetected = accountEnvelope.extend({
  type: z.literal('automatic_event.detected'),
  wamid: z.string().max(512).optional(),
  name: Word,
  ctwaClid: z.string().max(512).optional(),
});
/** Something went wrong on a number of ours, and no message is named
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/errors, read 2026). */
export const ErrorsReported = accountEnvelope.extend({
  type: z.literal('errors.reported'),
  field: z.string().max(128),
  errorCodes: ErrorCodes,
});
