import { z } from 'zod';
import { errorCodes } from './errors.ts';
import { PageQuery, pageOf } from './http.ts';
import { ContactId, Instant } from './ids.ts';
import { consumerTopics, type Group } from './topics.ts';

/** How long a dead letter can be looked at and decided on: as long as its topic keeps it. */
export const DEAD_LETTER_DAYS = 30;
/** How many dead letters one request may name. */
export const DEAD_LETTER_IDS_MAX = 1_000;

/** `open` awaits a decision; `requested` waits for its group to apply it, and is then `redriven`, or `open` again with the new cause. `discarded`
 *  never applies. */
export const DeadLetterStatus = z.enum(['open', 'requested', 'redriven', 'discarded']);
export type DeadLetterStatus = z.infer<typeof DeadLetterStatus>;

const ReadingGroup = z.enum(Object.keys(consumerTopics) as [Group, ...Group[]]);
const Code = z.enum(Object.keys(errorCodes) as [keyof typeof errorCodes, ...(keyof typeof errorCodes)[]]);

/** Which dead letters are meant: of one group, of one cause. Without either: all. */
export const DeadLetterFilter = z.strictObject({ group: ReadingGroup.optional(), code: Code.optional() });
export type DeadLetterFilter = z.infer<typeof DeadLetterFilter>;

/** What somebody decided on dead letters, and why. */
export const DeadLetterDecision = z.object({
  decisionId: z.uuid(),
  action: z.enum(['redrive', 'discard']),
  actor: z.string(),
  reason: z.string(),
  decidedAt: Instant,
});
export type DeadLetterDecision = z.infer<typeof DeadLetterDecision>;

/** A record that a group could not decide on, for a list: numbers in `key` and `cause` are masked. */
export const DeadLetterJson = z.object({
  deadLetterId: z.uuid(),
  group: z.string(),
  topic: z.string(),
  partition: z.number().int(),
  offset: z.string(),
  key: z.string().nullable(),
  /** Who it is about, where the directory knew when it was dead-lettered. */
  contactId: ContactId.nullable(),
  eventType: z.string().nullable(),
  /** When it happened on the platform, as its header says. */
  occurredAt: Instant.nullable(),
  code: z.string(),
  cause: z.string(),
  attempts: z.number().int(),
  deadLetteredAt: Instant,
  /** From then on it is not kept. */
  expiresAt: Instant,
  status: DeadLetterStatus,
  /** What a redrive came to: `applied`, `touched`, `skipped_<reason>`. */
  outcome: z.string().nullable(),
  /** The last one; null: nobody has decided yet. */
  decision: DeadLetterDecision.nullable(),
});
export type DeadLetterJson = z.infer<typeof DeadLetterJson>;

/** Those in one status, of one group or cause where one is named. */
export const DeadLettersQuery = PageQuery.extend({ ...DeadLetterFilter.shape, status: DeadLetterStatus.default('open') });
/** Dead letters, the oldest first. */
export const DeadLettersPage = pageOf(DeadLetterJson);

/** All there is of one dead letter, as the record was. `event`: its value, where that is JSON; `valueBase64`: its bytes. */
export const DeadLetterDetailJson = DeadLetterJson.extend({
  headers: z.record(z.string(), z.string()),
  event: z.unknown(),
  valueBase64: z.string(),
  stack: z.string(),
  /** In their order. */
  decisions: z.array(DeadLetterDecision),
});
export type DeadLetterDetailJson = z.infer<typeof DeadLetterDetailJson>;

/** A decision on the dead letters named, or on the open ones that a filter means. A filter is worked off page by page: `cursor` is `nextCursor` of the
 *  answer before, so that each dead letter is met once. */
export const DeadLetterDecisionRequest = z
  .strictObject({
    ids: z.array(z.uuid().toLowerCase()).min(1).max(DEAD_LETTER_IDS_MAX).optional(),
    filter: DeadLetterFilter.optional(),
    cursor: z.uuid().optional(),
    reason: z.string().trim().min(1, 'say why: what was mended, or why it need not apply').max(200),
  })
  .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), { error: 'name exactly one of ids, filter' })
  .refine(({ ids, cursor }) => ids === undefined || cursor === undefined, { error: 'cursor: goes with filter, not with ids' });
export type DeadLetterDecisionRequest = z.infer<typeof DeadLetterDecisionRequest>;

/** What a decision came to: on how many it was taken, and each on which it could not be, as it is. */
export const DeadLetterDecidedJson = DeadLetterDecision.extend({
  decided: z.number().int(),
  refused: z.array(z.object({ deadLetterId: z.uuid(), status: z.enum([...DeadLetterStatus.options, 'not_found']) })),
  /** Null: there are no more that the filter means. */
  nextCursor: z.uuid().nullable(),
});
export type DeadLetterDecidedJson = z.infer<typeof DeadLetterDecidedJson>;

/** Where the dead letters of a decision are now, by status. */
export const DeadLetterProgressJson = DeadLetterDecision.extend({ letters: z.record(DeadLetterStatus, z.number().int()) });
export type DeadLetterProgressJson = z.infer<typeof DeadLetterProgressJson>;
