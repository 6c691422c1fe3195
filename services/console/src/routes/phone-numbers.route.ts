import { AppError, PhoneNumberId } from '@keyturn/contracts';
import { listNumbers, readNumber } from '@keyturn/store';
import { Router } from 'express';
import { z } from 'zod';
import { pageQuery, placedPage } from '../http/paging.ts';
import type { Deps } from './deps.ts';

const Query = z.strictObject(pageQuery(z.object({ kind: z.enum(['number', 'display']), id: z.string().min(1).max(64) })));

/** `GET /v1/phone-numbers?limit=&cursor=`: 200 with the numbers of ours that keyturn has heard of; 422 naming the parameter.
 *  `GET /v1/phone-numbers/{phoneNumberId}`: 200 with one, its history and its coverage; 404. Both 401; 403 without scope `read`; 503 while the
 *  database is away. */
export function phoneNumbersRoute({ pool, allow, now }: Pick<Deps, 'pool' | 'allow' | 'now'>): Router {
  return Router()
    .get('/v1/phone-numbers', allow('read'), async (req, res) => {
      const { limit, cursor } = Query.parse(req.query);
      const rows = await listNumbers(pool, limit + 1, cursor ?? null, now());
      res.json(placedPage(rows, limit));
    })
    .get('/v1/phone-numbers/:phoneNumberId', allow('read'), async (req, res) => {
      const id = PhoneNumberId.safeParse(req.params.phoneNumberId).data;
      const number = id === undefined || id.includes('\0') ? null : await readNumber(pool, id, now());
      if (number === null)
        throw new AppError(
          'phone_number.not_found',
          'No number of ours has this phoneNumberId, which is its id on the platform and not the number. GET /v1/phone-numbers lists them.',
        );
      res.json(number);
    });
}
