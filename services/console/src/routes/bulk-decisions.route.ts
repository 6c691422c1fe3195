import { BulkDecisionRequest, BulkRowsQuery, BulkRunRequest } from '@keyturn/contracts';
import { jsonBody, largeJsonBody, readJson } from '@keyturn/runtime';
import { actorOf, bulkNotFound, bulkRows, cancelBulk, type Database, listBulks, readBulk, rehearseBulk, runBulk } from '@keyturn/store';
import { type Request, Router } from 'express';
import { z } from 'zod';
import { actsOn } from '../access/record.ts';
import { csvOf } from '../bulk/csv.ts';
import { page, pageQuery } from '../http/paging.ts';
import type { Deps } from './deps.ts';
import { idIn } from './id-in-path.ts';

const PATH = '/v1/bulk-decisions';
const ListQuery = z.strictObject(pageQuery(z.uuid()));
const RowsQuery = z.strictObject({ ...BulkRowsQuery.shape, ...pageQuery(z.number().int().nonnegative()) });

/** All 401; 403 without scope `identity:decide`, or `read` where nothing is decided; 503 while the database is away. `POST /v1/bulk-decisions {changes | filter, verdict,
 *  reason, …}`: 201 with what running it would do, and a token; 400; 413; 422 naming the field. `POST …/{bulkId}/run {token}`: 202, it goes on by itself; 404;
 *  409 with the `reason` (`wrong_token`, `expired`, `cancelled`). `POST …/{bulkId}/cancel`: 200, nothing more is decided; 404; 409 where it is done. `GET` of the
 *  list, of one, of its `rows?outcome=&limit=&cursor=` and of its `report` (CSV): 200; 404; 422. */
export function bulkDecisionsRoute({ pool, allow, now, newId }: Deps): Router {
  return Router()
    .post(PATH, allow('identity:decide'), largeJsonBody, async (req, res) => {
      const made = await rehearseBulk({ pool, now, newId }, readJson(BulkDecisionRequest, req), actorOf(res));
      actsOn(res, `bulk:${made.bulkId}`);
      res.locals.line = { bulk: made.bulkId, total: made.counts.total, waiting: made.counts.waiting };
      res.status(201).json(made);
    })
    .get(PATH, allow('read'), async (req, res) => {
      const { limit, cursor } = ListQuery.parse(req.query);
      const rows = await listBulks(pool, limit + 1, cursor ?? null, now());
      res.json(page(rows, limit, ({ bulkId }) => bulkId));
    })
    .get(`${PATH}/:bulkId`, allow('read'), async (req, res) => {
      res.json(await found(pool, req, now()));
    })
    .post(`${PATH}/:bulkId/run`, allow('identity:decide'), jsonBody, async (req, res) => {
      const { token } = readJson(BulkRunRequest, req);
      res.status(202).json(await runBulk(pool, bulkIdIn(req), token, actorOf(res), now()));
    })
    .post(`${PATH}/:bulkId/cancel`, allow('identity:decide'), async (req, res) => {
      res.json(await cancelBulk(pool, bulkIdIn(req), actorOf(res), now()));
    })
    .get(`${PATH}/:bulkId/rows`, allow('read'), async (req, res) => {
      const { limit, cursor, outcome } = RowsQuery.parse(req.query);
      const { bulkId } = await found(pool, req, now());
      const rows = await bulkRows(pool, bulkId, limit + 1, cursor ?? 0, outcome);
      res.json(page(rows, limit, ({ place }) => place));
    })
    .get(`${PATH}/:bulkId/report`, allow('read'), async (req, res) => {
      const { bulkId } = await found(pool, req, now());
      res
        .type('text/csv')
        .attachment(`bulk-decision-${bulkId}.csv`)
        .send(csvOf(await allRows(pool, bulkId)));
    });
}

const allRows = (pool: Database['pool'], bulkId: string) => bulkRows(pool, bulkId, ROWS_MAX, 0);
const ROWS_MAX = 10_000;

function bulkIdIn(req: Request): string {
  const bulkId = idIn(req, 'bulkId');
  if (bulkId !== undefined) return bulkId;
  throw bulkNotFound();
}
async function found(pool: Database['pool'], req: Request, now: Date) {
  const bulk = await readBulk(pool, bulkIdIn(req), now);
  if (bulk === null) throw bulkNotFound();
  return bulk;
}
