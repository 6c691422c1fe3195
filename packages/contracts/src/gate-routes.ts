import { z } from 'zod';
import { DecisionJson, DecisionRequest, DecisionsJson, DecisionsRequest, GateDecisionsPage, GateDecisionsQuery } from './gate.ts';
import { type DeclaredRoute, json } from './route.ts';

/** On `GATE_PORT`, beside the platform's own `POST /{version}/{phoneNumberId}/messages` and `…/marketing_messages`, which docs/gate.md describes. */
export const gateRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'post', path: '/v1/decisions', operationId: 'decide' },
    summary: 'May this be sent? One send, or `items` of up to 1,000.',
    body: z.union([DecisionRequest, DecisionsRequest]),
    answers: [json(200, 'The answer, or `items` in their order.', z.union([DecisionJson, DecisionsJson]))],
    problems: [],
  },
];

/** On `CONSOLE_PORT`: why something was not sent. The gate answers senders, and the console whoever asks what came of it. */
export const gateJournalRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'get', path: '/v1/decisions', operationId: 'listDecisions' },
    summary: 'What the gate denied, to a contact or to anybody, each with all reasons, and a sample of what it allowed.',
    query: GateDecisionsQuery,
    answers: [json(200, 'A page of them, newest first.', GateDecisionsPage)],
    problems: ['contact.not_found', 'request.invalid'],
  },
];
