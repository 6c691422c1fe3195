import { z } from 'zod';
import {
  BusinessBlock,
  ConsentCategory,
  ConsentView,
  DecisionRecord,
  IdentityView,
  Proof,
  ServiceWindow,
  Verdict,
} from './changed-events.ts';
import { UngatedJson } from './exposure.ts';
import { Bsuid, ContactId, ContactIdentifier, IdentifierKind, IdentityKeyHash, Instant, PhoneNumberId } from './ids.ts';
import { givenName } from './plain.ts';
import { SpelledNumber } from './spelled-number.ts';

/** What a key may do. `identity:decide` is also for the business's own verification service. */
export const Scope = z.enum(['read', 'identity:decide', 'consent:write', 'contact:write', 'admin', 'send']);
export type Scope = z.infer<typeof Scope>;

/** A decision on exactly what was seen: `keyHash` and `version` as the API showed them; moved on means 409. */
export const AcknowledgementRequest = z.strictObject({
  keyHash: IdentityKeyHash.nullable(),
  version: z.number().int().positive(),
  verdict: Verdict,
  reason: z.string().trim().min(1, 'say why: what was verified, and how').max(200),
  note: z.string().max(4000).optional(),
  evidenceUrl: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  proof: Proof.optional(),
});
export type AcknowledgementRequest = z.infer<typeof AcknowledgementRequest>;
/** What a decision made of the contact: `identity` is that of `contactId`, who keeps what was before; see `decision.newContactId`. */
export const AcknowledgementJson = z.object({ contactId: ContactId, decision: DecisionRecord, identity: IdentityView });
export type AcknowledgementJson = z.infer<typeof AcknowledgementJson>;

/** How many items a page has. */
export const PageLimit = z.coerce.number().int().min(1).max(200).default(50);
/** What goes with every paged request. `cursor` is opaque: `nextCursor` of the page before. */
export const PageQuery = z.strictObject({ limit: PageLimit, cursor: z.string().optional() });
/** A page; `nextCursor` is null on the last one. */
export const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** All that is known of a contact. `serviceWindows`: those open at the time of asking. */
export const ContactJson = z.object({
  contactId: ContactId,
  scope: z.string(),
  profileName: z.string().nullable(),
  username: z.string().nullable(),
  firstSeenAt: Instant.nullable(),
  lastSeenAt: Instant.nullable(),
  identifiers: z.array(ContactIdentifier),
  identity: IdentityView,
  consent: ConsentView,
  serviceWindows: z.array(ServiceWindow),
  businessBlocked: z.boolean(),
  /** Null: not blocked by choice. */
  businessBlock: BusinessBlock.nullable(),
});
export type ContactJson = z.infer<typeof ContactJson>;

/** `waiting` until the endpoint took it, `delivered` until it is answered; `superseded`: something newer came in, or somebody else decided;
 *  `expired`: nobody answered in time. What is not answered stays in the queue. */
export const VerificationStatus = z.enum(['waiting', 'delivered', 'answered', 'superseded', 'expired']);
export type VerificationStatus = z.infer<typeof VerificationStatus>;
/** What the business was asked about a block as it is now. */
export const AskedOfBusiness = z.object({ requestId: z.uuid(), endpoint: z.string(), status: VerificationStatus, validUntil: Instant });
export type AskedOfBusiness = z.infer<typeof AskedOfBusiness>;

/** A block that awaits a decision, with its evidence. */
export const IdentityChangeJson = z.object({
  contactId: ContactId,
  scope: z.string(),
  profileName: z.string().nullable(),
  identifiers: z.array(ContactIdentifier),
  identity: IdentityView,
  since: Instant,
  /** What the person is opted in to: it would be sent to somebody else. */
  stake: z.array(ConsentCategory),
  /** While its status is `waiting` or `delivered`, the business's own systems are at it; once it is `answered` they could not tell. Absent: nobody
   *  asked them. */
  verification: AskedOfBusiness.optional(),
  /** What went to the contact past the gate since it was blocked; absent: nothing that is known. */
  ungated: UngatedJson.optional(),
});
export type IdentityChangeJson = z.infer<typeof IdentityChangeJson>;
/** Which identity changes are asked for: only those that await a decision. What was decided is in the timeline of its contact. */
export const IdentityChangeStatus = z
  .literal('open', "can only be 'open': what was decided is in the timeline of its contact")
  .default('open');
/** Whose turn it is: the business's, where it was asked and may still answer; else an operator's. */
export const IdentityChangeAwaits = z.enum(['operator', 'business']);
export type IdentityChangeAwaits = z.infer<typeof IdentityChangeAwaits>;
/** The blocks that await a decision, oldest first. */
export const IdentityChangesPage = pageOf(IdentityChangeJson);

/** Exactly one of the four, a number in any spelling with its country code; `at`: who held it then (now, where absent). `q`: what somebody typed, whichever of
 *  a number, a BSUID, a contactId or how a name begins it is. */
export const ContactSearchRequest = z
  .strictObject({
    waId: SpelledNumber.optional(),
    bsuid: Bsuid.optional(),
    name: z.string().trim().min(2).max(200).optional(),
    q: z.string().trim().min(2).max(200).optional(),
    at: Instant.optional(),
  })
  .refine((search) => [search.waId, search.bsuid, search.name, search.q].filter((value) => value !== undefined).length === 1, {
    error: 'name exactly one of waId, bsuid, name, q',
  });
export type ContactSearchRequest = z.infer<typeof ContactSearchRequest>;
/** Whom a search found, as they are now; `more`: a name fits more people than are shown. */
export const ContactSearchJson = z.object({ items: z.array(ContactJson), more: z.boolean() });

/** Why a person is to be blocked by choice, or no longer. */
export const BusinessBlockRequest = z.strictObject({
  reason: z.string().trim().min(1, 'say why').max(200),
  note: z.string().max(4000).optional(),
});
export type BusinessBlockRequest = z.infer<typeof BusinessBlockRequest>;
/** Whether this contact is blocked by choice now; null: it is not. */
export const BusinessBlockJson = z.object({ contactId: ContactId, businessBlock: BusinessBlock.nullable() });
export type BusinessBlockJson = z.infer<typeof BusinessBlockJson>;
/** One thing that happened to a contact's block. `reason` and `note` are those of a decision; null where it came or went with the person. */
export const BusinessBlockEntryJson = z.object({
  id: z.string(),
  contactId: ContactId,
  type: z.enum(['contact.business_blocked', 'contact.business_unblocked', 'contact.blocked_person_wrote']).meta({ open: true }),
  occurredAt: Instant,
  recordedAt: Instant,
  actor: z.string(),
  reason: z.string().nullable(),
  note: z.string().nullable(),
});
export type BusinessBlockEntryJson = z.infer<typeof BusinessBlockEntryJson>;
/** Under which identifier a number of ours blocks the person at the platform too. `mirroredAt` null: not yet; `refusedCode`: the platform's reason. */
export const MirroredBlockJson = z.object({
  phoneNumberId: PhoneNumberId,
  identifier: z.object({ kind: IdentifierKind, value: z.string() }),
  mirroredAt: Instant.nullable(),
  refusedCode: z.number().int().nullable(),
});
export type MirroredBlockJson = z.infer<typeof MirroredBlockJson>;
/** The block now, where the platform has it too (nowhere, unless that is asked for), and its history, newest first. */
export const BusinessBlockHistory = BusinessBlockJson.extend({
  mirrored: z.array(MirroredBlockJson),
  ...pageOf(BusinessBlockEntryJson).shape,
});
export type BusinessBlockHistory = z.infer<typeof BusinessBlockHistory>;
/** A person blocked by choice. */
export const BlockedContactJson = z.object({
  contactId: ContactId,
  scope: z.string(),
  profileName: z.string().nullable(),
  identifiers: z.array(ContactIdentifier),
  businessBlock: BusinessBlock,
});
export type BlockedContactJson = z.infer<typeof BlockedContactJson>;
/** Which of them: all, or only those who wrote or called since. */
export const BlockedContactsQuery = PageQuery.extend({ wrote: z.literal('true', "can only be 'true'; leave it out for all").optional() });
/** Who is blocked by choice, the newest block first. */
export const BlockedContactsPage = pageOf(BlockedContactJson);

/** One journal entry. `contactId` is that of a merged contact where it happened to that one. */
export const TimelineEntryJson = z.object({
  id: z.string(),
  contactId: ContactId,
  slice: z.enum(['contact', 'identity', 'consent']),
  type: z.string(),
  version: z.number().int(),
  occurredAt: Instant,
  recordedAt: Instant,
  actor: z.string(),
  cause: z.record(z.string(), z.unknown()),
  before: z.unknown(),
  after: z.unknown(),
  /** What was told beyond before and after: the decision, the ledger fact, the moves. Null: nothing. */
  detail: z.unknown(),
});
export type TimelineEntryJson = z.infer<typeof TimelineEntryJson>;
/** The journal, newest first. */
export const TimelinePage = pageOf(TimelineEntryJson);

/** A key to be made. Without `expiresAt` it lasts until it is revoked. */
export const ApiKeyRequest = z.strictObject({
  name: givenName('say whose it is'),
  scopes: z.array(Scope).min(1),
  expiresAt: Instant.optional(),
});
/** A key as it is kept: never the key itself. */
export const ApiKeyJson = z.object({
  keyId: z.string(),
  name: z.string(),
  scopes: z.array(Scope),
  createdAt: Instant,
  createdBy: z.string(),
  expiresAt: Instant.nullable(),
  revokedAt: Instant.nullable(),
});
export type ApiKeyJson = z.infer<typeof ApiKeyJson>;
/** The only answer that ever holds the key itself. */
export const ApiKeyCreatedJson = ApiKeyJson.extend({ key: z.string() });
export type ApiKeyCreatedJson = z.infer<typeof ApiKeyCreatedJson>;
/** All keys, those of no use any more included. */
export const ApiKeysPage = pageOf(ApiKeyJson);

/** The hash of a number as the on-premises API answered it. `created_timestamp`: since when it is known, in milliseconds. `acknowledged`: it awaits
 *  nobody's decision. */
export const OnpremIdentityJson = z.object({
  contacts: z.object({ hash: IdentityKeyHash.nullable(), created_timestamp: z.number().int(), acknowledged: z.boolean() }),
});
/** The hash to accept as that of the same person. */
export const OnpremIdentityRequest = z.object({ hash: IdentityKeyHash });

/** Whether each service can do its job now; `notReady` has the reasons of each that can't. */
export const ReadyJson = z.object({ ready: z.boolean(), notReady: z.record(z.string(), z.array(z.string())) });
export const AliveJson = z.object({ alive: z.literal(true) });

/** A problem document (RFC 9457). `code` is one of ours; the rest says what, where and the way out. */
export const Problem = z
  .object({ type: z.string(), title: z.string(), status: z.number().int(), code: z.string(), detail: z.string() })
  .loose();
export type Problem = z.infer<typeof Problem>;
