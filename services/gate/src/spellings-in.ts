import { digitsOf, type Send, spellingKey } from '@keyturn/domain';
import { isNews, type Spelling } from '@keyturn/store';
import { z } from 'zod';

/** What of an answer to a send says how the platform calls the number; of one to several persons it says nothing here
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages, read 2026). */
const Answer = z.looseObject({ contacts: z.tuple([z.looseObject({ wa_id: z.string().regex(/^\d{3,20}$/) })]) });

/** The number that the platform calls otherwise than the rules of spelling would have it, by its answer to a send as JSON; none where it does not, or where the answer
 *  can't be read. */
export function spellingsIn(answer: unknown, { to, group, phoneNumberId }: Send): Spelling[] {
  const digits = to === null || group ? null : digitsOf(to);
  const parsed = Answer.safeParse(answer);
  if (to === null || digits === null || !parsed.success) return [];
  const [{ wa_id }] = parsed.data.contacts;
  const spelled = isNews(digits, wa_id) ? spellingKey(to, phoneNumberId) : null;
  return spelled === null ? [] : [{ spelled, waId: wa_id }];
}
