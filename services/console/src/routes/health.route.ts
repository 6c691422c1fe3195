import { WebhookCountsQuery } from '@keyturn/contracts';
import { readHealth, readWebhookCounts } from '@keyturn/store';
import { Router } from 'express';
import type { Deps } from './deps.ts';

/** `GET /v1/health`: 200 with how far each step of the line is and what is not as it should be, also where much is not.
 *  `GET /v1/health/webhooks?over=`: 200 with how many webhooks were kept, step by step; 422 naming the parameter. Both 401; 403 without scope `read`; 503
 *  while the database is away. */
export function healthRoute({ pool, allow, now }: Pick<Deps, 'pool' | 'allow' | 'now'>): Router {
  return Router()
    .get('/v1/health', allow('read'), async (_req, res) => {
      res.json(await readHealth(pool, now()));
    })
    .get('/v1/health/webhooks', allow('read'), async (req, res) => {
      const { over } = WebhookCountsQuery.parse(req.query);
      res.json(await readWebhookCounts(pool, over, now()));
    });
}
