import { z } from 'zod';

/** What of an answer to a send says which message came to be, and whom it goes to; of a group nobody
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages, read 2026). */
const Answer = z.looseObject({
  messages: z.array(z.looseObject({ id: z.string().min(1).max(512) })).max(100),
  contacts: z
    .array(
      z.looseObject({
        wa_id: z
          .string()
          .regex(/^\d{3,20}$/)
          .optional()
          .catch(undefined),
        user_id: z.string().min(1).max(200).optional().catch(undefined),
      }),
    )
    .max(100)
    .optional()
    .catch(undefined),
});

/** The messages that the platform took, by its answer as JSON. What can't be read says nothing. */
export function sentIn(answer: unknown): readonly { readonly wamid: string; readonly waId?: string; readonly bsuid?: string }[] {
  const parsed = Answer.safeParse(answer);
  if (!parsed.success) return [];
  const { messages, contacts = [] } = parsed.data;
  const [only, ...others] = contacts;
  const whom = only === undefined || others.length > 0 ? {} : only;
  return messages.map(({ id }) => ({
    wamid: id,
    ...(whom.wa_id === undefined ? {} : { waId: whom.wa_id }),
    ...(whom.user_id === undefined ? {} : { bsuid: whom.user_id }),
  }));
}
