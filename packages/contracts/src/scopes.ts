import { z } from 'zod';
import { PhoneNumberId, WabaId } from './ids.ts';

/** The name of a scope, as a rule a portfolio: within it a number is one person, and a BSUID too. */
export const ScopeName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'write up to 63 lower-case letters, digits, - and _, beginning with a letter or digit');
/** A WABA, where it is, and those of its numbers that events came from. */
export const ScopeJson = z.object({ wabaId: WabaId, scope: z.string(), phoneNumberIds: z.array(PhoneNumberId) });
export type ScopeJson = z.infer<typeof ScopeJson>;
/** All WABAs that are known. */
export const ScopesPage = z.object({ items: z.array(ScopeJson), nextCursor: z.null() });

/** Where a WABA is to be; `preview`: only say what would follow. */
export const ScopeMoveRequest = z.strictObject({
  wabaId: WabaId.regex(/^[\w.-]+$/, 'is no WABA id: letters, digits, . _ and - only'),
  scope: ScopeName,
  reason: z.string().trim().min(1, 'say why').max(200),
  preview: z.boolean(),
});
/** What follows from a move, or would. */
export const ScopeMoveJson = z.object({
  wabaId: WabaId,
  from: z.string(),
  to: z.string(),
  /** By what was said to these it is known whom the WABA knows. */
  phoneNumberIds: z.array(PhoneNumberId),
  preview: z.boolean(),
  /** Contacts that go along, with their ids: nobody else knows them. */
  moved: z.number().int(),
  /** Contacts that other WABAs know too: they stay, and the other scope gets a contact of its own for each, with all that is known. */
  copied: z.number().int(),
  /** Contacts that become one with another in the new scope. */
  merged: z.number().int(),
  /** Identifiers told to the new scope. */
  identifiers: z.number().int(),
});
export type ScopeMoveJson = z.infer<typeof ScopeMoveJson>;
