import { AlertDeliveriesQuery, AlertsQuery, AppError } from '@keyturn/contracts';
import { actorOf, listAlertDeliveries, listAlerts, takeAlert } from '@keyturn/store';
import { Router } from 'express';
import { z } from 'zod';
import { page, pageQuery } from '../http/paging.ts';
import type { Deps } from './deps.ts';
import { idIn } from './id-in-path.ts';

const Alerts = z.strictObject({ ...AlertsQuery.shape, ...pageQuery(z.uuid()) });
const Deliveries = z.strictObject({ ...AlertDeliveriesQuery.shape, ...pageQuery(z.uuid()) });

/** `GET /v1/alerts?status=&limit=&cursor=` and `GET /v1/alert-deliveries?route=&alertId=&limit=&cursor=`: 200, newest first; 403 without scope `read`; 422 naming the
 *  parameter. `POST /v1/alerts/{alertId}/take`: 200 taken, also when the same had it; 403 without scope `identity:decide`; 404; 409 with the alert as `present` where
 *  somebody else has it, or it is over. All: 401; 503. */
export function alertsRoute({ pool, allow, now, newId }: Pick<Deps, 'pool' | 'allow' | 'now' | 'newId'>): Router {
  return Router()
    .get('/v1/alerts', allow('read'), async (req, res) => {
      const { status, limit, cursor } = Alerts.parse(req.query);
      const rows = await listAlerts(pool, status === 'all', limit + 1, cursor ?? null);
      res.json(page(rows, limit, ({ alertId }) => alertId));
    })
    .post('/v1/alerts/:alertId/take', allow('identity:decide'), async (req, res) => {
      const alertId = idIn(req, 'alertId');
      if (alertId === undefined) throw new AppError('alert.not_found', 'No alert has this id. GET /v1/alerts lists them.');
      res.json(await takeAlert({ pool, now, newId }, alertId, actorOf(res)));
    })
    .get('/v1/alert-deliveries', allow('read'), async (req, res) => {
      const { limit, cursor, ...wanted } = Deliveries.parse(req.query);
      const rows = await listAlertDeliveries(pool, wanted, limit + 1, cursor ?? null);
      res.json(page(rows, limit, ({ deliveryId }) => deliveryId));
    });
}
