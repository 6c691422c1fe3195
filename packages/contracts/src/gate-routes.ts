import { z } from 'zod';
import { DecisionJson, DecisionRequest, DecisionsJson, DecisionsRequest } from './gate.ts';
import type { DeclaredRoute } from './routes.ts';

/** On `GATE_PORT`, beside the platform's own `POST /{version}/{phoneNumberId}/messages` and `…/marketing_messages`, which docs/gate.md describes. */
export const gateRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'post', path: '/v1/decisions', operationId: 'decide' },
    summary: 'May this be sent? One send, or `items` of up to 1,000.',
    body: z.union([DecisionRequest, DecisionsRequest]),
    answers: [{ status: 200, means: 'The answer, or `items` in their order.', content: z.union([DecisionJson, DecisionsJson]) }],
    problems: [],
  },
];
