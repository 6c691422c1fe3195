import type { LoggedOutJson } from '@keyturn/contracts';
import { endSession } from '@keyturn/store';
import { Router } from 'express';
import { callerOf } from '../access/caller.ts';
import { dropCookie } from '../access/cookies.ts';
import type { Deps } from './deps.ts';

/** `GET /v1/me`: 200 with who asks and what they may do. `POST /auth/logout`: 204 once the session that asks is over; 200 with where the browser ends the session of the
 *  organisation's login too, which would let in whoever has it next. Both: 401; 503. */
export function meRoute({ pool, allow, access, oidc }: Pick<Deps, 'pool' | 'allow' | 'access' | 'oidc'>): Router {
  return Router()
    .get('/v1/me', allow('somebody'), (_req, res) => {
      res.json(callerOf(res).me);
    })
    .post('/auth/logout', allow('somebody'), async (_req, res) => {
      const { session } = callerOf(res);
      if (session !== null) await endSession(pool, session.sessionId, session.memberId);
      dropCookie(res, access, 'keyturn_session');
      const to = session?.by === 'oidc' ? await oidc?.endUrl() : null;
      if (to == null) res.status(204).end();
      else res.json({ to } satisfies LoggedOutJson);
    });
}
