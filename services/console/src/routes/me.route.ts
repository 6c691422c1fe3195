import { endSession } from '@keyturn/store';
import { Router } from 'express';
import { callerOf } from '../access/caller.ts';
import { dropCookie } from '../access/cookies.ts';
import type { Deps } from './deps.ts';

/** `GET /v1/me`: 200 with who asks and what they may do. `POST /auth/logout`: 204 once the session that asks is over. Both: 401; 503. */
export function meRoute({ pool, allow, access }: Pick<Deps, 'pool' | 'allow' | 'access'>): Router {
  return Router()
    .get('/v1/me', allow('somebody'), (_req, res) => {
      res.json(callerOf(res).me);
    })
    .post('/auth/logout', allow('somebody'), async (_req, res) => {
      const { session } = callerOf(res);
      if (session !== null) await endSession(pool, session.sessionId, session.memberId);
      dropCookie(res, access, 'keyturn_session');
      res.status(204).end();
    });
}
