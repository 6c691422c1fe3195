import { IdentityChangesPage } from './http.ts';
import { ContactId } from './ids.ts';
import { DecisionPreviewJson, DecisionPreviewRequest } from './preview.ts';
import { IdentityChangeCountsJson, IdentityChangesQuery } from './queue.ts';
import { type DeclaredRoute, json } from './route.ts';

/** On `CONSOLE_PORT`: the changes that await a decision. */
export const queueRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'get', path: '/v1/identity-changes', operationId: 'listIdentityChanges' },
    summary: 'The blocks that await a decision, oldest first, each with its evidence; all, or those that fit all filters named.',
    query: IdentityChangesQuery,
    answers: [json(200, 'A page of them.', IdentityChangesPage)],
    problems: ['request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/identity-changes/counts', operationId: 'countIdentityChanges' },
    summary: 'How many await a decision, by what one can filter by, and the storms among them.',
    answers: [json(200, 'The counts, a second or so old.', IdentityChangeCountsJson)],
    problems: [],
  },
  {
    ...{ method: 'post', path: '/v1/contacts/{contactId}/identity/preview', operationId: 'previewDecision' },
    summary: 'What each verdict on exactly this change would do. Nothing is done.',
    params: { contactId: ContactId },
    body: DecisionPreviewRequest,
    answers: [json(200, 'What would become of the number, verdict by verdict.', DecisionPreviewJson)],
    problems: ['contact.not_found', 'identity.conflict'],
  },
];
