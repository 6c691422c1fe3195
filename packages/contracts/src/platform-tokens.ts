import { z } from 'zod';
import { Instant, PhoneNumberId, WabaId } from './ids.ts';

/** A token of the platform's, as it goes in a header. */
export const AccessToken = z
  .string()
  .regex(/^[\x21-\x7e]{20,4096}$/, 'is no access token: one has 20 characters or more and no white space');

/** The platform's token that the gate is to hold, of one number of ours or of all numbers of a WABA. */
export const PlatformTokenRequest = z
  .strictObject({
    phoneNumberId: PhoneNumberId.optional(),
    wabaId: WabaId.optional(),
    token: AccessToken,
  })
  .refine(({ phoneNumberId, wabaId }) => (phoneNumberId === undefined) !== (wabaId === undefined), {
    path: ['phoneNumberId'],
    error: 'name whose token it is: phoneNumberId or wabaId, one of the two',
  });
export type PlatformTokenRequest = z.infer<typeof PlatformTokenRequest>;

/** `current`, `previous`: which of the console's keys opens it. `unreadable`: none of them does; the token has to be set again. */
export const PlatformTokenSeal = z.enum(['current', 'previous', 'unreadable']);
export type PlatformTokenSeal = z.infer<typeof PlatformTokenSeal>;

/** A token that the gate holds or held: all but the token. */
export const PlatformTokenJson = z.object({
  tokenId: z.uuid(),
  phoneNumberId: PhoneNumberId.nullable(),
  wabaId: WabaId.nullable(),
  setAt: Instant,
  setBy: z.string(),
  /** Removed, or replaced by another; null: in force. What it was is erased then. */
  removedAt: Instant.nullable(),
  removedBy: z.string().nullable(),
  /** Null: removed. */
  seal: PlatformTokenSeal.nullable(),
});
export type PlatformTokenJson = z.infer<typeof PlatformTokenJson>;
/** All of them, the newest first. */
export const PlatformTokensPage = z.object({ items: z.array(PlatformTokenJson), nextCursor: z.null() });

/** What became of the tokens in force: under the current key now, or under no key that the console has. */
export const PlatformTokensResealedJson = z.object({ resealed: z.number().int(), unreadable: z.number().int() });
export type PlatformTokensResealedJson = z.infer<typeof PlatformTokensResealedJson>;
