import { messagesOf } from '@keyturn/store';
import { Router } from 'express';
import { z } from 'zod';
import { PlaceInstant, page, pageQuery } from '../http/paging.ts';
import { survivorIn } from './contact-in-path.ts';
import type { Deps } from './deps.ts';

const Query = z.strictObject(pageQuery(z.object({ at: PlaceInstant, id: z.string().max(700) })));

/** `GET /v1/contacts/{contactId}/messages?limit=&cursor=`: 200 with the statuses of messages to the contact and when the contact wrote, newest first; 401; 403
 *  without scope `read`; 404; 422 naming the parameter; 503 while the database is away. */
export function messagesRoute({ pool, allow }: Pick<Deps, 'pool' | 'allow'>): Router {
  return Router().get('/v1/contacts/:contactId/messages', allow('read'), async (req, res) => {
    const { limit, cursor } = Query.parse(req.query);
    const rows = await messagesOf(pool, await survivorIn(pool, req), limit + 1, cursor ?? null);
    res.json(page(rows, limit, ({ at, id }) => ({ at, id })));
  });
}
