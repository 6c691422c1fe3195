import { createSecretKey } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AppError, Flag, WEBHOOK_BYTES_MAX } from '@keyturn/contracts';
import { bodyReader, directRoute, isWatched, metrics, reach } from '@keyturn/runtime';
import type { Router } from 'express';
import type { Keep } from './keep.ts';
import { isSignature, verify } from './verify.ts';

type Deps = { readonly appSecrets: readonly string[]; readonly keep: Keep; readonly now: () => Date };

const OUTCOMES = ['kept', 'not_kept', 'bad_signature', 'too_large', 'malformed', 'failed'];

/** What every webhook is answered. */
const OK = 'OK';
const OK_HEADERS = { 'content-type': 'text/plain; charset=utf-8', 'content-length': OK.length, 'x-content-type-options': 'nosniff' };

/** `POST /webhook`: 200 once Kafka has the body and every event; 400 cut off; 401 bad signature; 413 more than 3 MB; 415 compressed, for what is signed
 *  is what is on the wire; 503 with Retry-After not kept, or crowded out by others while it was sent: WhatsApp will send it again. Any signed body is
 *  kept, even one that is no JSON. What is no HTTP, or comes too slowly, is answered by `listen`: 400, 408, 431. */
export function webhookRoute({ appSecrets, keep, now }: Deps): Router {
  const count = counters();
  const keys = appSecrets.map((secret) => createSecretKey(secret, 'utf8'));
  const readBody = bodyReader({ bytesMax: WEBHOOK_BYTES_MAX });
  return directRoute('/webhook', async (req, res) => {
    try {
      const signature = signatureOf(req.headers); // without the header's form no byte of a body is read
      const body = await readBody(req, res);
      const bytes = body.length;
      reach('ingress.read', { bytes });
      if (!verify(keys, body, signature)) throw badSignature();
      reach('ingress.verified', { bytes });
      const { webhookId, types, flags } = await keep({ body, signature, contentType: req.headers['content-type'], receivedAt: now() });
      const flagged = flags.length > 0 && { flagged: [...new Set(flags)] };
      res.locals.line = { outcome: 'kept', webhook: webhookId.slice(0, 12), events: types.length, bytes, ...flagged };
      reach('ingress.produced', { webhook: webhookId });
      count.kept(types, flags);
      if (isWatched('ingress.acked')) res.once('finish', () => reach('ingress.acked', { webhook: webhookId }));
      res.writeHead(200, OK_HEADERS).end(OK, 'latin1');
    } catch (error) {
      const named = nameOf(error);
      const outcome = outcomeOf(named);
      count.refused(outcome);
      res.locals.line = { outcome };
      throw named;
    }
  });
}

function signatureOf(headers: IncomingHttpHeaders): string {
  const header = headers['x-hub-signature-256'];
  if (typeof header === 'string' && isSignature(header)) return header;
  throw badSignature();
}

const badSignature = (): AppError =>
  new AppError('webhook.bad_signature', 'X-Hub-Signature-256 is not the HMAC of these bytes: sign them with WHATSAPP_APP_SECRET.');

const outcomeOf = (error: unknown): string => (error instanceof AppError ? error.code.slice(error.code.indexOf('.') + 1) : 'failed');

const nameOf = (error: unknown): unknown =>
  error instanceof AppError && error.code === 'request.too_large'
    ? new AppError('webhook.too_large', `A webhook has ${WEBHOOK_BYTES_MAX} bytes at most.`, { cause: error })
    : error;

function counters() {
  const webhooks = metrics.counter('keyturn_webhooks_total', 'Webhooks by what became of them.', ['outcome']);
  const events = metrics.counter('keyturn_webhook_events_total', 'Events that kept webhooks became.', ['type']);
  const impossible = metrics.counter('keyturn_webhook_impossible_total', 'What in events could not be, and so was left out.', ['flag']);
  for (const outcome of OUTCOMES) webhooks.inc({ outcome }, 0); // from zero on: a counter whose first value is 1 has never increased
  for (const flag of Flag.options) impossible.inc({ flag }, 0);
  const keptWebhooks = webhooks.labels({ outcome: 'kept' });
  const ofType = new Map<string, ReturnType<typeof events.labels>>(); // looking labels up takes longer than counting
  return {
    kept(types: readonly string[], flags: readonly string[]): void {
      keptWebhooks.inc();
      for (const flag of flags) impossible.inc({ flag });
      for (const type of types) {
        const one = ofType.get(type) ?? events.labels({ type });
        ofType.set(type, one);
        one.inc();
      }
    },
    refused: (outcome: string): void => webhooks.inc({ outcome }),
  };
}
