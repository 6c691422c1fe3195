import { z } from 'zod';
import { Bsuid, IdentityKeyHash, Instant, PhoneNumberId, WabaId, WaId } from './ids.ts';

/** Where in which webhook an item stood: `webhookId` is the SHA-256 of the body (its key on the webhooks topic), `path` a JSON pointer. */
export const Source = z.object({ webhookId: z.string(), path: z.string() });
export type Source = z.infer<typeof Source>;

/** A name that the platform gives to something (a type, a status, a decision), as it gives it: one that nobody has seen comes through. */
export const Word = z.string().min(1).max(64);
/** The platform's error codes, each once. Texts of errors are not read: what to do hangs on the code alone, and all else of an error may be missing
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes, read 2026-05). */
export const ErrorCodes = z.array(z.number().int()).max(32);
/** The id of a group. Never a person: whoever speaks in it is a participant
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/groups/webhooks, read 2026). */
export const GroupId = z.string().max(256);

/** What in an item could not be, and so was left out. */
export const Flag = z.enum(['time_impossible', 'id_impossible', 'hash_impossible', 'person_missing']);
export type Flag = z.infer<typeof Flag>;
const Flags = z.array(Flag);

/** What every event about a person says. `id` comes from the content: the same item delivered again, in whatever body, has the same id. */
export const envelope = z.object({
  id: z.string(),
  wabaId: WabaId,
  phoneNumberId: PhoneNumberId,
  waId: WaId.optional(),
  bsuid: Bsuid.optional(),
  parentBsuid: Bsuid.optional(),
  /** The platform's own time of the item, whole seconds. Where that cannot be (see `flags`), the time of receipt. */
  occurredAt: Instant,
  receivedAt: Instant,
  source: Source,
  /** What in the item could not be. An impossible id or hash is left out (an over-long wamid cut), and the rest counts: one field that the platform
   *  lengthens must not silence a block. Without a time or a person the whole event counts for nothing, see `silenceOf`. Absent: nothing is wrong. */
  flags: Flags.optional(),
});

/** What an event says that came with an entry of `contacts[]` about the person. */
export const livePerson = envelope.extend({
  /** Absent while the identity change check is off for this phone number: no information, not "unchanged". */
  identityKeyHash: IdentityKeyHash.optional(),
});

/** What every event says that is about no person. Its id comes from the content too, and from the time that the platform gives it. */
export const accountEnvelope = z.object({
  id: z.string(),
  wabaId: WabaId,
  /** Which of our numbers, where the platform names it by id. */
  phoneNumberId: PhoneNumberId.optional(),
  /** The same, where it is named by the number itself: digits only. */
  displayNumber: z.string().max(64).optional(),
  occurredAt: Instant,
  receivedAt: Instant,
  source: Source,
  /** The platform gave no time, or one that cannot be: `occurredAt` is the time of receipt, and says nothing of what came before what. */
  flags: Flags.optional(),
});
