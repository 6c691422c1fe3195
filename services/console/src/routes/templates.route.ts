import { TemplatesQuery } from '@keyturn/contracts';
import { listTemplates } from '@keyturn/store';
import { Router } from 'express';
import { z } from 'zod';
import { pageQuery, placedPage } from '../http/paging.ts';
import type { Deps } from './deps.ts';

const Query = TemplatesQuery.extend(pageQuery(z.string().min(1).max(2_000)));

/** `GET /v1/templates?wabaId=&limit=&cursor=`: 200 with the templates that the platform told of; 401; 403 without scope `read`; 422 naming the parameter;
 *  503 while the database is away. */
export function templatesRoute({ pool, allow }: Pick<Deps, 'pool' | 'allow'>): Router {
  return Router().get('/v1/templates', allow('read'), async (req, res) => {
    const { limit, cursor, wabaId } = Query.parse(req.query);
    const rows = await listTemplates(pool, { wabaId: wabaId ?? null, limit: limit + 1, after: cursor ?? null });
    res.json(placedPage(rows, limit));
  });
}
