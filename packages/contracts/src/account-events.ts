import { z } from 'zod';
import {
  AccountAlerted,
  AccountReviewed,
  AccountUpdated,
  BusinessCapabilityChanged,
  FlowReported,
  PartnerSolutionChanged,
  PaymentConfigurationChanged,
} from './business-events.ts';
import { Source } from './envelope.ts';
import { Instant, PhoneNumberId, WabaId } from './ids.ts';
import {
  AutomaticEventDetected,
  BusinessUsernameChanged,
  ErrorsReported,
  GroupChanged,
  HistoryReported,
  LinkClicked,
  PhoneNumberNameDecided,
  PhoneNumberQualityChanged,
  PhoneNumberSecurityReported,
  PhoneNumberSettingsChanged,
} from './number-events.ts';
import { TemplateCategoryChanged, TemplateContentChanged, TemplateQualityChanged, TemplateStatusChanged } from './template-events.ts';

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

/** Everything on `whatsapp.account.v1`. */
export const AccountEvent = z.discriminatedUnion('type', [
  AccountUpdated,
  AccountReviewed,
  AccountAlerted,
  BusinessCapabilityChanged,
  PartnerSolutionChanged,
  PaymentConfigurationChanged,
  FlowReported,
  PhoneNumberQualityChanged,
  PhoneNumberNameDecided,
  PhoneNumberSecurityReported,
  PhoneNumberSettingsChanged,
  BusinessUsernameChanged,
  TemplateStatusChanged,
  TemplateQualityChanged,
  TemplateContentChanged,
  TemplateCategoryChanged,
  HistoryReported,
  GroupChanged,
  LinkClicked,
  AutomaticEventDetected,
  ErrorsReported,
  WebhookUnrecognized,
]);
export type AccountEvent = z.infer<typeof AccountEvent>;
