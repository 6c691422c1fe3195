import { timelineOf } from '@keyturn/store';
import { Router } from 'express';
import { z } from 'zod';
import { pageQuery, placedPage } from '../http/paging.ts';
import { survivorIn } from './contact-in-path.ts';
import type { Deps } from './deps.ts';

const Query = z.strictObject(pageQuery(z.string().regex(/^\d{1,18}$/)));

/** `GET /v1/contacts/{contactId}/timeline?limit=&cursor=`: 200 with the journal, newest first, what happened to contacts that were merged into this
 *  one included; 401; 403 without scope `read`; 404; 422 naming the parameter; 503 while the database is away. */
export function timelineRoute({ pool, allow }: Pick<Deps, 'pool' | 'allow'>): Router {
  return Router().get('/v1/contacts/:contactId/timeline', allow('read'), async (req, res) => {
    const { limit, cursor } = Query.parse(req.query);
    const rows = await timelineOf(pool, await survivorIn(pool, req), limit + 1, cursor ?? null);
    res.json(placedPage(rows, limit));
  });
}
