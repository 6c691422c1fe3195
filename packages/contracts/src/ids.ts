import { z } from 'zod';

/** A WhatsApp number as the platform writes it: digits only, no `+`. Left out, never empty, where the person's number may not be shown
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids, read 2026-06). */
export const WaId = z.string().regex(/^\d{3,20}$/, 'a wa_id is 3 to 20 digits without +');
/** A business-scoped user id: one per person and business portfolio; a new number brings a new one
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids, read 2026-06). */
export const Bsuid = z.string().min(1).max(200);
/** Looked up by hash: `in` asks the engine anew for each text that it has not seen as a name. */
const namesOfEveryObject: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));
/** The id of one of our own phone numbers, not the number itself. States are objects with one key per number, so no number is called `__proto__`,
 *  `constructor`, or as else every object has it. */
export const PhoneNumberId = z
  .string()
  .min(1)
  .max(64)
  .refine((id) => !namesOfEveryObject.has(id), 'is no id of a phone number');
export const WabaId = z.string().min(1).max(64);
/** A message id. Real ones are under 200 characters; longer ones are kept raw and decide nothing. */
export const Wamid = z.string().min(1).max(512);
/** Changes when the person's WhatsApp account is registered anew. Looks like short base64; opaque, compared by bytes within one business number. */
export const IdentityKeyHash = z.string().min(1).max(256);
/** Our id of a person: UUIDv7. The smaller of two survives a merge. */
export const ContactId = z.uuid();
/** An instant, ISO 8601 in UTC. */
export const Instant = z.iso.datetime();
export const IdentifierKind = z.enum(['wa_id', 'bsuid', 'parent_bsuid']);
export type IdentifierKind = z.infer<typeof IdentifierKind>;

/** The identifiers by which one item names one person. At least one is there. */
export const PersonIds = z.object({ waId: WaId.optional(), bsuid: Bsuid.optional(), parentBsuid: Bsuid.optional() });
export type PersonIds = z.infer<typeof PersonIds>;

/** An identifier that points at a contact from `validFrom` (included) to `validTo` (excluded); null: open. */
export const ContactIdentifier = z.object({
  kind: IdentifierKind,
  value: z.string(),
  validFrom: Instant.nullable(),
  validTo: Instant.nullable(),
});
export type ContactIdentifier = z.infer<typeof ContactIdentifier>;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
