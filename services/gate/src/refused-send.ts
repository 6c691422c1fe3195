import { z } from 'zod';
import { jsonOf } from './json-of.ts';

/** A send as it went out: whom it named, and the identity key hash that it carried. */
export type RefusedSend = {
  readonly phoneNumberId: string;
  /** As the directory keys it; null: a BSUID was named, and no number. */
  readonly waId: string | null;
  readonly recipient: string | null;
  readonly identityKeyHash: string | null;
  /** When the platform answered. */
  readonly at: Date;
  /** Names the refusal where the platform gives it no id of its own. */
  readonly refusalId: string;
};

/** Errors that say something of the person and not of us alone
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes, read 2026-05): another identity key, marketing
 *  stopped, not reachable, window closed, had enough for now, part of an experiment, the sender itself, not in the list of testers, not by BSUID, too
 *  many in a row, in a country that we may not write to. */
const aboutThePerson: ReadonlySet<number> = new Set([
  ...[137_000, 131_050, 131_026, 131_047, 131_049, 130_472, 131_021, 131_030, 131_062, 131_056, 130_497],
]);

const Refusal = z.looseObject({
  error: z.looseObject({ code: z.number().int(), message: z.string().optional(), fbtrace_id: z.string().min(1).max(128).optional() }),
});
type Refusal = z.infer<typeof Refusal>['error'];

/** Whether the platform refused a send. What breaks behind it, or before it, may say so of a message that it took. */
export const isRefusal = (status: number | undefined, answer: string | null): boolean =>
  status !== undefined && status >= 400 && (status < 500 || (answer !== null && Refusal.safeParse(jsonOf(answer)).success));

/** What the platform answered instead of taking a message, where that says something of the person; null: it says nothing of anybody. */
export function refusalIn(answer: string): Refusal | null {
  const parsed = Refusal.safeParse(jsonOf(answer));
  return parsed.success && aboutThePerson.has(parsed.data.error.code) ? parsed.data.error : null;
}

/** Early samples of parent BSUIDs lack it
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids, read 2026-06). */
const PARENT = /^[A-Z]{2}\.ENT/;

/** The webhook in which the platform would have said the same of a message that it had taken first: a failed status. Read as any other, it becomes the same
 *  event, whose id comes of the platform's own id of the refusal. Where a number was named as well as a BSUID the number is whom it is about, since that
 *  counts for the platform too, and a sender's word ties no two identifiers together. */
export function refusalWebhook(send: RefusedSend, refusal: Refusal, wabaId: string): Buffer {
  const { phoneNumberId, waId, recipient, identityKeyHash, at, refusalId } = send;
  const person = recipient !== null && PARENT.test(recipient) ? { recipient_parent_user_id: recipient } : { recipient_user_id: recipient };
  const status = {
    id: `refused.${refusal.fbtrace_id ?? refusalId}`,
    status: 'failed',
    timestamp: String(Math.floor(at.getTime() / 1000)),
    ...(waId === null ? person : { recipient_id: waId }),
    errors: [refusal],
    ...(identityKeyHash === null ? {} : { biz_opaque_callback_data: `keyturn-hash=${identityKeyHash}` }),
  };
  const value = { messaging_product: 'whatsapp', metadata: { phone_number_id: phoneNumberId }, statuses: [status] };
  const entry = [{ id: wabaId, changes: [{ field: 'messages', value }] }];
  return Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry }));
}
