import { z } from 'zod';
import { ContactId, Instant, PhoneNumberId, Wamid } from './ids.ts';

/** How far a message got, each counted once, under the furthest: `read` (a voice message played, too), `delivered`, `sent` (accepted by the platform,
 *  and not known to have arrived), `failed` (it reached nobody). */
export const Reach = z.enum(['sent', 'delivered', 'read', 'failed']);
export type Reach = z.infer<typeof Reach>;

const Count = z.number().int().nonnegative();
/** How many messages got how far, and of those that did not fail how many are of each category, as the platform priced them; `unknown`: it said none. */
export const ExposureCounts = z.object({
  ...{ sent: Count, delivered: Count, read: Count, failed: Count },
  byCategory: z.record(z.string(), Count),
});
export type ExposureCounts = z.infer<typeof ExposureCounts>;

/** A message of ours that may have gone to somebody else. */
export const ExposedMessage = z.object({
  wamid: Wamid,
  phoneNumberId: PhoneNumberId,
  reach: Reach,
  /** As the platform priced it; null: it said none. */
  category: z.string().nullable(),
  /** By which it counts: when it arrived, else when it was sent. */
  at: Instant,
  sentAt: Instant.nullable(),
  deliveredAt: Instant.nullable(),
  readAt: Instant.nullable(),
  side: z.enum(['before_block', 'after_block']),
});
export type ExposedMessage = z.infer<typeof ExposedMessage>;

/** Messages of ours that went to a contact past the gate since it was blocked. */
export const UngatedJson = z.object({
  messages: z.number().int().positive(),
  lastAt: Instant,
  /** From which numbers of ours. */
  phoneNumberIds: z.array(PhoneNumberId),
});
export type UngatedJson = z.infer<typeof UngatedJson>;

/** What went to a contact from the last proof of the holder whom we knew on, about the open block, else about the latest that was decided. */
export const ExposureJson = z.object({
  contactId: ContactId,
  /** Null: it was never blocked, and nothing counts. */
  blockedAt: Instant.nullable(),
  /** When it was decided; null: it awaits a decision, and what is sent goes on to count. */
  decidedAt: Instant.nullable(),
  /** From when on, per number of ours; null: nothing ever showed the holder there, so all that is kept counts. */
  since: z.array(z.object({ phoneNumberId: PhoneNumberId, at: Instant.nullable() })),
  /** The same, for each number of ours that is not in `since`. */
  sinceElsewhere: Instant.nullable(),
  /** What was sent before is not known: it was too long ago, or before keyturn recorded it. Null: nothing was ever recorded. */
  recordedSince: Instant.nullable(),
  beforeBlock: ExposureCounts,
  afterBlock: ExposureCounts,
  /** What of it went past the gate, though the number sends through it; absent: nothing that is known. */
  ungated: UngatedJson.optional(),
  items: z.array(ExposedMessage),
  nextCursor: z.string().nullable(),
});
export type ExposureJson = z.infer<typeof ExposureJson>;
