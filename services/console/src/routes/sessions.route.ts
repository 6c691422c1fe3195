import { AppError } from '@keyturn/contracts';
import { endSession, listSessions } from '@keyturn/store';
import { type Response, Router } from 'express';
import { callerOf } from '../access/caller.ts';
import type { Deps } from './deps.ts';
import { idIn } from './id-in-path.ts';

/** `GET /v1/sessions`: 200 with one's own; with scope `admin` everybody's. `DELETE /v1/sessions/{sessionId}`: 204 once it is over; 404, also of somebody
 *  else's without that scope. Both: 401; 503. */
export function sessionsRoute({ pool, allow, access, now }: Pick<Deps, 'pool' | 'allow' | 'access' | 'now'>): Router {
  return Router()
    .get('/v1/sessions', allow('somebody'), async (_req, res) => {
      const { memberId, sessionId } = reach(res);
      const items = memberId === '' ? [] : await listSessions(pool, { memberId, current: sessionId }, access.life, now());
      res.json({ items, nextCursor: null });
    })
    .delete('/v1/sessions/:sessionId', allow('somebody'), async (req, res) => {
      const { memberId } = reach(res);
      const id = idIn(req, 'sessionId');
      const ended = id !== undefined && memberId !== '' && (await endSession(pool, id, memberId));
      if (!ended) throw new AppError('session.not_found', 'No session of yours has this id. GET /v1/sessions lists them.');
      res.status(204).end();
    });
}

/** Whose sessions a caller may see and end: null, everybody's; empty, nobody's. */
function reach(res: Response): { memberId: string | null; sessionId: string | null } {
  const { me, session } = callerOf(res);
  return { memberId: me.scopes.includes('admin') ? null : (session?.memberId ?? ''), sessionId: session?.sessionId ?? null };
}
