import { z } from 'zod';
import { ConsentCategory } from './changed-events.ts';
import { PageQuery, pageOf } from './http.ts';
import { ContactId, IdentityKeyHash, Instant, PhoneNumberId } from './ids.ts';

/** Why a send may be denied, in the order in which the gate names its reasons. */
export const gateCodes = [
  'state_unreadable',
  'state_not_current',
  'contact_changing',
  'group_recipient',
  'two_contacts',
  'number_ambiguous',
  'contact_unknown',
  'identity_blocked',
  'identity_unproven',
  'identity_unchecked',
  'identity_hash_awaited',
  'identity_hash_differs',
  'blocked_by_choice',
  'opted_out',
  'no_opt_in',
  'window_closed',
  'bsuid_forbidden',
  'number_unreachable',
  'number_restricted',
  'frequency_cap',
] as const;
export const GateCode = z.enum(gateCodes);
export type GateCode = z.infer<typeof GateCode>;

/** A number as a sender spells it: digits, with or without `+`, `00`, spaces, dashes, dots or brackets; Arabic-Indic digits too. */
const To = z.string().min(1).max(200).describe('The number, in any spelling; of a group its id.');

/** May this be sent? At least one of `to` and `recipient` (BSUID or parent BSUID) is named. */
export const DecisionRequest = z
  .strictObject({
    phoneNumberId: PhoneNumberId,
    to: To.optional(),
    recipient: z.string().min(1).max(200).optional(),
    recipientType: z.enum(['individual', 'group']).default('individual'),
    /** `service`: a free-form message, inside the service window only; the others: a template of that category. */
    category: ConsentCategory,
    template: z.string().min(1).max(512).optional(),
  })
  .refine(({ to, recipient }) => to !== undefined || recipient !== undefined, {
    path: ['to'],
    error: 'name whom it is for: `to` (a number) or `recipient` (a BSUID)',
  });
export type DecisionRequest = z.infer<typeof DecisionRequest>;

/** How many decisions one request may ask for. */
export const DECISIONS_MAX = 1_000;
/** Up to 1,000 at once. */
export const DecisionsRequest = z.strictObject({ items: z.array(DecisionRequest).min(1).max(DECISIONS_MAX) });

/** A sentence in both languages that operators read. */
export const Wording = z.object({ en: z.string(), ar: z.string() });
export type Wording = z.infer<typeof Wording>;
/** Why not, and the way out. */
export const GateReason = z.object({ code: GateCode, message: Wording, wayOut: Wording });
export type GateReason = z.infer<typeof GateReason>;

/** The answer to one send. */
export const DecisionJson = z.object({
  decision: z.enum(['allow', 'deny']),
  /** Every enforced rule that is against it. Empty: allowed. */
  reasons: z.array(GateReason),
  /** What rules in mode `shadow` would have said; they deny nothing. */
  shadowed: z.array(GateReason),
  /** Rules that are on and that nothing tells about yet: neither for nor against. */
  unanswered: z.array(GateCode),
  /** Who it is for; null: nobody is known, or more than one. */
  contactId: ContactId.nullable(),
  /** To be sent along as `recipient_identity_key_hash`; null: none is known for this person and this number of ours. */
  identityKeyHash: IdentityKeyHash.nullable(),
});
export type DecisionJson = z.infer<typeof DecisionJson>;
/** The answers, in the order of the items. */
export const DecisionsJson = z.object({ items: z.array(DecisionJson) });

/** A decision as the gate's journal has it. Nobody is named but by `contactId`. */
export const GateDecisionJson = z.object({
  decisionId: z.uuid(),
  decidedAt: Instant,
  /** Every `deny` is kept; of `allow` a sample. */
  decision: z.enum(['allow', 'deny']),
  /** Null: nobody was known, or more than one. */
  contactId: ContactId.nullable(),
  phoneNumberId: PhoneNumberId,
  /** Null: a template of which nobody knew it. */
  category: ConsentCategory.nullable(),
  template: z.string().nullable(),
  /** Where it was asked: `decisions`, or one of the platform's own doors. */
  door: z.enum(['decisions', 'messages', 'marketing_messages']),
  /** Every enforced rule that was against it. */
  reasons: z.array(GateReason),
  shadowed: z.array(GateReason),
  /** Who asked: `key:<keyId>`. */
  actor: z.string(),
});
export type GateDecisionJson = z.infer<typeof GateDecisionJson>;
/** Of sends to one contact, where one is named. */
export const GateDecisionsQuery = PageQuery.extend({ contactId: ContactId.optional() });
/** What the gate denied, newest first. */
export const GateDecisionsPage = pageOf(GateDecisionJson);
