import { z } from 'zod';
import { AliveJson, ReadyJson } from './http.ts';
import { type DeclaredRoute, json } from './route.ts';

/** The codes of whatever reads a body. */
export const unread = ['request.malformed', 'request.encoded', 'request.crowded_out'] as const;

/** On `INGRESS_PORT`: the platform alone calls them. */
export const ingressRoutes: readonly DeclaredRoute[] = [
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
export const adminRoutes: readonly DeclaredRoute[] = [
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
