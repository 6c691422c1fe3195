import { ScopeMoveRequest } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import { actorOf, listScopes, moveScope } from '@keyturn/store';
import { Router } from 'express';
import type { Deps } from './deps.ts';

/** `GET /v1/scopes` with scope `read`: 200 with all WABAs. `POST /v1/scope-moves {wabaId, scope, reason, preview}` with scope `admin`: 200 with what
 *  followed, or would; 400 no JSON; 404 a WABA that was never seen; 409 it is there already; 422 naming the field. Both: 401; 403; 503, nothing was moved. */
export function scopesRoute({ pool, allow, now, newId }: Deps): Router {
  return Router()
    .get('/v1/scopes', allow('read'), async (_req, res) => {
      res.json({ items: await listScopes(pool), nextCursor: null });
    })
    .post('/v1/scope-moves', allow('admin'), jsonBody, async (req, res) => {
      const { wabaId, scope, reason, preview } = readJson(ScopeMoveRequest, req);
      res.json(await moveScope(pool, { wabaId, to: scope, reason, preview, actor: actorOf(res), now: now(), newContactId: newId }));
    });
}
