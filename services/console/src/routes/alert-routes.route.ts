import { type AlertMessage, AlertRoute, type AlertRouteJson, AlertRouteRequest, AppError, invalidField } from '@keyturn/contracts';
import { factsOf } from '@keyturn/domain';
import { jsonBody, readJson } from '@keyturn/runtime';
import {
  actorOf,
  createAlertRoute,
  deleteAlertRoute,
  listAlertDeliveries,
  listAlertRoutes,
  readAlertRoute,
  type StoredAlertRoute,
  setAlertRoute,
  transact,
} from '@keyturn/store';
import { Router } from 'express';
import { actsOn } from '../access/record.ts';
import { sealSecret, secretOf } from '../alerts/send-alert.ts';
import type { AlertSettings } from '../alerts/settings.ts';
import { alertSecret } from '../alerts/webhook.ts';
import { faultOfUrl } from '../verification/settings.ts';
import type { Deps } from './deps.ts';

/** All with scope `admin`, else 401 or 403; 503 while the database is away. `GET /v1/alert-routes`: 200, never a secret. `POST`: 201; 409 there is one of the name. `PUT
 *  /v1/alert-routes/{name}` with the version that was seen: 200; 404; 409. Both: 400; 409 also where there is no key to seal with; 422 naming the field. `DELETE`: 204; 404;
 *  409 a rule names it. `GET …/secret`: 200; 404 it has none; 409 no key. `POST …/test`: 200 with how it ended, whatever the route answered; 404. */
export function alertRoutesRoute({
  pool,
  allow,
  now,
  alerts,
  sendTest,
}: Pick<Deps, 'pool' | 'allow' | 'now' | 'alerts' | 'sendTest'>): Router {
  return Router()
    .get('/v1/alert-routes', allow('admin'), async (_req, res) => {
      const routes = await listAlertRoutes(pool);
      res.json({ items: routes.map((route) => toJson(route, alerts)), nextCursor: null });
    })
    .post('/v1/alert-routes', allow('admin'), jsonBody, async (req, res) => {
      const { route, sealed } = keepable(readJson(AlertRoute, req), alerts, { field: '', before: null });
      actsOn(res, `route:${route.name}`);
      await transact(pool, (tx) => createAlertRoute(tx, route, sealed, { actor: actorOf(res), at: now() }));
      res.status(201).json(toJson(await readAlertRoute(pool, route.name), alerts));
    })
    .put('/v1/alert-routes/:name', allow('admin'), jsonBody, async (req, res) => {
      const name = String(req.params.name);
      actsOn(res, `route:${name}`);
      const { version, route: wanted } = readJson(AlertRouteRequest, req);
      const before = await readAlertRoute(pool, name);
      if (wanted.name !== name) throw invalidField('route.name', `is ${name} for good. Make another route for another name.`, 'for_good');
      const kept = keepable(wanted, alerts, { field: 'route.', before });
      await transact(pool, (tx) => setAlertRoute(tx, version, kept, { actor: actorOf(res), at: now() }));
      res.json(toJson(await readAlertRoute(pool, name), alerts));
    })
    .delete('/v1/alert-routes/:name', allow('admin'), async (req, res) => {
      actsOn(res, `route:${String(req.params.name)}`);
      await transact(pool, (tx) => deleteAlertRoute(tx, String(req.params.name), { actor: actorOf(res), at: now() }));
      res.sendStatus(204);
    })
    .get('/v1/alert-routes/:name/secret', allow('admin'), async (req, res) => {
      const { route } = await readAlertRoute(pool, String(req.params.name));
      if (route.kind !== 'webhook') throw new AppError('alert.not_found', 'Only a webhook route has a secret of ours.');
      const { name, secretVersion } = route;
      res.json({ route: name, secretVersion, secret: alertSecret(requireKey(alerts), { name, secretVersion }) });
    })
    .post('/v1/alert-routes/:name/test', allow('admin'), async (req, res) => {
      actsOn(res, `route:${String(req.params.name)}`);
      const route = await readAlertRoute(pool, String(req.params.name));
      const deliveryId = await sendTest(route, testMessage(now(), actorOf(res)));
      const [delivery] = await listAlertDeliveries(pool, { deliveryId }, 1, null);
      res.json(delivery);
    });
}

const testMessage = (at: Date, by: string): AlertMessage => ({
  ...{
    message: 'test',
    alertId: null,
    rule: null,
    severity: 'info',
    at: at.toISOString(),
    facts: factsOf('test'),
    by,
    untakenMinutes: null,
  },
});

type Keys = Pick<AlertSettings, 'keys' | 'sealer' | 'privateOrigins'>;
type Kept = { readonly route: AlertRoute; readonly sealed: string | null };

/** A route without its secret, and that sealed; one that is left out stays as it was. Throws `request.invalid` naming the field, `alert.off`. */
function keepable(wanted: AlertRoute, alerts: Keys, { field, before }: { field: string; before: StoredAlertRoute | null }): Kept {
  if ('url' in wanted && wanted.url !== undefined) {
    const fault = faultOfUrl(alerts, wanted.url, 'ALERT_PRIVATE_ORIGINS');
    if (fault !== undefined) throw invalidField(`${field}url`, `${fault}.`, 'not_allowed');
  }
  if (before !== null && before.route.kind !== wanted.kind)
    throw invalidField(`${field}kind`, `is ${before.route.kind} for good. Make another route for another kind.`, 'for_good');
  if (wanted.kind === 'email') return { route: wanted, sealed: null };
  requireKey(alerts);
  if (wanted.kind === 'webhook') return { route: wanted, sealed: null };
  const name = wanted.kind === 'slack' ? 'url' : 'routingKey';
  const { route, secret } = withoutSecret(wanted);
  if (secret !== undefined && alerts.sealer !== null) return { route, sealed: sealSecret(alerts.sealer, route.name, secret) };
  if (goesElsewhere(wanted, before))
    throw invalidField(
      `${field}${name}`,
      'must come along where url changes: the one that is kept is for the other place.',
      'for_other_place',
    );
  if (before?.sealed == null) throw invalidField(`${field}${name}`, 'is missing, and none is kept.', 'missing');
  return { route, sealed: before.sealed };
}

/** Whoever may set a route must not have the secret that is kept sent to a place of theirs. */
const goesElsewhere = (wanted: AlertRoute, before: StoredAlertRoute | null): boolean =>
  wanted.kind === 'pagerduty' && before?.route.kind === 'pagerduty' && wanted.url !== before.route.url;

function withoutSecret(wanted: Extract<AlertRoute, { kind: 'slack' | 'pagerduty' }>): { route: AlertRoute; secret: string | undefined } {
  if (wanted.kind === 'slack') {
    const { url: secret, ...route } = wanted;
    return { route, secret };
  }
  const { routingKey: secret, ...route } = wanted;
  return { route, secret };
}

function requireKey({ keys }: Pick<AlertSettings, 'keys'>): string {
  const [key] = keys;
  if (key !== undefined) return key;
  throw new AppError(
    'alert.off',
    'This console has no KEYTURN_VERIFICATION_KEY, so it can keep no secret of a route. Set it and start it again.',
  );
}

function toJson({ name, version, route, sealed, setBy, setAt, health }: StoredAlertRoute, { keys, sealer }: Keys): AlertRouteJson {
  const isComplete = route.kind === 'webhook' ? keys.length > 0 : route.kind === 'email' || secretOf(sealer, name, sealed) !== null;
  return { version, route, isComplete, setBy, setAt, health };
}
