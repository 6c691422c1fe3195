import { AppError } from '@keyturn/contracts';
import { type Database, requireSurvivor } from '@keyturn/store';
import type { Request } from 'express';
import { idIn } from './id-in-path.ts';

/** The `contactId` of the path. Throws `contact.not_found` for what can be nobody's. */
export function contactIdIn(req: Request): string {
  const contactId = idIn(req, 'contactId');
  if (contactId !== undefined) return contactId;
  throw new AppError('contact.not_found', 'A contactId is a UUID, and this is none. Search for the person with POST /v1/contacts/search.');
}

/** Whoever answers for the contact of the path now. Throws `contact.not_found`. */
export const survivorIn = async (pool: Database['pool'], req: Request): Promise<string> =>
  (await requireSurvivor(pool, contactIdIn(req))).contactId;
