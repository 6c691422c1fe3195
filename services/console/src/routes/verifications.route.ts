import { AppError, VerificationAnswer, VerificationsQuery } from '@keyturn/contracts';
import { idOfCallback, jsonBody, metrics, readJson } from '@keyturn/runtime';
import { answerVerification, listVerifications, readVerification } from '@keyturn/store';
import { Router } from 'express';
import { z } from 'zod';
import { page, pageQuery } from '../http/paging.ts';
import type { Deps } from './deps.ts';
import { idIn } from './id-in-path.ts';
import { requireKey } from './verification-rules.route.ts';

const Query = z.strictObject({ ...VerificationsQuery.shape, ...pageQuery(z.uuid()) });
const answers = metrics.counter('keyturn_verification_answers_total', 'Answers of the business, as they were taken.', ['verdict']);

/** `GET /v1/verifications?status=&contactId=&limit=&cursor=`: 200 with what the business was asked, newest first; 422 naming the parameter. `GET
 *  /v1/verifications/{requestId}`: 200 with each attempt; 404. Both: 401; 403 without scope `read`; 503. `POST
 *  /v1/verification-callbacks/{token}` with a verdict and its proof, by whoever has the token: 200 with what it came to, also when the same comes
 *  again; 400; 404 nobody's token; 409 with the present `identity` and the `reason` (`answered`, `superseded`, `expired`, `moved_on`, `not_blocked`,
 *  `nothing_to_split`), or there is no key; 422; 503, nothing was decided. */
export function verificationsRoute({ pool, allow, now, newId, verification }: Deps): Router {
  return Router()
    .get('/v1/verifications', allow('read'), async (req, res) => {
      const { limit, cursor, ...wanted } = Query.parse(req.query);
      const rows = await listVerifications(pool, wanted, limit + 1, cursor ?? null);
      res.json(page(rows, limit, ({ requestId }) => requestId));
    })
    .get('/v1/verifications/:requestId', allow('read'), async (req, res) => {
      const id = idIn(req, 'requestId');
      const found = id === undefined ? null : await readVerification(pool, id);
      if (found === null) throw new AppError('verification.not_found', 'No request has this id. GET /v1/verifications lists them.');
      res.json(found);
    })
    .post(
      '/v1/verification-callbacks/:token',
      async (req, res, next) => {
        const requestId = idOfCallback(requireKey(verification).keys, String(req.params.token));
        if (requestId === null)
          throw new AppError('verification.not_found', 'No request has this callback. Use callbackUrl of the request as it is.');
        res.locals.requestId = requestId;
        res.set('cache-control', 'no-store');
        next();
      },
      jsonBody,
      async (req, res) => {
        const answer = readJson(VerificationAnswer, req);
        const shell = { pool, newContactId: newId, now: now(), decisionId: newId() };
        const answered = await answerVerification(shell, String(res.locals.requestId), answer);
        answers.inc({ verdict: answered.verdict });
        res.locals.line = { request: answered.requestId, verdict: answered.verdict };
        res.json(answered);
      },
    );
}
