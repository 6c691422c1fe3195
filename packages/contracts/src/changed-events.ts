import { z } from 'zod';
import { Source } from './envelope.ts';
import { ContactId, ContactIdentifier, IdentifierKind, IdentityKeyHash, Instant, PhoneNumberId } from './ids.ts';

/** Why something changed: the event or the command behind it, and who did it (`system:<consumer>`, `key:<id>`, or
 *  `verification:<endpoint>/<rule>`). */
export const Cause = z.object({
  actor: z.string(),
  eventId: z.string().optional(),
  eventType: z.string().optional(),
  source: Source.optional(),
  reason: z.string().optional(),
  /** Set where the event was dead-lettered before: the decision by which it was read again. */
  redriveId: z.uuid().optional(),
  /** Set where the event, or what it follows from, was made of its webhook again: the replay that did it. */
  replayId: z.uuid().optional(),
});
export type Cause = z.infer<typeof Cause>;

/** What every event about a contact says. `version` counts per contact and topic, without gaps. */
const changed = z.object({
  id: z.string(),
  contactId: ContactId,
  version: z.number().int().positive(),
  /** When it happened on the platform, or when somebody decided. */
  occurredAt: Instant,
  recordedAt: Instant,
  cause: Cause,
  scope: z.string(),
  identifiers: z.array(ContactIdentifier),
});

/** A state record says all there is about a contact; a merged one only where it went. Readers keep the larger `version`. */
const stateRecord = z.object({
  contactId: ContactId,
  version: z.number().int().positive(),
  recordedAt: Instant,
  scope: z.string(),
  /** The survivor, where this contact was merged: it answers for all that this one did. */
  mergedInto: ContactId.optional(),
  identifiers: z.array(ContactIdentifier),
});

// --- contact ---------------------------------------------------------------------------------------------------------

/** What slices keep under `identifier` with from ≤ at < to goes from one contact to another. Null: open. */
export const Move = z.object({
  kind: IdentifierKind,
  value: z.string(),
  /** As the directory keys it, with its namespace: `w:…`, `u:<namespace>:…`, `p:<namespace>:…`. */
  identifier: z.string(),
  from: Instant.nullable(),
  to: Instant.nullable(),
  leaves: ContactId,
  joins: ContactId,
});
export type Move = z.infer<typeof Move>;
/** What the directory itself finds suspicious, e.g. `number_change:<previous>><current>@<seconds>`, since `at`. */
export const DirectorySignal = z.object({ signal: z.string(), at: Instant });

/** Until when a free-form answer is allowed, per number of ours; it may be over. */
export const ServiceWindow = z.object({ phoneNumberId: PhoneNumberId, endsAt: Instant });
/** The business itself wants nothing to do with this person: the newest of its blocks that nobody has lifted. */
export const BusinessBlock = z.object({
  blockedAt: Instant,
  reason: z.string(),
  actor: z.string(),
  /** When the person last wrote or called since; what was known when the block was set does not count. Null: not since. */
  wroteAt: Instant.nullable(),
});
export type BusinessBlock = z.infer<typeof BusinessBlock>;
/** What is known of a person beside who they are. Null: never seen. */
export const ContactView = z.object({
  profileName: z.string().nullable(),
  username: z.string().nullable(),
  firstSeenAt: Instant.nullable(),
  lastSeenAt: Instant.nullable(),
  serviceWindows: z.array(ServiceWindow),
  /** Absent: not blocked by choice. */
  businessBlock: BusinessBlock.optional(),
});
export type ContactView = z.infer<typeof ContactView>;

/** What the directory learned about who this is. Carries the contact's whole set of signals and the moves that follow, for all slices. */
export const ContactDirectoryEvent = changed.extend({
  type: z.enum(['contact.created', 'contact.identified', 'contact.merged', 'contact.number_changed', 'contact.split']),
  mergedInto: ContactId.optional(),
  signals: z.array(DirectorySignal),
  moves: z.array(Move),
});
export type ContactDirectoryEvent = z.infer<typeof ContactDirectoryEvent>;
/** The person has another name, or opened a window on another number of ours. */
export const ContactUpdated = changed.extend({
  type: z.literal('contact.updated'),
  before: ContactView,
  after: ContactView,
});
/** Somebody's decision to block a person, or to lift that. Never changed. */
export const BlockDecision = z.object({
  decisionId: z.uuid(),
  reason: z.string(),
  note: z.string().optional(),
  actor: z.string(),
  decidedAt: Instant,
});
export type BlockDecision = z.infer<typeof BlockDecision>;
/** The business blocked a person by choice, or does so no longer. `decision` is absent where the block came or went with the person: by a merge, or its
 *  undoing. */
export const ContactBlockChanged = changed.extend({
  type: z.enum(['contact.business_blocked', 'contact.business_unblocked']),
  before: ContactView,
  after: ContactView,
  decision: BlockDecision.optional(),
});
/** A person blocked by choice wrote or called, under whatever identifier. Told for the first time on a day (UTC) that comes in, not for each message. */
export const BlockedPersonWrote = changed.extend({
  type: z.literal('contact.blocked_person_wrote'),
  before: ContactView,
  after: ContactView,
  wrote: z.object({
    at: Instant,
    identifier: z.object({ kind: IdentifierKind, value: z.string() }),
    /** To which of our numbers; null: into a group, or what opens no service window, such as an edit. */
    phoneNumberId: PhoneNumberId.nullable(),
  }),
});
/** Everything on `contact.events.v1`. */
export const ContactEvent = z.discriminatedUnion('type', [ContactDirectoryEvent, ContactUpdated, ContactBlockChanged, BlockedPersonWrote]);
export type ContactEvent = z.infer<typeof ContactEvent>;
/** `contact` is null until the contact slice has seen the person. */
export const ContactStateRecord = stateRecord.extend({ contact: ContactView.nullable() });
export type ContactStateRecord = z.infer<typeof ContactStateRecord>;

// --- identity --------------------------------------------------------------------------------------------------------

/** How it speaks for another holder. Readers must take a kind that they don't know: more may come. */
export const EvidenceKind = z
  .enum(['hash', 'mismatch', 'legacy', 'number_change', 'number_lost', 'bsuid', 'undecided'])
  .meta({ open: true });
/** The same in plain words, and whose key a hash is: `known_key_hash` is that of the holder whom we knew, shown beside the other. Readers must take one
 *  that they don't know. */
const EvidenceCode = z
  .enum([
    'known_key_hash',
    'other_key_hash',
    'send_refused',
    'registered_anew',
    'number_changed',
    'number_taken_over',
    'ids_disagree',
    'event_not_decided',
  ])
  .meta({ open: true });
/** One thing that was seen and speaks for another holder. `keyHash` is null where the new hash is not known. */
export const Evidence = z.object({
  kind: EvidenceKind,
  keyHash: IdentityKeyHash.nullable(),
  /** Under which identifier it was said; null for what the directory says about the person. */
  identifier: z.object({ kind: IdentifierKind, value: z.string() }).nullable(),
  /** On which of our numbers; null for what the directory says. */
  phoneNumberId: PhoneNumberId.nullable(),
  firstAt: Instant,
  lastAt: Instant,
  /** The rest: the wamid of a failed send, the numbers of a change, … */
  detail: z.string().nullable(),
  code: EvidenceCode.optional(),
  /** The event that said it at `firstAt`, as on the inbound topic; null: the directory says it, or the first who said it was somebody else. */
  eventId: z.string().nullable().optional(),
});
export type Evidence = z.infer<typeof Evidence>;

/** `unknown`: no hash is known; `clear`: nothing awaits a decision; `blocked`: until somebody decides. */
export const IdentityStatus = z.enum(['unknown', 'clear', 'blocked']);
export type IdentityStatus = z.infer<typeof IdentityStatus>;
/** Whether this is still the person we knew, and what speaks against it. */
export const IdentityView = z.object({
  status: IdentityStatus,
  /** While blocked, the one to acknowledge (null: none is known); else display only. */
  keyHash: IdentityKeyHash.nullable(),
  keyHashes: z.array(z.object({ phoneNumberId: PhoneNumberId, keyHash: IdentityKeyHash.nullable() })),
  version: z.number().int().nonnegative(),
  /** The first instant at which anything but the baseline was said. Null unless blocked. */
  blockedAt: Instant.nullable(),
  evidence: z.array(Evidence),
  /** While blocked: when the holder whom we knew last showed on each of our numbers, before the block; on a number that is not here nothing says
   *  so. What was sent since may have gone to somebody else. */
  knownUntil: z.array(z.object({ phoneNumberId: PhoneNumberId, at: Instant })).optional(),
});
export type IdentityView = z.infer<typeof IdentityView>;

/** What somebody found out who verified the person. */
export const Verdict = z.enum(['same_person', 'different_person']);
export type Verdict = z.infer<typeof Verdict>;
/** By which means somebody made sure, where that is on record, and who or what did it: `reference` is the business's own, no personal data. */
export const Proof = z.strictObject({
  method: z.string().trim().min(1).max(100),
  reference: z.string().trim().min(1).max(200),
  by: z.string().trim().min(1).max(100),
});
export type Proof = z.infer<typeof Proof>;
/** A decision as it was made. Never changed. */
export const DecisionRecord = z.object({
  decisionId: z.uuid(),
  verdict: Verdict,
  reason: z.string(),
  note: z.string().optional(),
  evidenceUrl: z.url().optional(),
  proof: Proof.optional(),
  actor: z.string(),
  decidedAt: Instant,
  /** With `different_person`: the contact that the number belongs to from then on. */
  newContactId: ContactId.optional(),
});
export type DecisionRecord = z.infer<typeof DecisionRecord>;

/** Everything on `identity.events.v1`. */
export const IdentityEvent = changed.extend({
  type: z.enum(['identity.hash_learned', 'identity.blocked', 'identity.evidence_changed', 'identity.acknowledged', 'identity.regrouped']),
  before: IdentityView,
  after: IdentityView,
  /** Set on `identity.acknowledged`. */
  decision: DecisionRecord.optional(),
});
export type IdentityEvent = z.infer<typeof IdentityEvent>;
/** The state now, on `identity.state.v1`. */
export const IdentityStateRecord = stateRecord.extend({ identity: IdentityView });
export type IdentityStateRecord = z.infer<typeof IdentityStateRecord>;

// --- consent ---------------------------------------------------------------------------------------------------------

/** What a message is for, as the platform divides it. */
export const ConsentCategory = z.enum(['marketing', 'utility', 'authentication', 'service']);
export type ConsentCategory = z.infer<typeof ConsentCategory>;
/** How we know of it. Readers must take a source that they don't know: more may come. */
export const ConsentSource = z
  .enum(['customer_thread', 'ad', 'link', 'qr', 'ivr', 'web_form', 'import', 'in_app_signup', 'api', 'platform', 'opt_out_message'])
  .meta({ open: true });
export type ConsentSource = z.infer<typeof ConsentSource>;
/** What holds for one category, and since when; null: nothing was ever said. */
export const ConsentStatus = z.object({
  status: z.enum(['none', 'opted_in', 'opted_out']),
  source: ConsentSource.nullable(),
  occurredAt: Instant.nullable(),
});
/** May we write, category by category. */
export const ConsentView = z.record(ConsentCategory, ConsentStatus);
export type ConsentView = z.infer<typeof ConsentView>;
/** One row of the ledger: what was said or done, for which categories, with its evidence. */
export const ConsentFact = z.object({
  kind: z.enum(['stop', 'explicit', 'thread']),
  categories: z.array(ConsentCategory),
  source: ConsentSource,
  evidence: z.record(z.string(), z.unknown()),
  occurredAt: Instant,
});
export type ConsentFact = z.infer<typeof ConsentFact>;
/** Everything on `consent.events.v1`. */
export const ConsentEvent = changed.extend({
  type: z.enum(['consent.recorded', 'consent.status_changed', 'consent.regrouped']),
  before: ConsentView,
  after: ConsentView,
  /** The ledger row, on `recorded` and `status_changed`; absent on `regrouped`. */
  fact: ConsentFact.optional(),
});
export type ConsentEvent = z.infer<typeof ConsentEvent>;
/** The state now, on `consent.state.v1`. */
export const ConsentStateRecord = stateRecord.extend({ consent: ConsentView });
export type ConsentStateRecord = z.infer<typeof ConsentStateRecord>;
