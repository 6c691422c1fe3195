import { AuditQuery } from '@keyturn/contracts';
import { listAudit } from '@keyturn/store';
import { Router } from 'express';
import { z } from 'zod';
import { page, pageQuery } from '../http/paging.ts';
import type { Deps } from './deps.ts';

const Query = z.strictObject({ ...AuditQuery.shape, ...pageQuery(z.string().regex(/^\d{1,18}$/)) });

/** `GET /v1/audit?actor=&action=&subject=&limit=&cursor=` with scope `admin`: 200 with who did what, newest first, each with how it ended; 401; 403; 422
 *  naming the parameter; 503. */
export function auditRoute({ pool, allow }: Pick<Deps, 'pool' | 'allow'>): Router {
  return Router().get('/v1/audit', allow('admin'), async (req, res) => {
    const { limit, cursor, ...filter } = Query.parse(req.query);
    const rows = await listAudit(pool, filter, limit + 1, cursor ?? null);
    res.json(page(rows, limit, ({ id }) => id));
  });
}
