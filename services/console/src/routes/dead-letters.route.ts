import { AppError, DeadLetterDecisionRequest, DeadLettersQuery } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import { actorOf, deadLetterProgress, decideLetters, listDeadLetters, readDeadLetter } from '@keyturn/store';
import { type Request, type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { page, pageQuery } from '../http/paging.ts';
import type { Deps } from './deps.ts';
import { idIn } from './id-in-path.ts';

const Query = DeadLettersQuery.extend(pageQuery(z.uuid()));

/** All 401; 403 without scope `read`, or `admin` where something is decided: that is about everybody's events; 503 while the database is away. `GET /v1/dead-letters?status=
 *  &group=&code=&limit=&cursor=`: 200 with those in one status (`open`), oldest first, numbers masked; 422 naming the parameter.
 *  `GET /v1/dead-letters/{deadLetterId}`: 200 with all of it, the record as it was; 404. `POST /v1/dead-letters/redrive` and `…/discard`
 *  `{ids | filter, reason, cursor?}`: 200 with how many it was decided on and those on which it could not be; 400; 404 none of the ids is known; 409
 *  none of them is open; 422 naming the field. `GET /v1/dead-letter-decisions/{decisionId}`: 200 with where its dead letters are now; 404. */
export function deadLettersRoute(deps: Deps): Router {
  const { pool, allow } = deps;
  return Router()
    .get('/v1/dead-letters', allow('read'), async (req, res) => {
      const { limit, cursor, ...meant } = Query.parse(req.query);
      const rows = await listDeadLetters(pool, meant, limit + 1, cursor ?? null);
      res.json(page(rows, limit, ({ deadLetterId }) => deadLetterId));
    })
    .get('/v1/dead-letters/:deadLetterId', allow('read'), async (req, res) => {
      res.json((await readDeadLetter(pool, knownIn(req, 'deadLetterId'))) ?? refuse('deadLetterId'));
    })
    .get('/v1/dead-letter-decisions/:decisionId', allow('read'), async (req, res) => {
      res.json((await deadLetterProgress(pool, knownIn(req, 'decisionId'))) ?? refuse('decisionId'));
    })
    .post('/v1/dead-letters/redrive', allow('admin'), jsonBody, deciding('redrive', deps))
    .post('/v1/dead-letters/discard', allow('admin'), jsonBody, deciding('discard', deps));
}

const deciding =
  (action: 'redrive' | 'discard', { pool, now, newId }: Pick<Deps, 'pool' | 'now' | 'newId'>): RequestHandler =>
  async (req, res) => {
    const asked = readJson(DeadLetterDecisionRequest, req);
    const decided = await decideLetters(pool, {
      ...asked,
      ...{ action, decisionId: newId(), actor: actorOf(res), decidedAt: now().toISOString() },
    });
    res.locals.line = { decision: decided.decisionId, decided: decided.decided, refused: decided.refused.length };
    res.json(decided);
  };

const unknown = {
  deadLetterId: 'No dead letter has this id: it is kept for 30 days. GET /v1/dead-letters lists them.',
  decisionId: 'Nothing was decided on dead letters under this id.',
};
const knownIn = (req: Request, name: keyof typeof unknown): string => idIn(req, name) ?? refuse(name);
function refuse(name: keyof typeof unknown): never {
  throw new AppError('dead_letter.not_found', unknown[name]);
}
