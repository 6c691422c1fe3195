import { Wamid } from '@keyturn/contracts';
import { exposureOf } from '@keyturn/store';
import { Router } from 'express';
import { z } from 'zod';
import { PlaceInstant, page, pageQuery } from '../http/paging.ts';
import { survivorIn } from './contact-in-path.ts';
import type { Deps } from './deps.ts';

const Query = z.strictObject(pageQuery(z.object({ at: PlaceInstant, wamid: Wamid })));

/** `GET /v1/contacts/{contactId}/identity/exposure?limit=&cursor=`: 200 with what went to the contact since the holder whom we knew last showed, about
 *  the open block, else the latest that was decided, of nobody who was ever blocked nothing; 401; 403 without scope `read`; 404; 422 naming the
 *  parameter; 503 while the database is away. */
export function exposureRoute({ pool, allow }: Pick<Deps, 'pool' | 'allow'>): Router {
  return Router().get('/v1/contacts/:contactId/identity/exposure', allow('read'), async (req, res) => {
    const { limit, cursor } = Query.parse(req.query);
    const exposure = await exposureOf(pool, await survivorIn(pool, req), limit + 1, cursor ?? null);
    res.json({ ...exposure, ...page(exposure.items, limit, ({ at, wamid }) => ({ at, wamid })) });
  });
}
