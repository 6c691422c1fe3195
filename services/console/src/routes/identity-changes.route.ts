import { ContactId, IdentityChangesQuery, Instant } from '@keyturn/contracts';
import { openChanges } from '@keyturn/store';
import { Router } from 'express';
import { z } from 'zod';
import { page, pageQuery } from '../http/paging.ts';
import type { Deps } from './deps.ts';

const Query = z.strictObject({
  ...IdentityChangesQuery.shape,
  ...pageQuery(z.object({ blockedAt: Instant.refine((at) => Date.parse(at) > 0), contactId: ContactId })),
});

/** `GET /v1/identity-changes?status=open&awaits=&limit=&cursor=`: 200 with the blocks that await a decision, of an operator or of the business, oldest first, each with its evidence; 401;
 *  403 without scope `read`; 422 naming the parameter; 503 while the database is away. */
export function identityChangesRoute({ pool, allow }: Pick<Deps, 'pool' | 'allow'>): Router {
  return Router().get('/v1/identity-changes', allow('read'), async (req, res) => {
    const { limit, cursor, awaits } = Query.parse(req.query);
    const rows = await openChanges(pool, limit + 1, cursor ?? null, awaits ?? null);
    res.json(
      page(
        rows,
        limit,
        ({ since, contactId }) => ({ blockedAt: since, contactId }),
        (row) => row,
      ),
    );
  });
}
