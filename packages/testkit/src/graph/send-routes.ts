import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Request, type Response, Router } from 'express';
import { mayDo } from './graph-access.ts';
import { graphError, invalidParameter, noSuchObject, notPermitted } from './graph-error.ts';
import type { GraphManner, GraphWorld } from './graph-world.ts';
import { numberIn } from './number-routes.ts';

/** What the platform answers to sends and uploads: accepted, which says nothing of delivery, or one of its refusals
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/message-api, read 2026). */
export function sendRoutes(world: GraphWorld): Router {
  const send = async (req: Request, res: Response) => {
    const found = numberIn(world, String(req.params.id));
    if (found === null) return noSuchObject(res, req.method, String(req.params.id));
    if (!mayDo(res, 'whatsapp_business_messaging')) return notPermitted(res);
    const body = (req.body ?? {}) as Record<string, unknown>;
    if (body.messaging_product !== 'whatsapp') return invalidParameter(res, 'messaging_product must be whatsapp');
    if (body.status === 'read') return res.json({ success: true });
    const to = typeof body.to === 'string' ? body.to : undefined;
    const recipient = typeof body.recipient === 'string' ? body.recipient : undefined;
    if (to === undefined && recipient === undefined) return invalidParameter(res, 'The parameter to is required.');
    const refusal = world.refusals.get(to ?? recipient ?? '');
    if (refusal !== undefined) return graphError(res, refusal.status, refusal);
    return answerAs(world.manners.get(to ?? ''), res, accepted(world, to, recipient));
  };
  const upload = async (req: Request, res: Response) => {
    const found = numberIn(world, String(req.params.id));
    if (found === null) return noSuchObject(res, req.method, String(req.params.id));
    if (!mayDo(res, 'whatsapp_business_messaging')) return notPermitted(res);
    const form = await formIn(req);
    if (form?.get('messaging_product') !== 'whatsapp' || !(form.get('file') instanceof Blob))
      return invalidParameter(res, 'messaging_product and file are required');
    res.json({ id: String(randomInt(1_000_000_000, 2_000_000_000)) });
  };
  return Router().post('/:id/messages', send).post('/:id/marketing_messages', send).post('/:id/media', upload);
}

async function formIn({ body, headers }: Request): Promise<FormData | null> {
  if (!Buffer.isBuffer(body)) return null;
  const whole = new Response(new Uint8Array(body), { headers: { 'content-type': String(headers['content-type']) } });
  return whole.formData().catch(() => null);
}

async function answerAs(manner: GraphManner | undefined, res: Response, answer: object): Promise<void> {
  if (manner === undefined) return void res.json(answer);
  if ('afterMs' in manner) await pause(manner.afterMs);
  if ('after' in manner) await manner.after;
  if ('afterMs' in manner || 'after' in manner) return void res.json(answer);
  if ('padding' in manner) return void res.json({ ...answer, padding: 'x'.repeat(manner.padding) });
  const whole = JSON.stringify({ ...answer, padding: 'x'.repeat(2 * manner.brokenAfterBytes) });
  res.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': whole.length });
  res.write(whole.slice(0, manner.brokenAfterBytes), () => res.destroy());
}

/** Where a number is named as well as a BSUID, the number counts. */
const accepted = ({ spellings, answerPadding }: GraphWorld, to: string | undefined, recipient: string | undefined) => ({
  messaging_product: 'whatsapp',
  contacts: [
    to === undefined
      ? { input: recipient, user_id: recipient }
      : { input: to, wa_id: spellings.get(to) ?? to.replace(/\D/g, '').replace(/^00/, '') },
  ],
  messages: [{ id: `wamid.${randomBytes(24).toString('base64url')}` }],
  ...(answerPadding > 0 ? { padding: 'x'.repeat(answerPadding) } : {}),
});
