export { checkView, numberView, templateView } from './account/account-views.ts';
export { type CourseEntry, courseOf } from './account/course.ts';
export { learn, learnMessage } from './account/learn.ts';
export { countOf, joinSamples, type Sample, sampled } from './account/sample.ts';
export { type Statement, saidAt, statementsOf } from './account/statements.ts';
export { type Subject, type SubjectKind, type SubjectState, unknownSubject } from './account/subjects.ts';
export { alertPolicy, escalationsOf, type WatchingRule } from './alerts/alert-policy.ts';
export { factsOf } from './alerts/facts.ts';
export { isFalling } from './alerts/is-falling.ts';
export { nextDailyAt } from './alerts/next-daily-at.ts';
export { type OpenChange, openChange } from './alerts/open-change.ts';
export { type AlertText, alertWords, sayAlert } from './alerts/say-alert.ts';
export { type Heard, type Silence, silenceOf, usualWithin } from './alerts/silence.ts';
export { type AlertState, type AlertStep, type Found, nextStepAt, stepsOf } from './alerts/steps-of.ts';
export { MARKETING_STOPPED } from './consent/consent-fact.ts';
export {
  type ConsentDecision,
  type ConsentTold,
  consentSlice,
  type LedgerRow,
  recordConsent,
} from './consent/consent-slice.ts';
export type { ConsentState } from './consent/consent-view.ts';
export { heldAt, impossibleAt, statedFact } from './consent/stated-consent.ts';
export { type MirrorAction, type Mirrored, mirrorActions } from './contact/block-mirror.ts';
export { type Blocks, liftBlock, type Place, placeOf, type Seen, setBlock } from './contact/business-block.ts';
export { canonicalWaId } from './contact/canonical-wa-id.ts';
export { type ContactTold, contactSlice } from './contact/contact-slice.ts';
export { businessBlockOf, type ContactState, profileNameOf } from './contact/contact-view.ts';
export { isPersonsCall } from './contact/persons-call.ts';
export { sightingsOf } from './contact/sightings-of.ts';
export * from './decision.ts';
export { componentOf } from './directory/component-of.ts';
export { componentsOf, type Taking } from './directory/components-of.ts';
export { type Component, contactAt, type Pin } from './directory/contact-at.ts';
export * from './directory/contacts-of.ts';
export * from './directory/facts.ts';
export * from './directory/identifier.ts';
export type { Move } from './directory/moves.ts';
export { identifiersOf, type Period, periodIn } from './directory/periods.ts';
export { type Settled, settle } from './directory/settle.ts';
export { isSteady, type LinkRow } from './directory/steady.ts';
export type { ContactSignal, DirectoryTold } from './directory/tell.ts';
export { type Count, decideSend, type GateDecision } from './gate/decide-send.ts';
export { explain } from './gate/explain.ts';
export { gateContact, type StoredContact } from './gate/gate-contact.ts';
export type { GateContact, GateState, OwnNumber, SentLately } from './gate/gate-state.ts';
export { ownNumber } from './gate/own-number.ts';
export { CAP_HOURS_MAX, CAP_MAX, capsAnything, defaultPolicy, GatePolicy, ownCountryCode } from './gate/policy.ts';
export { digitsOf, homeReadings, type Send, spellingKey } from './gate/send.ts';
export { type Acknowledge, acknowledge, refusal } from './identity/acknowledge.ts';
export { type ExposureSpan, exposureSpan } from './identity/exposure-span.ts';
export { isHashRefused } from './identity/identity-facts.ts';
export { identitySlice } from './identity/identity-slice.ts';
export type { IdentityDecision, IdentityFact, IdentityState, SeenFact } from './identity/identity-state.ts';
export type { IdentityTold } from './identity/identity-told.ts';
export { decideDifferent, splitOf } from './identity/split-identity.ts';
export { type CountedStep, stepsBegin, stepsOver } from './line/steps-over.ts';
export { COUNTED_MS, instantsToCount, type WebhookCount, webhookCounts } from './line/webhook-counts.ts';
export { type OutboundFact, outboundFact, outboundRanks, UNGATED_AFTER_SECONDS } from './outbound/outbound-fact.ts';
export { type Cause, causeIn, counted, facet, facetsOf } from './queue/facets.ts';
export { STORM_HOUR_MIN, type Storm, stormEnd, stormsIn } from './queue/storms.ts';
export { instantOf, secondOf } from './seconds.ts';
export * from './slice.ts';
export { type Answerable, type Answering, answerTo } from './verification/answer-to.ts';
export { type FollowUp, followUp, type LastRequest } from './verification/follow-up.ts';
export type { Verifiable } from './verification/rule-for.ts';
export { runbookFor } from './verification/runbook-for.ts';
