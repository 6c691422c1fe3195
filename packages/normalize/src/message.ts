import { isOwned } from './envelope.ts';
import { messageReceived } from './message-received.ts';
import type { Change, Normalized } from './normalized.ts';
import { type Json, objectOf, textOf } from './payload/json.ts';
import { systemEvents } from './system.ts';
import { unrecognized } from './unrecognized.ts';

/** Every `type` that the platform documents for an inbound message
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages, read 2026). */
const knownTypes: ReadonlySet<string> = new Set([
  ...['text', 'image', 'video', 'audio', 'document', 'sticker', 'location', 'contacts', 'interactive', 'button', 'order', 'reaction'],
  ...['unsupported', 'edit', 'revoke', 'request_welcome'],
]);

/** The events of one element of `messages[]`, at least one: what it is known to say, and `webhook.unrecognized` for what nobody knows. */
export function messageEvents(change: Change, message: Json, path: string): readonly Normalized[] {
  if (!isOwned(change)) return [unrecognized(change, 'own_ids_missing', path, message)];
  const type = textOf(message.type, 64) ?? 'unknown';
  const known = type === 'system' ? systemEvents(change, message, path) : [];
  if (known.length > 0) return known;
  const received = messageReceived(change, message, path);
  if (!received) return [unrecognized(change, 'wamid_missing', path, message)];
  if (knownTypes.has(type)) return [received];
  const subtype = objectOf(message.system)?.type;
  const reason = type === 'system' ? `system_type:${textOf(subtype, 64) ?? ''}` : `message_type:${type}`;
  return [received, unrecognized(change, reason, path, message)];
}
