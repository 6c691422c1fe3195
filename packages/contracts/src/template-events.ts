import { z } from 'zod';
import { accountEnvelope, Word } from './envelope.ts';

/** What every event about a template says. Name and language are what a send says too. */
const template = accountEnvelope.extend({
  /** Absent where the platform wrote a number with more digits than JSON keeps. */
  templateId: z.string().max(64).optional(),
  name: z.string().max(512),
  language: Word.optional(),
});

/** A template may be sent from now on, or no longer
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/message_template_status_update, read 2026). */
export const TemplateStatusChanged = template.extend({
  type: z.literal('template.status_changed'),
  /** `APPROVED`, `PAUSED`, `DISABLED`, … */
  status: Word,
  category: Word.optional(),
  /** Why; absent where the platform says nothing or `NONE`. */
  reason: z.string().max(256).optional(),
  /** Which pause it is: `FIRST_PAUSE`, … */
  detail: z.string().max(256).optional(),
});
/** People like a template better or less than before
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/message_template_quality_update, read 2026). */
export const TemplateQualityChanged = template.extend({
  type: z.literal('template.quality_changed'),
  quality: Word,
  previousQuality: Word.optional(),
});
/** A template has another text. The text stays on the webhooks topic
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/message_template_components_update, read 2026). */
export const TemplateContentChanged = template.extend({ type: z.literal('template.content_changed'), buttonTypes: z.array(Word).max(32) });
/** A template is, or will be, of another category, and so asks for another consent. In a warning the platform calls the present one `new`
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/template_category_update, read 2026). */
export const TemplateCategoryChanged = template.extend({
  type: z.literal('template.category_changed'),
  /** `impending`: `category` is still the present one, and `nextCategory` follows. */
  stage: z.enum(['impending', 'completed']),
  category: Word.optional(),
  previousCategory: Word.optional(),
  nextCategory: Word.optional(),
});
