import { z } from 'zod';
import { Word } from './envelope.ts';
import { PageQuery, pageOf } from './http.ts';
import { Instant, PhoneNumberId, WabaId } from './ids.ts';

/** When the platform said it; null: it did not say when. */
const At = Instant.nullable();
/** Whether a number or account is still ours on the platform. `unknown`: nothing was said that would end or begin it. */
const Connection = z.object({
  status: z.enum(['connected', 'disconnected', 'unknown']),
  /** By which event of `account_update`; null: by none. */
  event: Word.nullable(),
  reason: Word.nullable(),
  since: At,
});
const Alert = z.object({ alert: Word, severity: Word.nullable(), status: Word.nullable(), at: At });

/** What is known of one of our accounts (WABA). Null: the platform never said so. */
export const WabaJson = z.object({
  wabaId: WabaId,
  connection: Connection,
  review: z.object({ decision: Word, at: At }).nullable(),
  ban: z.object({ state: Word, at: At }).nullable(),
  violation: z.object({ type: Word, at: At }).nullable(),
  /** What we may not do at this moment, as it was said last. Without an end it holds until somebody lifts it, which the platform does not tell. */
  restrictions: z.array(z.object({ restriction: Word, expiresAt: Instant.nullable(), since: At })),
  /** How much our business may do. */
  capability: z.object({ limit: Word.nullable(), phoneNumbersMax: z.number().int().nullable(), at: At }).nullable(),
  alert: Alert.nullable(),
});
export type WabaJson = z.infer<typeof WabaJson>;

/** Whether the identity check is on for a number, as the messages to it show: while it is on each carries a key hash. */
export const IdentityCheckJson = z.object({
  /** By the newest 16 messages. `on`: half of them or more carried a hash. `partly`: fewer; it was switched just now, or these people's numbers may not
   *  be shown. `off`: none did, so a stranger on a known number can't be seen. `unknown`: fewer than three came, and none carried one. */
  status: z.enum(['on', 'partly', 'off', 'unknown']),
  newest: z.object({ messages: z.number().int(), withHash: z.number().int() }),
  lastMessageAt: Instant.nullable(),
  /** When the last came that carried one; null: none ever did. */
  lastHashAt: Instant.nullable(),
});
export type IdentityCheckJson = z.infer<typeof IdentityCheckJson>;

/** What is known of a number of ours. Null: the platform never said so. */
export const PhoneNumberJson = z.object({
  /** Null: the platform named it by the number alone, and nobody has written to it. */
  phoneNumberId: PhoneNumberId.nullable(),
  /** Digits only; null: nobody has written to it since keyturn keeps it. */
  displayNumber: z.string().nullable(),
  wabaId: WabaId.nullable(),
  connection: Connection,
  /** The name that people see: the last that was approved. */
  verifiedName: z.string().nullable(),
  /** The last decision about its name. */
  name: z.object({ decision: Word, requestedName: z.string().nullable(), rejectionReason: Word.nullable(), at: At }).nullable(),
  username: z.object({ username: z.string().nullable(), status: Word, at: At }).nullable(),
  /** `flagged`: people don't like what it sends, and its limit may fall; `unflagged`: no longer. */
  quality: z.object({ status: z.enum(['flagged', 'unflagged']), at: At }).nullable(),
  /** How many conversations a day it may begin, as the platform writes it. */
  messagingLimit: z.object({ limit: Word, previous: Word.nullable(), at: At }).nullable(),
  throughput: z.object({ event: Word, at: At }).nullable(),
  /** What was done last about its two-step PIN. */
  security: z.object({ event: Word, at: At }).nullable(),
  calling: z.object({ status: Word, at: At }).nullable(),
  alert: Alert.nullable(),
  identityCheck: IdentityCheckJson,
  /** Of its account. */
  account: WabaJson.nullable(),
});
export type PhoneNumberJson = z.infer<typeof PhoneNumberJson>;

/** One thing that the platform said. `detail`: what it said, without ids and times. */
export const AccountEntryJson = z.object({
  eventId: z.string(),
  about: z.enum(['number', 'account', 'template']),
  type: z.string(),
  occurredAt: At,
  recordedAt: Instant,
  detail: z.record(z.string(), z.unknown()),
});
export type AccountEntryJson = z.infer<typeof AccountEntryJson>;

/** The messages of one day, in UTC by their own time. */
export const CoverageDayJson = z.object({
  day: z.iso.date(),
  messages: z.number().int(),
  withHash: z.number().int(),
  /** `withHash` of `messages`: from 0 to 1. */
  share: z.number(),
  /** False: so many that they are estimated, the share to within some points. */
  exact: z.boolean(),
});
export type CoverageDayJson = z.infer<typeof CoverageDayJson>;

/** What one day, in UTC, brought of what the number sends. */
export const GateDayJson = z.object({
  day: z.iso.date(),
  /** Sends that the gate allowed and denied: of messages and of questions about one. */
  allowed: z.number().int(),
  denied: z.number().int(),
  /** Messages that went past the gate, counted from when the number first sent through it. */
  ungated: z.number().int(),
});
export type GateDayJson = z.infer<typeof GateDayJson>;

/** How quality and limit went: what each became when, oldest first. Before the first of each nothing is known. */
export const NumberCourseJson = z.object({
  quality: z.array(z.object({ status: z.enum(['flagged', 'unflagged']), at: At })),
  limit: z.array(z.object({ limit: Word, at: At })),
  /** Whose limit it is: its account's, where none was ever said of the number itself. */
  limitOf: z.enum(['number', 'account']),
});
export type NumberCourseJson = z.infer<typeof NumberCourseJson>;

/** A number with its history, newest first (100 at most, its account's included), and the days of the last 30 on which somebody wrote, newest first. */
export const PhoneNumberDetailJson = PhoneNumberJson.extend({
  history: z.array(AccountEntryJson),
  coverage: z.array(CoverageDayJson),
  /** Those of the last 30 days on which it sent, newest first. */
  gate: z.array(GateDayJson).optional(),
  /** By the newest 1,000 entries of each, the number and its account. */
  course: NumberCourseJson.optional(),
});
export type PhoneNumberDetailJson = z.infer<typeof PhoneNumberDetailJson>;

/** What is known of a template. Null: the platform never said so. */
export const TemplateJson = z.object({
  /** Null: the platform wrote it in a way that JSON can't keep. */
  templateId: z.string().nullable(),
  wabaId: WabaId,
  name: z.string(),
  language: Word.nullable(),
  status: z.object({ status: Word, reason: z.string().nullable(), detail: z.string().nullable(), at: At }).nullable(),
  category: z.object({ category: Word, at: At }).nullable(),
  /** The category that it is to have soon, and with it another consent. */
  nextCategory: z.object({ category: Word, at: At }).nullable(),
  quality: z.object({ quality: Word, previous: Word.nullable(), at: At }).nullable(),
  contentChangedAt: At,
});
export type TemplateJson = z.infer<typeof TemplateJson>;

/** The numbers of ours that keyturn has heard of. */
export const PhoneNumbersPage = pageOf(PhoneNumberJson);
/** Those of one account, where one is named. */
export const TemplatesQuery = PageQuery.extend({ wabaId: WabaId.optional() });
/** The templates that the platform told of. */
export const TemplatesPage = pageOf(TemplateJson);
