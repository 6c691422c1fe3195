import { z } from 'zod';
import { accountEnvelope, Word } from './envelope.ts';
import { Instant } from './ids.ts';

const BusinessId = z.string().max(64);

/** Something about our account changed: it was restricted, banned, deleted, shared with a partner, … A `disconnection` for `USER_RE_REGISTERED` is about
 *  our own number, never about a contact
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_update, read 2026). */
export const AccountUpdated = accountEnvelope.extend({
  type: z.literal('account.updated'),
  /** `ACCOUNT_RESTRICTION`, `PARTNER_REMOVED`, … */
  event: Word,
  /** The portfolio that owns the account. */
  ownerBusinessId: BusinessId.optional(),
  violationType: Word.optional(),
  banState: Word.optional(),
  /** What we may no longer do, and until when; without `expiresAt` until somebody lifts it. */
  restrictions: z
    .array(z.object({ restriction: Word, expiresAt: Instant.optional() }))
    .max(64)
    .optional(),
  disconnection: z.object({ reason: Word, initiatedBy: Word.optional() }).optional(),
  certificationStatus: Word.optional(),
  country: Word.optional(),
});
/** Our account was reviewed
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_review_update, read 2026). */
export const AccountReviewed = accountEnvelope.extend({ type: z.literal('account.reviewed'), decision: Word });
/** The platform wants us to look at something. Its text stays on the webhooks topic
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_alerts, read 2026). */
export const AccountAlerted = accountEnvelope.extend({
  type: z.literal('account.alerted'),
  /** `BUSINESS`, `PHONE_NUMBER`, … */
  entityType: Word.optional(),
  entityId: z.string().max(64).optional(),
  alert: Word,
  severity: Word.optional(),
  status: Word.optional(),
});
/** How much our business may send changed
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/business_capability_update, read 2026). */
export const BusinessCapabilityChanged = accountEnvelope.extend({
  type: z.literal('business_capability.changed'),
  /** How many conversations a day we may begin: `2000`, `TIER_2K`. */
  limit: Word.optional(),
  phoneNumbersMax: z.number().int().nonnegative().optional(),
});
/** What we share with a partner changed. `businessId` is the portfolio that the platform names in place of an account
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/partner_solutions, read 2026). */
export const PartnerSolutionChanged = accountEnvelope.omit({ wabaId: true }).extend({
  type: z.literal('partner_solution.changed'),
  businessId: BusinessId,
  event: Word,
  solutionId: z.string().max(64),
  status: Word.optional(),
});
/** How we are paid by WhatsApp changed (India)
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/payment_configuration_update, read 2026). */
export const PaymentConfigurationChanged = accountEnvelope.extend({
  type: z.literal('payment_configuration.changed'),
  name: z.string().max(256),
  provider: Word.optional(),
  status: Word,
});
/** A flow changed its status, or works worse or better than it should
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/flows/guides/flowswebhooks, read 2026-03). */
export const FlowReported = accountEnvelope.extend({
  type: z.literal('flow.reported'),
  event: Word,
  flowId: z.string().max(64),
  status: Word.optional(),
  previousStatus: Word.optional(),
  alertState: Word.optional(),
});
