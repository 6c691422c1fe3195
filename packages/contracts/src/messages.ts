import { z } from 'zod';
import { PageQuery, pageOf } from './http.ts';
import { ContactId, Instant, PhoneNumberId, Wamid } from './ids.ts';
import { type DeclaredRoute, json } from './route.ts';

/** What is known of one message with a person, never what it says: a status of one of ours, one of theirs, or one that the gate did not let out. */
export const ContactMessageJson = z.object({
  id: z.string(),
  kind: z.enum(['sent', 'delivered', 'read', 'failed', 'received', 'denied']).meta({ open: true }),
  at: Instant,
  /** From which number of ours, or to which; null: into a group, or what opens no service window, such as an edit. */
  phoneNumberId: PhoneNumberId.nullable(),
  /** Of ours: which message, and what for. */
  wamid: Wamid.nullable(),
  category: z.string().nullable(),
  /** Of one that was denied: why. */
  reasons: z.array(z.string()).optional(),
});
export type ContactMessageJson = z.infer<typeof ContactMessageJson>;
/** Newest first. Of the person's own the first and the newest 31 under each identifier and to each number of ours are kept. */
export const ContactMessagesPage = pageOf(ContactMessageJson);

/** On `CONSOLE_PORT`: messages with a person. */
export const messageRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'get', path: '/v1/contacts/{contactId}/messages', operationId: 'listContactMessages', params: { contactId: ContactId } },
    summary: 'When a person was written to, how far that got, what the gate denied, and when they wrote; never what was said.',
    query: PageQuery,
    answers: [json(200, 'A page of it, newest first.', ContactMessagesPage)],
    problems: ['contact.not_found', 'request.invalid'],
  },
];
