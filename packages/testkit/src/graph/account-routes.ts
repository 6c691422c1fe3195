import { type RequestHandler, Router } from 'express';
import { callerIn, expired, graphPage, mayDo, textIn } from './graph-access.ts';
import { graphError, invalidParameter, noSuchObject, notPermitted } from './graph-error.ts';
import type { GraphWorld } from './graph-world.ts';
import { numberIn, numberJson } from './number-routes.ts';
import { callbackRefused, verifyCallback } from './verify-callback.ts';

const MANAGEMENT = 'whatsapp_business_management';
const FIELDS_OBJECT = 'whatsapp_business_account';

/** What the platform answers about accounts and apps: their numbers, who is subscribed, where the webhooks go, what a token may. */
export function accountRoutes(world: GraphWorld): Router {
  const wabaOf = (id: string) => world.wabas.find((waba) => waba.id === id) ?? null;
  const node: RequestHandler = (req, res) => {
    const id = String(req.params.id);
    const number = numberIn(world, id);
    const waba = wabaOf(id);
    const app = world.apps.find((one) => one.id === id);
    if (app !== undefined) return void res.json({ id: app.id, name: app.name });
    if (number === null && waba === null) return noSuchObject(res, req.method, id);
    if (!mayDo(res, MANAGEMENT)) return notPermitted(res);
    if (number !== null) return void res.json(numberJson(number, world, textIn(req.query, 'fields')));
    res.json({ id, name: waba?.name });
  };
  return Router()
    .get('/debug_token', debugToken(world))
    .get('/:id/phone_numbers', (req, res) => {
      const waba = wabaOf(req.params.id);
      if (waba === null) return noSuchObject(res, req.method, req.params.id);
      if (!mayDo(res, MANAGEMENT)) return notPermitted(res);
      const fields = textIn(req.query, 'fields');
      res.json(
        graphPage(
          req,
          waba.numbers.map((number) => numberJson({ waba, number }, world, fields)),
        ),
      );
    })
    .get('/:id/subscriptions', (req, res) => {
      const app = world.apps.find(({ id }) => id === req.params.id);
      if (app === undefined) return noSuchObject(res, req.method, req.params.id);
      if (callerIn(res).token !== null || callerIn(res).app !== app) return needsAppToken(res);
      res.json({ data: app.webhook === null ? [] : [webhookJson(app.webhook)] });
    })
    .post('/:id/subscriptions', async (req, res) => {
      const app = world.apps.find(({ id }) => id === req.params.id);
      if (app === undefined) return noSuchObject(res, req.method, req.params.id);
      if (callerIn(res).token !== null || callerIn(res).app !== app) return needsAppToken(res);
      const asked = req.body as { object?: string; callback_url?: string; verify_token?: string; fields?: string } | undefined;
      if (asked?.object !== FIELDS_OBJECT || !asked.fields || !asked.callback_url)
        return invalidParameter(res, 'object, callback_url and fields are required');
      if (!(await verifyCallback(asked.callback_url, asked.verify_token))) return callbackRefused(res);
      const fields = [...new Set([...(app.webhook?.fields ?? []), ...asked.fields.split(',')])];
      app.webhook = { callbackUrl: asked.callback_url, fields, active: true };
      res.json({ success: true });
    })
    .use(subscribedRoutes(world))
    .get('/:id', node);
}

const needsAppToken = (res: Parameters<RequestHandler>[1]) =>
  graphError(res, 400, { code: 15, message: '(#15) This method must be called with an app access_token.' });

const webhookJson = ({ callbackUrl, fields, active }: { callbackUrl: string; fields: readonly string[]; active: boolean }) => ({
  ...{ object: FIELDS_OBJECT, callback_url: callbackUrl, active },
  fields: fields.map((name) => ({ name, version: 'v25.0' })),
});

const debugToken =
  (world: GraphWorld): RequestHandler =>
  (req, res) => {
    const token = world.tokens.find((one) => one.token === textIn(req.query, 'input_token'));
    if (token === undefined)
      return void res.json({ data: { error: { code: 190, message: 'Invalid OAuth access token.' }, is_valid: false, scopes: [] } });
    res.json({
      data: {
        ...{ app_id: token.appId, type: token.type, application: 'Keyturn', data_access_expires_at: 0, expires_at: token.expiresAt },
        ...{ is_valid: token.valid && !expired(token), issued_at: 1_760_000_000, scopes: token.scopes },
        ...(token.granular === undefined ? {} : { granular_scopes: token.granular }),
      },
    });
  };

/** Which apps get an account's webhooks, and where. */
function subscribedRoutes(world: GraphWorld): Router {
  const withWaba =
    (work: (subscribed: GraphWorld['wabas'][number]['subscribed'], ...args: Parameters<RequestHandler>) => unknown): RequestHandler =>
    (req, res, next) => {
      const waba = world.wabas.find(({ id }) => id === req.params.id);
      if (waba === undefined) return noSuchObject(res, req.method, String(req.params.id));
      if (!mayDo(res, MANAGEMENT)) return notPermitted(res);
      return work(waba.subscribed, req, res, next);
    };
  const appJson = (id: string, override: string | null) => ({
    whatsapp_business_api_data: {
      link: `https://www.facebook.com/games/?app_id=${id}`,
      name: world.apps.find((app) => app.id === id)?.name ?? 'Another app',
      id,
    },
    ...(override === null ? {} : { override_callback_uri: override }),
  });
  return Router()
    .get(
      '/:id/subscribed_apps',
      withWaba((subscribed, _req, res) => res.json({ data: [...subscribed].map(([id, { override }]) => appJson(id, override)) })),
    )
    .post(
      '/:id/subscribed_apps',
      withWaba(async (subscribed, req, res) => {
        const uri = textIn(req.body, 'override_callback_uri') ?? null;
        if (uri !== null && !(await verifyCallback(uri, textIn(req.body, 'verify_token')))) return callbackRefused(res);
        subscribed.set(callerIn(res).app.id, { override: uri });
        res.json({ success: true });
      }),
    )
    .delete(
      '/:id/subscribed_apps',
      withWaba((subscribed, _req, res) => {
        subscribed.delete(callerIn(res).app.id);
        res.json({ success: true });
      }),
    );
}
