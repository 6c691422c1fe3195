import { z } from 'zod';
import { ConsentCategory, EvidenceKind } from './changed-events.ts';
import { IdentityChangeAwaits, IdentityChangeStatus, PageQuery } from './http.ts';
import { Instant, PhoneNumberId } from './ids.ts';

/** How long something lasts at least: minutes, hours or days, as `15m`, `4h` or `3d`. */
export const Age = z.string().regex(/^[1-9]\d{0,3}[mhd]$/, 'is a count of minutes, hours or days: 15m, 4h or 3d');
export type Age = z.infer<typeof Age>;

/** Which of the open changes are meant: those that fit all that is named. Nothing named: all. */
export const IdentityChangesFilter = z.strictObject({
  /** What speaks for another holder is, among others, this. */
  signal: EvidenceKind.optional(),
  /** It was seen on this number of ours. */
  phoneNumberId: PhoneNumberId.optional(),
  /** Blocked for longer than this. */
  olderThan: Age.optional(),
  /** The person is opted in to this, so it would be sent to somebody else. */
  stake: ConsentCategory.optional(),
  awaits: IdentityChangeAwaits.optional(),
  /** One storm, by the `group` that the counts name. */
  group: z.string().min(1).max(400).optional(),
});
export type IdentityChangesFilter = z.infer<typeof IdentityChangesFilter>;
/** Which of them, how many and from where on. */
export const IdentityChangesQuery = PageQuery.extend({ status: IdentityChangeStatus, ...IdentityChangesFilter.shape });

/** Open changes that share a cause: the same signal on the same number of ours about numbers that begin alike, hour after hour. */
export const ChangeGroupJson = z.object({
  /** Opens it: `GET /v1/identity-changes?group=`. Stays the same while more come in. */
  group: z.string(),
  count: z.number().int(),
  /** Since when the oldest of them is blocked, and the newest. */
  since: Instant,
  newestAt: Instant,
  signal: EvidenceKind,
  /** Null: the directory alone says it, as when a number changed. */
  phoneNumberId: PhoneNumberId.nullable(),
  /** How the numbers begin, country code first; null: these have none. */
  numberPrefix: z.string().nullable(),
});
export type ChangeGroupJson = z.infer<typeof ChangeGroupJson>;
/** How many changes are open, exactly, as of `asOf`: a second or so ago. A change with two signals counts in both. */
export const IdentityChangeCountsJson = z.object({
  open: z.number().int(),
  bySignal: z.array(z.object({ signal: EvidenceKind, count: z.number().int() })),
  byPhoneNumber: z.array(z.object({ phoneNumberId: PhoneNumberId, count: z.number().int() })),
  byStake: z.array(z.object({ stake: ConsentCategory, count: z.number().int() })),
  byAwaits: z.array(z.object({ awaits: IdentityChangeAwaits, count: z.number().int() })),
  /** How many are older than each of these, to ten minutes. */
  byAge: z.array(z.object({ olderThan: Age, count: z.number().int() })),
  /** The largest first, at most 50. */
  groups: z.array(ChangeGroupJson),
  /** When somebody last decided on a change; null: nobody ever did. */
  lastDecidedAt: Instant.nullable(),
  asOf: Instant,
});
export type IdentityChangeCountsJson = z.infer<typeof IdentityChangeCountsJson>;
