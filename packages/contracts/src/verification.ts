import { z } from 'zod';
import { ConsentCategory, DecisionRecord, EvidenceKind, IdentityView, Proof, Verdict } from './changed-events.ts';
import { PageQuery, pageOf, VerificationStatus } from './http.ts';
import { ContactId, ContactIdentifier, Instant, PhoneNumberId } from './ids.ts';
import { distinct, EndpointUrl, SettingName } from './settings.ts';

/** Where the business takes requests. Which addresses may be named is the console's to say (`VERIFICATION_PRIVATE_ORIGINS`). */
export const VerificationEndpoint = z.strictObject({
  name: SettingName,
  url: EndpointUrl,
  /** Raise it by one for another secret. Requests are signed by this one and the one before. */
  secretVersion: z.number().int().min(1).max(1_000_000).default(1),
});
export type VerificationEndpoint = z.infer<typeof VerificationEndpoint>;

/** Which blocks are meant. Each condition that is there must hold; none: any block. */
export const BlockCondition = z
  .strictObject({
    /** All that speaks for another holder is of these kinds. */
    evidence: distinct(EvidenceKind).optional(),
    /** It was seen on these of our numbers alone. */
    phoneNumberIds: distinct(PhoneNumberId).optional(),
    /** The person is opted in to one of these: an opt-in is at stake. */
    optedInTo: distinct(ConsentCategory).optional(),
  })
  .default({});
export type BlockCondition = z.infer<typeof BlockCondition>;

/** Which blocks the business is asked about, and what it may answer. Of several rules that fit, the first counts. */
export const VerificationRule = z.strictObject({
  name: SettingName,
  endpoint: SettingName,
  when: BlockCondition,
  /** What the business may decide. `not_verified` it may always answer. */
  verdicts: distinct(Verdict).default(['same_person']),
  /** For how long after the block it may answer. */
  validForMinutes: z.number().int().min(1).max(43_200).default(1_440),
});
export type VerificationRule = z.infer<typeof VerificationRule>;

const rulesShape = { endpoints: z.array(VerificationEndpoint).max(100), rules: z.array(VerificationRule).max(1_000) };
const namesOf = (items: readonly { readonly name: string }[]): string[] => items.map(({ name }) => name);

/** All rules at once, in place of those of `version`, which is the one that was seen; 0: there are none yet. */
export const VerificationRulesRequest = z
  .strictObject({
    ...rulesShape,
    version: z.number().int().min(0),
    reason: z.string().trim().min(1, 'say why: who asked for it, what it is for').max(200),
  })
  .superRefine(({ endpoints, rules }, context) => {
    for (const [field, items] of [
      ['endpoints', endpoints],
      ['rules', rules],
    ] as const) {
      const names = namesOf(items);
      for (const [i, name] of names.entries()) {
        if (names.indexOf(name) < i)
          context.addIssue({ code: 'custom', path: [field, i, 'name'], message: `another one is called ${name}` });
      }
    }
    for (const [i, { endpoint }] of rules.entries()) {
      if (!namesOf(endpoints).includes(endpoint))
        context.addIssue({ code: 'custom', path: ['rules', i, 'endpoint'], message: `no endpoint is called ${endpoint}` });
    }
  });
export type VerificationRulesRequest = z.infer<typeof VerificationRulesRequest>;

/** The rules in force, who set them, when and why. `version` 0: none were ever set. */
export const VerificationRulesJson = z.object({
  ...rulesShape,
  version: z.number().int(),
  reason: z.string().nullable(),
  actor: z.string().nullable(),
  setAt: Instant.nullable(),
});
export type VerificationRulesJson = z.infer<typeof VerificationRulesJson>;

/** What an endpoint verifies signatures with (https://www.standardwebhooks.com, read 2026-11). */
export const VerificationSecretJson = z.object({ endpoint: z.string(), secretVersion: z.number().int(), secret: z.string() });

/** What is asked about: the block as it was, bound to its key hash and version. */
export const VerificationChange = z.object({
  contactId: ContactId,
  scope: z.string(),
  identifiers: z.array(ContactIdentifier),
  identity: IdentityView,
  since: Instant,
});
export type VerificationChange = z.infer<typeof VerificationChange>;

/** What the endpoint gets, signed as Standard Webhooks has it: the same bytes and the same `webhook-id` however often it is sent. */
export const VerificationRequested = z.object({
  type: z.literal('identity.verification_requested'),
  /** When it was first asked. */
  timestamp: Instant,
  data: VerificationChange.extend({
    /** Also the header `webhook-id`. */
    requestId: z.uuid(),
    rule: z.string(),
    verdicts: z.array(Verdict),
    validUntil: Instant,
    /** Takes one answer. Whoever has it may decide: keep it out of logs. */
    callbackUrl: z.url(),
  }),
});
export type VerificationRequested = z.infer<typeof VerificationRequested>;

/** What the business found out: `not_verified`, it could not tell, so an operator has to. */
export const VerificationVerdict = z.enum([...Verdict.options, 'not_verified']);
export const VerificationAnswer = z.strictObject({ verdict: VerificationVerdict, proof: Proof, note: z.string().max(4000).optional() });
export type VerificationAnswer = z.infer<typeof VerificationAnswer>;

/** What an answer came to; the same for the same answer sent again. `decision` is null where nothing was decided. */
export const VerificationAnsweredJson = z.object({
  requestId: z.uuid(),
  contactId: ContactId,
  verdict: VerificationVerdict,
  answeredAt: Instant,
  decision: DecisionRecord.nullable(),
  identity: IdentityView,
});
export type VerificationAnsweredJson = z.infer<typeof VerificationAnsweredJson>;

/** One attempt to bring a request to its endpoint. */
export const VerificationDeliveryJson = z.object({
  attempt: z.number().int(),
  startedAt: Instant,
  /** Null: under way, or the process ended before it could say. */
  endedAt: Instant.nullable(),
  /** `delivered`, or why not: `status`, `redirect`, `timeout`, `refused_address`, `unreachable`, `tls`. */
  outcome: z.string().nullable(),
  /** What the endpoint answered, where it did. */
  httpStatus: z.number().int().nullable(),
});
export type VerificationDeliveryJson = z.infer<typeof VerificationDeliveryJson>;

/** A request to the business to verify somebody, and what came of it. */
export const VerificationJson = z.object({
  requestId: z.uuid(),
  contactId: ContactId,
  /** Of the block that is asked about. */
  version: z.number().int(),
  rule: z.string(),
  endpoint: z.string(),
  verdicts: z.array(Verdict),
  status: VerificationStatus,
  requestedAt: Instant,
  validUntil: Instant,
  attempts: z.number().int(),
  /** When it is sent again at the earliest; null unless it waits. */
  nextAttemptAt: Instant.nullable(),
  deliveredAt: Instant.nullable(),
  lastDelivery: VerificationDeliveryJson.nullable(),
  answer: VerificationAnswer.nullable(),
  answeredAt: Instant.nullable(),
});
export type VerificationJson = z.infer<typeof VerificationJson>;
/** The same with every attempt, the newest first. */
export const VerificationDetailJson = VerificationJson.extend({ deliveries: z.array(VerificationDeliveryJson) });
export type VerificationDetailJson = z.infer<typeof VerificationDetailJson>;

/** Those in one status, or about one contact. */
export const VerificationsQuery = PageQuery.extend({ status: VerificationStatus.optional(), contactId: ContactId.optional() });
/** Requests, the newest first. */
export const VerificationsPage = pageOf(VerificationJson);
