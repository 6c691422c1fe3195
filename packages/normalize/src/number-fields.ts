import { changeAs } from './account-event.ts';
import type { ItemReader } from './items.ts';
import { objectOf, textOf, wordOf } from './payload/json.ts';

const businessUsername = changeAs('business_username.changed', ['status'], (value) => ({
  username: textOf(value.username, 256)?.replace(/^@/, '') || undefined,
  status: wordOf(value.status),
}));

/** What the platform says of a number of ours, by field
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/phone_number_quality_update and its sibling
 *  pages, read 2026). */
export const numberFields: Readonly<Record<string, ItemReader>> = {
  // `current_limit` was due to go in 2026.
  phone_number_quality_update: changeAs('phone_number.quality_changed', ['event'], (value) => ({
    event: wordOf(value.event),
    limit: wordOf(value.current_limit ?? value.max_daily_conversations_per_business),
    previousLimit: wordOf(value.old_limit),
  })),
  phone_number_name_update: changeAs('phone_number.name_decided', ['decision'], (value) => ({
    decision: wordOf(value.decision),
    requestedName: textOf(value.requested_verified_name, 512),
    rejectionReason: wordOf(value.rejection_reason),
  })),
  security: changeAs('phone_number.security_reported', ['event'], (value) => ({
    event: wordOf(value.event),
    requester: wordOf(value.requester),
  })),
  account_settings_update: changeAs('phone_number.settings_changed', ['settings'], (value) => {
    const of = objectOf(value.phone_number_settings);
    return {
      settings: wordOf(value.type) ?? (of && 'phone_number_settings'),
      phoneNumberId: wordOf(of?.phone_number_id),
      callingStatus: wordOf(objectOf(of?.calling)?.status),
    };
  }),
  business_username_updates: businessUsername,
  // As early samples spell it, and as it was named before.
  business_username_update: businessUsername,
  phone_number_username_update: businessUsername,
};
