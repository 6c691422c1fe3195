import { listActors } from '@keyturn/store';
import { Router } from 'express';
import type { Deps } from './deps.ts';

/** `GET /v1/actors`: 200 with what each member and each key is called, nothing else about them; 401; 403 without scope `read`; 503 while the database is away. */
export function actorsRoute({ pool, allow }: Pick<Deps, 'pool' | 'allow'>): Router {
  return Router().get('/v1/actors', allow('read'), async (_req, res) => {
    res.json({ items: await listActors(pool), nextCursor: null });
  });
}
