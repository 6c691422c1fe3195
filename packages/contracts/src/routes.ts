import { z } from 'zod';
import { accessRoutes } from './access-routes.ts';
import { alertingRoutes } from './alerts/alerting-routes.ts';
import { bulkRoutes } from './bulk-routes.ts';
import { consentRoutes } from './consents.ts';
import {
  DeadLetterDecidedJson,
  DeadLetterDecisionRequest,
  DeadLetterDetailJson,
  DeadLetterProgressJson,
  DeadLettersPage,
  DeadLettersQuery,
} from './dead-letters.ts';
import type { ErrorCode } from './errors.ts';
import { ExposureJson } from './exposure.ts';
import { gateJournalRoutes, gateRoutes } from './gate-routes.ts';
import { healthRoutes } from './health.ts';
import {
  AcknowledgementJson,
  AcknowledgementRequest,
  ApiKeyCreatedJson,
  ApiKeyRequest,
  ApiKeysPage,
  BlockedContactsPage,
  BlockedContactsQuery,
  BusinessBlockHistory,
  BusinessBlockJson,
  BusinessBlockRequest,
  ContactJson,
  ContactSearchJson,
  ContactSearchRequest,
  OnpremIdentityJson,
  OnpremIdentityRequest,
  PageQuery,
  Scope,
  TimelinePage,
} from './http.ts';
import { ContactId } from './ids.ts';
import { messageRoutes } from './messages.ts';
import { numberRoutes } from './number-routes.ts';
import { platformTokenRoutes } from './platform-token-routes.ts';
import { whoMay } from './policy.ts';
import { adminRoutes, ingressRoutes, unread } from './process-routes.ts';
import { queueRoutes } from './queue-routes.ts';
import { retentionRoutes } from './retention.ts';
import { type DeclaredRoute, json, type Route } from './route.ts';
import { runbookRoutes } from './runbook.ts';
import { ScopeMoveJson, ScopeMoveRequest, ScopesPage } from './scopes.ts';
import { SpelledNumber } from './spelled-number.ts';
import { streamRoutes } from './stream.ts';
import { verificationRoutes } from './verification-routes.ts';

const contactId = { contactId: ContactId };
const waId = { waId: SpelledNumber };

/** On `CONSOLE_PORT`. */
const consoleRoutes: readonly DeclaredRoute[] = [
  ...queueRoutes,
  ...bulkRoutes,
  ...healthRoutes,
  ...retentionRoutes,
  ...messageRoutes,
  ...consentRoutes,
  {
    ...{ method: 'post', path: '/v1/contacts/search', operationId: 'searchContacts' },
    summary: 'Who holds a number or a BSUID, now or `at` an instant, or whose name begins so.',
    body: ContactSearchRequest,
    answers: [json(200, 'Whom it fits, as they are now; nobody: no items.', ContactSearchJson)],
    problems: [],
  },
  {
    ...{ method: 'get', path: '/v1/contacts/{contactId}', operationId: 'getContact', params: contactId },
    summary: 'Identifiers, identity, consent and the open service windows.',
    answers: [json(200, 'The contact; for a merged one its survivor, under the survivor’s id.', ContactJson)],
    problems: ['contact.not_found'],
  },
  {
    ...{ method: 'get', path: '/v1/contacts/{contactId}/timeline', operationId: 'getTimeline', params: contactId },
    summary: 'The journal: what happened, when, why, and who did it; that of contacts merged into this one included.',
    query: PageQuery,
    answers: [json(200, 'A page of it, newest first.', TimelinePage)],
    problems: ['contact.not_found', 'request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/contacts/{contactId}/identity/exposure', operationId: 'getExposure', params: contactId },
    summary: 'What went to a contact after the holder whom we knew last showed: before the block, and since.',
    query: PageQuery,
    answers: [json(200, 'Counts of all, and a page of the messages, newest first; of nobody who was ever blocked: none.', ExposureJson)],
    problems: ['contact.not_found', 'request.invalid'],
  },
  {
    ...{ method: 'post', path: '/v1/contacts/{contactId}/identity/acknowledgements', operationId: 'acknowledge' },
    summary: 'Decides on exactly what was seen: `keyHash` and `version` as the API showed them.',
    params: contactId,
    body: AcknowledgementRequest,
    answers: [json(201, 'Decided, and what that made of the contact.', AcknowledgementJson)],
    problems: ['contact.not_found', 'identity.conflict'],
  },
  {
    ...{ method: 'put', path: '/v1/contacts/{contactId}/business-block', operationId: 'blockContact' },
    summary: 'Blocks a person by choice, whatever number or id they write from later.',
    params: contactId,
    body: BusinessBlockRequest,
    answers: [json(200, 'Blocked, now or before for the same reason.', BusinessBlockJson)],
    problems: ['contact.not_found'],
  },
  {
    ...{ method: 'delete', path: '/v1/contacts/{contactId}/business-block', operationId: 'unblockContact' },
    summary: 'Lifts all blocks by choice that are on the contact.',
    params: contactId,
    body: BusinessBlockRequest,
    answers: [json(200, 'Lifted.', BusinessBlockJson)],
    problems: ['contact.not_found', 'business_block.conflict'],
  },
  {
    ...{
      method: 'get',
      path: '/v1/contacts/{contactId}/business-block',
      operationId: 'getBusinessBlock',
      params: contactId,
    },
    summary:
      'Whether the contact is blocked by choice, and who set and lifted that when and why; that of contacts merged into this one included.',
    query: PageQuery,
    answers: [json(200, 'The block now, and a page of its history, newest first.', BusinessBlockHistory)],
    problems: ['contact.not_found', 'request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/business-blocks', operationId: 'listBusinessBlocks' },
    summary: 'Who is blocked by choice, the newest block first; with `wrote=true` only those who wrote or called since.',
    query: BlockedContactsQuery,
    answers: [json(200, 'A page of them.', BlockedContactsPage)],
    problems: ['request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/dead-letters', operationId: 'listDeadLetters' },
    summary: 'The records that a consumer could not decide on, in one status, oldest first, numbers masked.',
    query: DeadLettersQuery,
    answers: [json(200, 'A page of them.', DeadLettersPage)],
    problems: ['request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/dead-letters/{deadLetterId}', operationId: 'getDeadLetter' },
    summary: 'What failed, the record as it was, and what was decided on it.',
    params: { deadLetterId: z.uuid() },
    answers: [json(200, 'All of it.', DeadLetterDetailJson)],
    problems: ['dead_letter.not_found'],
  },
  {
    ...{ method: 'post', path: '/v1/dead-letters/redrive', operationId: 'redriveDeadLetters' },
    summary: 'Lets the consumer that could not decide on them read them again, once each.',
    body: DeadLetterDecisionRequest,
    answers: [json(200, 'On how many it was decided, and on which not.', DeadLetterDecidedJson)],
    problems: ['dead_letter.not_found', 'dead_letter.conflict'],
  },
  {
    ...{ method: 'post', path: '/v1/dead-letters/discard', operationId: 'discardDeadLetters' },
    summary: 'Decides that they never apply.',
    body: DeadLetterDecisionRequest,
    answers: [json(200, 'On how many it was decided, and on which not.', DeadLetterDecidedJson)],
    problems: ['dead_letter.not_found', 'dead_letter.conflict'],
  },
  {
    ...{ method: 'get', path: '/v1/dead-letter-decisions/{decisionId}', operationId: 'getDeadLetterDecision' },
    summary: 'A redrive or discard, and where its dead letters are now.',
    params: { decisionId: z.uuid() },
    answers: [json(200, 'How many of them are in which status.', DeadLetterProgressJson)],
    problems: ['dead_letter.not_found'],
  },
  {
    ...{ method: 'get', path: '/v1/scopes', operationId: 'listScopes' },
    summary: 'Every WABA that is known, the scope that it is in, and its numbers.',
    answers: [json(200, 'All of them.', ScopesPage)],
    problems: [],
  },
  {
    ...{ method: 'post', path: '/v1/scope-moves', operationId: 'moveScope' },
    summary: 'Moves a WABA to another scope, or says what would follow. Nothing else is applied meanwhile.',
    body: ScopeMoveRequest,
    answers: [json(200, 'What followed, or would.', ScopeMoveJson)],
    problems: ['scope.not_found', 'scope.conflict'],
  },
  {
    ...{ method: 'post', path: '/v1/keys', operationId: 'createKey' },
    summary: 'Makes an API key.',
    body: ApiKeyRequest,
    answers: [json(201, 'The key, shown this once.', ApiKeyCreatedJson)],
    problems: [],
  },
  {
    ...{ method: 'get', path: '/v1/keys', operationId: 'listKeys' },
    summary: 'All keys, never a key itself.',
    answers: [json(200, 'All of them.', ApiKeysPage)],
    problems: [],
  },
  {
    ...{ method: 'delete', path: '/v1/keys/{keyId}', operationId: 'revokeKey', params: { keyId: z.string() } },
    summary: 'Revokes a key, at once.',
    answers: [{ status: 204, means: 'It is of no use any more, or was not before.' }],
    problems: ['request.not_found'],
  },
  ...platformTokenRoutes,
  ...accessRoutes,
  ...streamRoutes,
  ...numberRoutes,
  ...gateJournalRoutes,
  ...runbookRoutes,
  ...verificationRoutes,
  ...alertingRoutes,
  {
    ...{ method: 'get', path: '/onprem/v1/contacts/{waId}/identity', operationId: 'getOnpremIdentity', params: waId },
    summary: 'The key hash of a number, as the on-premises API answered it.',
    answers: [json(200, 'The hash, since when it is known, and whether it awaits nobody’s decision.', OnpremIdentityJson)],
    problems: ['contact.not_found', 'identity.conflict'],
  },
  {
    ...{ method: 'put', path: '/onprem/v1/contacts/{waId}/identity', operationId: 'putOnpremIdentity' },
    summary: 'Acknowledges the change to this hash as the same person, as the on-premises API did.',
    params: waId,
    body: OnpremIdentityRequest,
    answers: [json(200, 'Acknowledged, now or before.', z.object({}))],
    problems: ['contact.not_found', 'identity.conflict'],
  },
];

/** Every HTTP route of the system, by who serves it. Tests hold the served routes to it, and every answer they get. */
export const httpRoutes = {
  ingress: ruled(ingressRoutes),
  console: ruled(consoleRoutes),
  gate: ruled(gateRoutes),
  admin: ruled(adminRoutes),
} as const;

/** Each with who may call it. Throws where the policy says nothing of one. */
function ruled(routes: readonly DeclaredRoute[]): readonly Route[] {
  return routes.map((route) => ({ ...route, who: whoMay(`${route.method.toUpperCase()} ${route.path}`) }));
}

const nobody = ['request.unauthenticated', 'request.crowded_out', 'store.unavailable'] as const;
const unreadable = ['request.too_large', 'request.invalid', ...unread] as const;

/** The codes of all problem documents that a route may answer; one that has no name among them is `internal`, 500. */
export const problemsOf = ({ who, method, body, params, problems }: Route): ErrorCode[] => [
  ...new Set([
    ...problems,
    ...(who === 'everybody' ? [] : nobody),
    ...(Scope.safeParse(who).success ? (['request.forbidden'] as const) : []),
    ...(who === 'everybody' || who === 'send' || method === 'get' ? [] : (['request.foreign'] as const)),
    ...(body instanceof z.ZodType ? unreadable : []),
    ...(params === undefined ? [] : (['request.malformed'] as const)),
  ]),
];
