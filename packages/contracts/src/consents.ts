import { z } from 'zod';
import { ConsentCategory, ConsentFact, ConsentView } from './changed-events.ts';
import { PageQuery, pageOf } from './http.ts';
import { Bsuid, ContactId, ContactIdentifier, Instant, PhoneNumberId } from './ids.ts';
import { type DeclaredRoute, json } from './route.ts';
import { SpelledNumber } from './spelled-number.ts';

/** How a business may have come to know of a consent. What people say on WhatsApp itself comes by webhook, and nobody states it. */
export const StatedSource = z.enum(['ad', 'link', 'qr', 'ivr', 'web_form', 'in_app_signup', 'import', 'api']);
/** How many consents one request states at most. */
export const CONSENTS_MAX = 1_000;

const EVIDENCE_NAME = 'name it by a line of text of up to 64 characters';
/** PostgreSQL keeps neither NUL nor half of a surrogate pair, and no object a `__proto__`. */
const isName = (name: string): boolean => name.isWellFormed() && !/\p{Cc}/u.test(name) && name !== '__proto__';
const StatedEvidence = z
  .record(
    z.string().trim().min(1).max(64).refine(isName),
    z.union([
      z.string().max(2_000),
      z
        .number()
        .refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), 'has more digits than a number keeps: send it as text'),
      z.boolean(),
    ]),
    { error: ({ code }) => (code === 'invalid_key' ? EVIDENCE_NAME : undefined) },
  )
  .refine((evidence) => Object.keys(evidence).length <= 20, { error: 'name 20 things at most' });
const stated = {
  /** `explicit`: an opt-in; `stop`: an opt-out. */
  kind: z.enum(['explicit', 'stop']),
  categories: z.array(ConsentCategory).min(1, 'name at least one category').max(4),
  source: StatedSource,
  /** What shows it, such as the form and its wording, the call, the reference. Without it nobody opted in; a stop needs none. */
  evidence: StatedEvidence.default({}),
  /** When the person said so: they count for whoever held the number then. */
  occurredAt: Instant,
};
type Stated = { readonly kind: 'explicit' | 'stop'; readonly evidence: object };
const isShown = ({ kind, evidence }: Stated): boolean => kind === 'stop' || Object.keys(evidence).length > 0;
const UNSHOWN = { path: ['evidence'], error: 'say what shows the opt-in: the form and its wording, the call, your reference' };

/** What a contact agreed to, or wants no more. */
export const ConsentRequest = z.strictObject(stated).refine(isShown, UNSHOWN);
export type ConsentRequest = z.infer<typeof ConsentRequest>;

/** A number that somebody wrote down. A spreadsheet's decimals would be read as digits, and a number without its country code as another's. */
const StatedNumber = z
  .string()
  .refine((text) => !/\d\.0+\s*$/.test(text), 'a spreadsheet made a decimal of it: keep numbers as text')
  .pipe(SpelledNumber)
  .refine((digits) => !digits.startsWith('0'), 'begin with the country code: none begins with 0');
/** The same of somebody by number or BSUID, whether or not they ever wrote. */
export const ConsentItem = z
  .strictObject({ waId: StatedNumber.optional(), bsuid: Bsuid.optional(), ...stated })
  .refine(({ waId, bsuid }) => (waId === undefined) !== (bsuid === undefined), { error: 'name exactly one of waId, bsuid' })
  .refine(isShown, UNSHOWN);
export type ConsentItem = z.infer<typeof ConsentItem>;
/** Many of them. `phoneNumberId`: the number of ours that they agreed to hear from; it says in which scope they are known. */
export const ConsentsRequest = z.strictObject({ phoneNumberId: PhoneNumberId, items: z.array(ConsentItem).min(1).max(CONSENTS_MAX) });
export type ConsentsRequest = z.infer<typeof ConsentsRequest>;

/** What came of one. `unchanged`: recorded before, or older than all that is kept of its kind. `consent`: what holds now. */
export const ConsentRecordedJson = z.object({
  contactId: ContactId,
  outcome: z.enum(['recorded', 'unchanged']),
  consent: ConsentView,
});
export type ConsentRecordedJson = z.infer<typeof ConsentRecordedJson>;
/** What came of each, in their order. */
export const ConsentsRecordedJson = z.object({ items: z.array(ConsentRecordedJson) });

/** One row of the ledger, with who recorded it, under which identifier, and for which number of ours (null: for all). */
export const ConsentEntryJson = ConsentFact.extend({
  factId: z.string(),
  identifier: ContactIdentifier.pick({ kind: true, value: true }),
  phoneNumberId: PhoneNumberId.nullable(),
  actor: z.string(),
  recordedAt: Instant,
});
export type ConsentEntryJson = z.infer<typeof ConsentEntryJson>;

const contactId = { contactId: ContactId };
/** On `CONSOLE_PORT`: what people agreed to, as the business knows it, and what shows it. */
export const consentRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'post', path: '/v1/contacts/{contactId}/consents', operationId: 'recordConsent', params: contactId },
    summary: 'Records an opt-in or opt-out of a contact, once however often it comes.',
    body: ConsentRequest,
    answers: [json(200, 'Recorded, now or before, and what holds now.', ConsentRecordedJson)],
    problems: ['contact.not_found', 'consent.conflict'],
  },
  {
    ...{ method: 'get', path: '/v1/contacts/{contactId}/consents', operationId: 'listConsents', params: contactId },
    summary:
      'The ledger of what a person said about consent, each with its evidence: what counts for this contact, whomever it was recorded for.',
    query: PageQuery,
    answers: [json(200, 'A page of it, newest first.', pageOf(ConsentEntryJson))],
    problems: ['contact.not_found', 'request.invalid'],
  },
  {
    ...{ method: 'post', path: '/v1/consents', operationId: 'recordConsents' },
    summary: `Records up to ${CONSENTS_MAX.toLocaleString('en')} of them by number or BSUID, all or none. Whoever is not known yet becomes a contact.`,
    body: ConsentsRequest,
    answers: [json(200, 'What came of each, in their order.', ConsentsRecordedJson)],
    problems: ['phone_number.not_found'],
  },
];
