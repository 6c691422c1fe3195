import { z } from 'zod';
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
import { gateRoutes } from './gate-routes.ts';
import {
  AcknowledgementJson,
  AcknowledgementRequest,
  AliveJson,
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
  ReadyJson,
  type Scope,
  TimelinePage,
} from './http.ts';
import { ContactId } from './ids.ts';
import { numberRoutes } from './number-routes.ts';
import { platformTokenRoutes } from './platform-token-routes.ts';
import { queueRoutes } from './queue-routes.ts';
import { ScopeMoveJson, ScopeMoveRequest, ScopesPage } from './scopes.ts';
import { SpelledNumber } from './spelled-number.ts';
import { verificationRoutes } from './verification-routes.ts';

/** What a route takes or answers: JSON by a schema, or plain text or bytes. */
export type Content = z.ZodType | 'text/plain' | 'application/octet-stream';
/** An answer that is no problem document. `content` is absent where there is none. */
export type Answer = { readonly status: number; readonly means: string; readonly content?: Content };
/** One route, as OpenAPI has it: all that a caller may rely on. */
export type Route = {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With parameters in braces. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** The scope that a key needs; absent: the route asks for no key. */
  readonly scope?: Scope;
  readonly params?: Readonly<Record<string, z.ZodType>>;
  readonly query?: z.ZodObject;
  readonly requestHeaders?: Readonly<Record<string, z.ZodType>>;
  readonly body?: Content;
  readonly answers: readonly Answer[];
  /** The codes of the problem documents that it answers beside those of every route with its scope or body, by which their statuses follow. */
  readonly problems: readonly ErrorCode[];
};

const json = (status: number, means: string, content: z.ZodType): Answer => ({ status, means, content });
/** Of every route that reads a body. */
const unread = ['request.malformed', 'request.encoded', 'request.crowded_out'] as const;
const contactId = { contactId: ContactId };
const waId = { waId: SpelledNumber };

/** On `CONSOLE_PORT`. */
const consoleRoutes: readonly Route[] = [
  ...queueRoutes,
  {
    ...{ method: 'post', path: '/v1/contacts/search', operationId: 'searchContacts', scope: 'read' },
    summary: 'Who holds a number or a BSUID, now or `at` an instant, or whose name begins so.',
    body: ContactSearchRequest,
    answers: [json(200, 'Whom it fits, as they are now; nobody: no items.', ContactSearchJson)],
    problems: [],
  },
  {
    ...{ method: 'get', path: '/v1/contacts/{contactId}', operationId: 'getContact', scope: 'read', params: contactId },
    summary: 'Identifiers, identity, consent and the open service windows.',
    answers: [json(200, 'The contact; for a merged one its survivor, under the survivor’s id.', ContactJson)],
    problems: ['contact.not_found'],
  },
  {
    ...{ method: 'get', path: '/v1/contacts/{contactId}/timeline', operationId: 'getTimeline', scope: 'read', params: contactId },
    summary: 'The journal: what happened, when, why, and who did it; that of contacts merged into this one included.',
    query: PageQuery,
    answers: [json(200, 'A page of it, newest first.', TimelinePage)],
    problems: ['contact.not_found', 'request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/contacts/{contactId}/identity/exposure', operationId: 'getExposure', scope: 'read', params: contactId },
    summary: 'What went to a contact after the holder whom we knew last showed: before the block, and since.',
    query: PageQuery,
    answers: [json(200, 'Counts of all, and a page of the messages, newest first; of nobody who was ever blocked: none.', ExposureJson)],
    problems: ['contact.not_found', 'request.invalid'],
  },
  {
    ...{ method: 'post', path: '/v1/contacts/{contactId}/identity/acknowledgements', operationId: 'acknowledge', scope: 'identity:decide' },
    summary: 'Decides on exactly what was seen: `keyHash` and `version` as the API showed them.',
    params: contactId,
    body: AcknowledgementRequest,
    answers: [json(201, 'Decided, and what that made of the contact.', AcknowledgementJson)],
    problems: ['contact.not_found', 'identity.conflict'],
  },
  {
    ...{ method: 'put', path: '/v1/contacts/{contactId}/business-block', operationId: 'blockContact', scope: 'contact:write' },
    summary: 'Blocks a person by choice, whatever number or id they write from later.',
    params: contactId,
    body: BusinessBlockRequest,
    answers: [json(200, 'Blocked, now or before for the same reason.', BusinessBlockJson)],
    problems: ['contact.not_found'],
  },
  {
    ...{ method: 'delete', path: '/v1/contacts/{contactId}/business-block', operationId: 'unblockContact', scope: 'contact:write' },
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
      scope: 'read',
      params: contactId,
    },
    summary:
      'Whether the contact is blocked by choice, and who set and lifted that when and why; that of contacts merged into this one included.',
    query: PageQuery,
    answers: [json(200, 'The block now, and a page of its history, newest first.', BusinessBlockHistory)],
    problems: ['contact.not_found', 'request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/business-blocks', operationId: 'listBusinessBlocks', scope: 'read' },
    summary: 'Who is blocked by choice, the newest block first; with `wrote=true` only those who wrote or called since.',
    query: BlockedContactsQuery,
    answers: [json(200, 'A page of them.', BlockedContactsPage)],
    problems: ['request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/dead-letters', operationId: 'listDeadLetters', scope: 'read' },
    summary: 'The records that a consumer could not decide on, in one status, oldest first, numbers masked.',
    query: DeadLettersQuery,
    answers: [json(200, 'A page of them.', DeadLettersPage)],
    problems: ['request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/dead-letters/{deadLetterId}', operationId: 'getDeadLetter', scope: 'read' },
    summary: 'What failed, the record as it was, and what was decided on it.',
    params: { deadLetterId: z.uuid() },
    answers: [json(200, 'All of it.', DeadLetterDetailJson)],
    problems: ['dead_letter.not_found'],
  },
  {
    ...{ method: 'post', path: '/v1/dead-letters/redrive', operationId: 'redriveDeadLetters', scope: 'admin' },
    summary: 'Lets the consumer that could not decide on them read them again, once each.',
    body: DeadLetterDecisionRequest,
    answers: [json(200, 'On how many it was decided, and on which not.', DeadLetterDecidedJson)],
    problems: ['dead_letter.not_found', 'dead_letter.conflict'],
  },
  {
    ...{ method: 'post', path: '/v1/dead-letters/discard', operationId: 'discardDeadLetters', scope: 'admin' },
    summary: 'Decides that they never apply.',
    body: DeadLetterDecisionRequest,
    answers: [json(200, 'On how many it was decided, and on which not.', DeadLetterDecidedJson)],
    problems: ['dead_letter.not_found', 'dead_letter.conflict'],
  },
  {
    ...{ method: 'get', path: '/v1/dead-letter-decisions/{decisionId}', operationId: 'getDeadLetterDecision', scope: 'read' },
    summary: 'A redrive or discard, and where its dead letters are now.',
    params: { decisionId: z.uuid() },
    answers: [json(200, 'How many of them are in which status.', DeadLetterProgressJson)],
    problems: ['dead_letter.not_found'],
  },
  {
    ...{ method: 'get', path: '/v1/scopes', operationId: 'listScopes', scope: 'read' },
    summary: 'Every WABA that is known, the scope that it is in, and its numbers.',
    answers: [json(200, 'All of them.', ScopesPage)],
    problems: [],
  },
  {
    ...{ method: 'post', path: '/v1/scope-moves', operationId: 'moveScope', scope: 'admin' },
    summary: 'Moves a WABA to another scope, or says what would follow. Nothing else is applied meanwhile.',
    body: ScopeMoveRequest,
    answers: [json(200, 'What followed, or would.', ScopeMoveJson)],
    problems: ['scope.not_found', 'scope.conflict'],
  },
  {
    ...{ method: 'post', path: '/v1/keys', operationId: 'createKey', scope: 'admin' },
    summary: 'Makes an API key.',
    body: ApiKeyRequest,
    answers: [json(201, 'The key, shown this once.', ApiKeyCreatedJson)],
    problems: [],
  },
  {
    ...{ method: 'get', path: '/v1/keys', operationId: 'listKeys', scope: 'admin' },
    summary: 'All keys, never a key itself.',
    answers: [json(200, 'All of them.', ApiKeysPage)],
    problems: [],
  },
  {
    ...{ method: 'delete', path: '/v1/keys/{keyId}', operationId: 'revokeKey', scope: 'admin', params: { keyId: z.string() } },
    summary: 'Revokes a key, at once.',
    answers: [{ status: 204, means: 'It is of no use any more, or was not before.' }],
    problems: ['request.not_found'],
  },
  ...platformTokenRoutes,
  ...numberRoutes,
  ...verificationRoutes,
  {
    ...{ method: 'get', path: '/onprem/v1/contacts/{waId}/identity', operationId: 'getOnpremIdentity', scope: 'read', params: waId },
    summary: 'The key hash of a number, as the on-premises API answered it.',
    answers: [json(200, 'The hash, since when it is known, and whether it awaits nobody’s decision.', OnpremIdentityJson)],
    problems: ['contact.not_found', 'identity.conflict'],
  },
  {
    ...{ method: 'put', path: '/onprem/v1/contacts/{waId}/identity', operationId: 'putOnpremIdentity', scope: 'identity:decide' },
    summary: 'Acknowledges the change to this hash as the same person, as the on-premises API did.',
    params: waId,
    body: OnpremIdentityRequest,
    answers: [json(200, 'Acknowledged, now or before.', z.object({}))],
    problems: ['contact.not_found', 'identity.conflict'],
  },
];

/** On `INGRESS_PORT`: the platform alone calls them. */
const ingressRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: '/webhook', operationId: 'verifyWebhook' },
    summary: 'The handshake by which the platform verifies who has the webhook.',
    query: z.object({ 'hub.mode': z.literal('subscribe'), 'hub.verify_token': z.string(), 'hub.challenge': z.string().max(256) }),
    answers: [{ status: 200, means: 'The challenge.', content: 'text/plain' }],
    problems: ['request.forbidden'],
  },
  {
    ...{ method: 'post', path: '/webhook', operationId: 'receiveWebhook' },
    summary: 'Keeps a webhook. The platform delivers again whatever is not answered 200.',
    requestHeaders: { 'x-hub-signature-256': z.string().regex(/^sha256=[0-9a-f]{64}$/) },
    body: 'application/octet-stream',
    answers: [{ status: 200, means: 'Kafka has the body, byte for byte, and every event.', content: 'text/plain' }],
    problems: ['webhook.bad_signature', 'webhook.too_large', 'webhook.not_kept', ...unread],
  },
];

/** Of every process, on `ADMIN_PORT`. */
const adminRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: '/healthz', operationId: 'isAlive' },
    summary: 'Whether the process lives.',
    answers: [json(200, 'It does.', AliveJson)],
    problems: [],
  },
  {
    ...{ method: 'get', path: '/readyz', operationId: 'isReady' },
    summary: 'Whether every service of the process can do its job now.',
    answers: [json(200, 'All can.', ReadyJson), json(503, 'Some can’t: why, for each.', ReadyJson)],
    problems: [],
  },
  {
    ...{ method: 'get', path: '/metrics', operationId: 'getMetrics' },
    summary: 'Metrics in the text format of Prometheus.',
    answers: [{ status: 200, means: 'All of the process.', content: 'text/plain' }],
    problems: [],
  },
];

/** Every HTTP route of the system, by who serves it. Tests hold the served routes to it, and every answer they get. */
export const httpRoutes = { ingress: ingressRoutes, console: consoleRoutes, gate: gateRoutes, admin: adminRoutes } as const;

const unauthorized = ['request.unauthenticated', 'request.forbidden', 'request.crowded_out', 'store.unavailable'] as const;
const unreadable = ['request.too_large', 'request.invalid', ...unread] as const;

/** The codes of all problem documents that a route may answer; one that has no name among them is `internal`, 500. */
export const problemsOf = ({ scope, body, params, problems }: Route): ErrorCode[] => [
  ...new Set([
    ...problems,
    ...(scope === undefined ? [] : unauthorized),
    ...(body instanceof z.ZodType ? unreadable : []),
    ...(params === undefined ? [] : (['request.malformed'] as const)),
  ]),
];
