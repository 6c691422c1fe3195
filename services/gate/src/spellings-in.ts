import { digitsOf } from '@keyturn/domain';
import { isNews, type Spelling } from '@keyturn/store';
import { z } from 'zod';
import { jsonOf } from './json-of.ts';

/** What of an answer to a send says how a number is spelled
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages, read 2026). */
const Answer = z.looseObject({
  contacts: z.array(z.looseObject({ input: z.string().max(200), wa_id: z.string().regex(/^\d{3,20}$/) })).max(100),
});

/** The numbers that the platform calls otherwise than the rules of spelling would have it, by the answer to a send. What can't be read says nothing. */
export function spellingsIn(answer: string): Spelling[] {
  const parsed = Answer.safeParse(jsonOf(answer));
  if (!parsed.success) return [];
  const spellings = parsed.data.contacts.flatMap(({ input, wa_id }) => {
    const spelled = digitsOf(input);
    return spelled === null ? [] : [{ spelled, waId: wa_id }];
  });
  return spellings.filter(isNews);
}
