import { AppError, WEBHOOK_BYTES_MAX } from '@keyturn/contracts';
import { metrics } from '@keyturn/runtime';
import { type ErrorRequestHandler, type RequestHandler, type Response, Router, raw } from 'express';
import type { Keep, Kept } from './keep.ts';
import { isSignature, verify } from './verify.ts';

type Deps = { readonly appSecrets: readonly string[]; readonly keep: Keep; readonly now: () => Date };
type Locals = { line?: Record<string, unknown> };

const SIGNATURE_HEADER = 'x-hub-signature-256';
/** Compressed bodies are refused with 415: what is signed is what is on the wire. */
const rawBody: RequestHandler = raw({ type: () => true, limit: WEBHOOK_BYTES_MAX, inflate: false });

/** `POST /webhook`: 200 once Kafka has the body and every event; 401 bad signature; 413 more than 3 MB; 415 compressed; 503 with Retry-After
 *  not kept, WhatsApp will send it again. Any signed body is kept, even one that is no JSON. */
export function webhookRoute({ appSecrets, keep, now }: Deps): Router {
  const count = counters();
  return Router()
    .post('/webhook', refuseUnsigned, rawBody, async (req, res: Response<unknown, Locals>) => {
      const body: Buffer = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
      const signature = req.get(SIGNATURE_HEADER);
      if (!isSignature(signature) || !verify(appSecrets, body, signature)) throw badSignature();
      const kept = await keep({ body, signature, contentType: req.get('content-type'), receivedAt: now() });
      res.locals.line = { ...lineOf(kept), bytes: body.length };
      count.kept(kept);
      res.sendStatus(200);
    })
    .use('/webhook', answered(count.refused));
}

/** Without the header's form no byte of a body is read. */
const refuseUnsigned: RequestHandler = (req, _res, next) => next(isSignature(req.get(SIGNATURE_HEADER)) ? undefined : badSignature());

const badSignature = (): AppError =>
  new AppError('webhook.bad_signature', 'X-Hub-Signature-256 is not the HMAC of these bytes: sign them with WHATSAPP_APP_SECRET.');

const lineOf = ({ webhookId, events }: Kept): Record<string, unknown> => ({
  outcome: 'kept',
  webhook: webhookId.slice(0, 12),
  events: events.length,
});

/** Counts what was refused and names it; the app answers. */
const answered =
  (refused: (outcome: string) => void): ErrorRequestHandler =>
  (error: unknown, req, res: Response<unknown, Locals>, next) => {
    if (req.method !== 'POST') return next(error);
    const named = nameOf(error);
    const outcome = outcomeOf(named);
    refused(outcome);
    res.locals.line = { outcome };
    next(named);
  };

/** What the client cut off or encoded, it malformed. */
function outcomeOf(error: unknown): string {
  if (error instanceof AppError) return error.code.slice(error.code.indexOf('.') + 1);
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && status < 500 ? 'malformed' : 'failed';
}

function nameOf(error: unknown): unknown {
  const { type } = error as { type?: unknown };
  if (type !== 'entity.too.large') return error;
  return new AppError('webhook.too_large', `A webhook has ${WEBHOOK_BYTES_MAX} bytes at most.`, { cause: error });
}

function counters() {
  const webhooks = metrics.counter('keyturn_webhooks_total', 'Webhooks by what became of them.', ['outcome']);
  const events = metrics.counter('keyturn_webhook_events_total', 'Events that kept webhooks became.', ['type']);
  return {
    kept(kept: Kept): void {
      webhooks.inc({ outcome: 'kept' });
      for (const { event } of kept.events) events.inc({ type: event.type });
    },
    refused: (outcome: string): void => webhooks.inc({ outcome }),
  };
}
