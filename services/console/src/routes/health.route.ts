import { readHealth } from '@keyturn/store';
import { Router } from 'express';
import type { Deps } from './deps.ts';

/** `GET /v1/health`: 200 with how far each step of the line is and what is not as it should be, also where much is not; 401; 403 without scope `read`; 503 while
 *  the database is away. */
export function healthRoute({ pool, allow, now }: Pick<Deps, 'pool' | 'allow' | 'now'>): Router {
  return Router().get('/v1/health', allow('read'), async (_req, res) => {
    res.json(await readHealth(pool, now()));
  });
}
