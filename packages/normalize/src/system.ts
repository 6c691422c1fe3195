import { numberChanged } from './changed-number.ts';
import type { OwnedChange } from './envelope.ts';
import { identityChanged } from './identity-changed.ts';
import type { Normalized } from './normalized.ts';
import { type Json, objectOf, textOf } from './payload/json.ts';
import { preferenceChanged } from './preference-changed.ts';
import type { SystemItem } from './system-item.ts';

/** The typed events of a system message; none for a subtype, or a wording of it, that nobody knows. All variants seen since the
 *  on-premises days are read: Cloud API ones (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/system,
 *  read 2026-05) and legacy ones, which partners still forward. */
export function systemEvents(change: OwnedChange, message: Json, path: string): readonly Normalized[] {
  const system = objectOf(message.system) ?? {};
  const variant = textOf(system.type, 64) ?? '';
  const item: SystemItem = { change, message, system, variant, path, flags: new Set() };
  switch (variant) {
    case 'user_changed_number':
    case 'user_changed_user_id':
    case 'customer_changed_number':
      return numberChanged(item);
    case 'customer_identity_changed':
    case 'user_identity_changed':
      return identityChanged(item);
    case 'user_preference_changed':
      return preferenceChanged(item);
    default:
      return [];
  }
}
