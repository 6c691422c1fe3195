import { ContactId, IdentityChangesFilter, IdentityChangesQuery } from '@keyturn/contracts';
import { countChanges, meantBy, openChanges, sortInNow } from '@keyturn/store';
import { Router } from 'express';
import { z } from 'zod';
import { PlaceInstant, page, pageQuery } from '../http/paging.ts';
import type { Deps } from './deps.ts';

const Query = z.strictObject({
  ...IdentityChangesQuery.shape,
  ...pageQuery(z.object({ blockedAt: PlaceInstant, contactId: ContactId })),
});

/** All 401; 403 without scope `read`; 503 while the database is away. `GET /v1/identity-changes?status=open&signal=&phoneNumberId=&olderThan=&stake=&awaits=
 *  &group=&limit=&cursor=`: 200 with the blocks that await a decision and fit all that is named, oldest first, each with its evidence; 422 naming the parameter.
 *  `GET /v1/identity-changes/counts`: 200 with how many there are, and the storms. */
export function identityChangesRoute({ pool, allow, now }: Pick<Deps, 'pool' | 'allow' | 'now'>): Router {
  return Router()
    .get('/v1/identity-changes', allow('read'), async (req, res) => {
      const { limit, cursor, status: _open, ...filter } = Query.parse(req.query);
      if (Object.keys(filter).length > 0) await sortInNow(pool);
      const meant = await meantBy(pool, IdentityChangesFilter.parse(filter), now());
      const rows = await openChanges(pool, limit + 1, cursor ?? null, meant);
      res.json(page(rows, limit, ({ since, contactId }) => ({ blockedAt: since, contactId })));
    })
    .get('/v1/identity-changes/counts', allow('read'), async (_req, res) => {
      await sortInNow(pool);
      res.json(await countChanges(pool, now()));
    });
}
