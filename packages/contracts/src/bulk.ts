import { z } from 'zod';
import { Verdict } from './changed-events.ts';
import { AcknowledgementRequest, PageQuery, pageOf } from './http.ts';
import { ContactId, IdentityKeyHash, Instant } from './ids.ts';
import { IdentityChangesFilter } from './queue.ts';

/** How many changes one decision is about at most, named one by one or by a filter; one that fits more is decided on in turns. */
export const BULK_MAX = 10_000;

/** A change as it was seen. */
export const SeenChange = z.strictObject({
  contactId: ContactId,
  keyHash: IdentityKeyHash.nullable(),
  version: z.number().int().positive(),
});
export type SeenChange = z.infer<typeof SeenChange>;
/** One verdict for many changes: exactly the `changes` named, or those that fit a `filter` now (`{}`: all that are open). Nothing is decided before it is run. */
export const BulkDecisionRequest = AcknowledgementRequest.pick({ verdict: true, reason: true, note: true, evidenceUrl: true })
  .extend({ changes: z.array(SeenChange).min(1).max(BULK_MAX).optional(), filter: IdentityChangesFilter.optional() })
  .refine(({ changes, filter }) => (changes === undefined) !== (filter === undefined), { error: 'name exactly one of changes, filter' })
  .refine(({ changes = [] }) => new Set(changes.map(({ contactId }) => contactId.toLowerCase())).size === changes.length, {
    error: 'changes: names a contact twice',
  });
export type BulkDecisionRequest = z.infer<typeof BulkDecisionRequest>;
/** What the dry run answered, which stands for exactly what it saw. */
export const BulkRunRequest = z.strictObject({ token: z.string().min(1).max(200) });

/** `ready` until it is run or `expired`; `running` until each change is decided on or an exception, `done` or `cancelled` then. */
export const BulkStatus = z.enum(['ready', 'running', 'done', 'cancelled', 'expired']);
export type BulkStatus = z.infer<typeof BulkStatus>;
/** Why a change was not decided on: something newer came in (`moved_on`), somebody else decided (`not_blocked`), nothing could be given to another person,
 *  nobody has the id, or the attempt itself `failed`. Readers must take one that they don't know. */
export const BulkException = z.enum(['moved_on', 'not_blocked', 'nothing_to_split', 'not_found', 'failed']).meta({ open: true });
export type BulkException = z.infer<typeof BulkException>;

/** A decision about many changes, and how far it has come. */
export const BulkDecisionJson = z.object({
  bulkId: z.uuid(),
  status: BulkStatus,
  verdict: Verdict,
  reason: z.string(),
  note: z.string().nullable(),
  evidenceUrl: z.string().nullable(),
  /** Null: the changes were named one by one. */
  filter: IdentityChangesFilter.nullable(),
  /** The filter fitted more than one decision is about: the others are the next one's. */
  more: z.boolean(),
  createdBy: z.string(),
  createdAt: Instant,
  /** Until when it can be run. */
  expiresAt: Instant,
  /** Who answers for every decision in it. */
  startedBy: z.string().nullable(),
  startedAt: Instant.nullable(),
  cancelledBy: z.string().nullable(),
  endedAt: Instant.nullable(),
  counts: z.object({
    total: z.number().int(),
    /** Not decided on yet; of one that was cancelled, never. */
    waiting: z.number().int(),
    decided: z.number().int(),
    exceptions: z.array(z.object({ reason: BulkException, count: z.number().int() })),
  }),
});
export type BulkDecisionJson = z.infer<typeof BulkDecisionJson>;
/** The only answer that ever holds the token. */
export const BulkRehearsedJson = BulkDecisionJson.extend({ token: z.string() });
export type BulkRehearsedJson = z.infer<typeof BulkRehearsedJson>;
/** The newest ones, newest first. */
export const BulkDecisionsPage = pageOf(BulkDecisionJson);

/** What became of one change. */
export const BulkRowJson = z.object({
  place: z.number().int(),
  contactId: ContactId,
  keyHash: IdentityKeyHash.nullable(),
  version: z.number().int(),
  outcome: z.enum(['waiting', 'decided', 'exception']),
  reason: BulkException.nullable(),
  decisionId: z.uuid().nullable(),
  newContactId: ContactId.nullable(),
  decidedAt: Instant.nullable(),
});
export type BulkRowJson = z.infer<typeof BulkRowJson>;
/** Which of its rows. */
export const BulkRowsQuery = PageQuery.extend({ outcome: BulkRowJson.shape.outcome.optional() });
/** In the order in which they are decided. */
export const BulkRowsPage = pageOf(BulkRowJson);
