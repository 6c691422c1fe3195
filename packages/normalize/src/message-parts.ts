import type { MessageReceived } from '@keyturn/contracts';
import { canonicalWaId } from '@keyturn/domain';
import { type Flags, readWamid } from './payload/ids.ts';
import { type Json, objectOf, present, scalarText, textOf } from './payload/json.ts';

/** What the message answers and who wrote that. Undefined without `context.id`: a forwarded message has a context too, and is no reply. */
export function readReplyTo(message: Json, displayNumber: string | undefined, flags: Flags): MessageReceived['replyTo'] {
  const context = objectOf(message.context);
  const wamid = readWamid(context?.id, flags);
  return context && wamid ? { wamid: wamid.shown, author: authorOf(context, message, displayNumber) } : undefined;
}

function authorOf(context: Json, message: Json, displayNumber: string | undefined): 'business' | 'person' | 'unknown' {
  const author = digitsOf(context.from);
  if (isOneNumber(author, displayNumber)) return 'business';
  const isSender = isOneNumber(author, digitsOf(message.from)) || sameText(context.from_user_id, message.from_user_id);
  return isSender ? 'person' : 'unknown';
}

const sameText = (one: unknown, other: unknown): boolean => typeof one === 'string' && one !== '' && one === other;

/** Whether both are there and are one number, however each is spelled: ours too is shown with a ninth digit, say, and named without. */
export const isOneNumber = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && canonicalWaId(one) === canonicalWaId(other);

/** A number without what people write between its digits; undefined where there is none. */
export const digitsOf = (value: unknown): string | undefined => scalarText(value)?.slice(0, 64).replace(NO_DIGITS, '') || undefined;
const NO_DIGITS = /\D+/g;

/** The ad or post that the person came from. Its texts and links stay unread. */
export function readReferral(message: Json): MessageReceived['referral'] {
  const referral = objectOf(message.referral);
  if (!referral) return undefined;
  return {
    sourceType: textOf(referral.source_type, 64) ?? 'unknown',
    ...present({ sourceId: textOf(referral.source_id, 256), ctwaClid: textOf(referral.ctwa_clid, 512) }),
  };
}
