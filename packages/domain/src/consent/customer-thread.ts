import type { MessageReceived } from '@keyturn/contracts';

/** What a person sends without being asked by a message of ours. Not in it: `system`, `reaction`, `edit`, `revoke` (no new message); `button` and
 *  `interactive` (always answers to ours, call permissions among them); `contacts` (may answer our request for the number, and then comes
 *  without a context); and what nobody knows yet. */
const startsThread: readonly string[] = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'order',
  'unsupported',
  'request_welcome',
];

/** Why a message is no thread that the customer started (https://developers.facebook.com/documentation/business-messaging/whatsapp/getting-opt-in, read 2025-11); null where it is one. When in doubt it is none: an
 *  opt-in that nobody gave is worse than one more question. */
export function notThread(message: MessageReceived): string | null {
  if (message.groupId !== undefined) return 'group_message';
  if (!startsThread.includes(message.messageType)) return 'not_customer_initiated';
  // A forwarded message has a context, but no `replyTo`. An author nobody knows may be us.
  if (message.replyTo && message.replyTo.author !== 'person') return 'reply_to_business';
  return null;
}
