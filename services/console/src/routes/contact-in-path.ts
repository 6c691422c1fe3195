import { AppError, ContactId } from '@keyturn/contracts';
import { type Database, survivorOf } from '@keyturn/store';
import type { Request } from 'express';

/** The `contactId` of the path. Throws `contact.not_found` for what can be nobody's. */
export function contactIdIn(req: Request): string {
  const parsed = ContactId.safeParse(req.params.contactId);
  if (parsed.success) return parsed.data.toLowerCase();
  throw new AppError('contact.not_found', 'A contactId is a UUID, and this is none. Search for the person with POST /v1/contacts/search.');
}

/** Whoever answers for the contact of the path now. Throws `contact.not_found`. */
export async function survivorIn(pool: Database['pool'], req: Request): Promise<string> {
  const found = await survivorOf(pool, contactIdIn(req));
  if (found !== null) return found.contactId;
  throw new AppError('contact.not_found', 'No contact has this id. Search for the person with POST /v1/contacts/search.');
}
