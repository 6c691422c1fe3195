import { z } from 'zod';
import {
  BulkDecisionJson,
  BulkDecisionRequest,
  BulkDecisionsPage,
  BulkRehearsedJson,
  BulkRowsPage,
  BulkRowsQuery,
  BulkRunRequest,
} from './bulk.ts';
import { PageQuery } from './http.ts';
import { type DeclaredRoute, json } from './route.ts';

const bulkId = { bulkId: z.uuid() };

/** On `CONSOLE_PORT`: one verdict for many changes. */
export const bulkRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'post', path: '/v1/bulk-decisions', operationId: 'rehearseBulkDecision' },
    summary: 'The dry run: which changes are meant, which of them can be decided on, and a token for exactly these. Nothing is decided.',
    body: BulkDecisionRequest,
    answers: [json(201, 'What running it would do; the token is shown this once.', BulkRehearsedJson)],
    problems: [],
  },
  {
    ...{ method: 'get', path: '/v1/bulk-decisions', operationId: 'listBulkDecisions' },
    summary: 'Decisions about many changes, the newest first, and how far each has come.',
    query: PageQuery,
    answers: [json(200, 'A page of them.', BulkDecisionsPage)],
    problems: ['request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/bulk-decisions/{bulkId}', operationId: 'getBulkDecision', params: bulkId },
    summary: 'One of them, and how far it has come.',
    answers: [json(200, 'The decision.', BulkDecisionJson)],
    problems: ['bulk_decision.not_found'],
  },
  {
    ...{
      method: 'post',
      path: '/v1/bulk-decisions/{bulkId}/run',
      operationId: 'runBulkDecision',
      scope: 'identity:decide',
      params: bulkId,
    },
    summary: 'Decides on what the dry run saw, change by change, each still bound to its key hash and version. It goes on by itself.',
    body: BulkRunRequest,
    answers: [json(202, 'It runs, or ran already.', BulkDecisionJson)],
    problems: ['bulk_decision.not_found', 'bulk_decision.conflict'],
  },
  {
    ...{
      method: 'post',
      path: '/v1/bulk-decisions/{bulkId}/cancel',
      operationId: 'cancelBulkDecision',
      scope: 'identity:decide',
      params: bulkId,
    },
    summary: 'Decides on nothing more. What was decided stays.',
    answers: [json(200, 'No decision of it is taken any more.', BulkDecisionJson)],
    problems: ['bulk_decision.not_found', 'bulk_decision.conflict'],
  },
  {
    ...{ method: 'get', path: '/v1/bulk-decisions/{bulkId}/rows', operationId: 'listBulkDecisionRows', params: bulkId },
    summary: 'What became of each change.',
    query: BulkRowsQuery,
    answers: [json(200, 'A page of them.', BulkRowsPage)],
    problems: ['bulk_decision.not_found', 'request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/bulk-decisions/{bulkId}/report', operationId: 'reportBulkDecision', params: bulkId },
    summary: 'What became of each change, all of them, as CSV with a heading.',
    answers: [{ status: 200, means: 'One line a change.', content: 'text/csv' }],
    problems: ['bulk_decision.not_found'],
  },
];
