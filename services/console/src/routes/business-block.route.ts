import { BlockedContactsQuery, BusinessBlockRequest, ContactId } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import { actorOf, blockedContacts, blockHistory, decideBlock, mirroredBlocks, readContacts } from '@keyturn/store';
import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { PlaceInstant, page, pageQuery, placedPage } from '../http/paging.ts';
import { contactIdIn, survivorIn } from './contact-in-path.ts';
import type { Deps } from './deps.ts';

const PATH = '/v1/contacts/:contactId/business-block';
const History = z.strictObject(pageQuery(z.string().regex(/^\d{1,18}$/)));
const Query = BlockedContactsQuery.extend(pageQuery(z.object({ blockedAt: PlaceInstant, contactId: ContactId })));

/** All 401; 403 without scope `contact:write`, or `read` where nothing is changed; 503 while the database is away. `PUT` and `DELETE
 *  /v1/contacts/{contactId}/business-block {reason, note?}`: 200 with the block now; 400; 404; 409 on `DELETE` with the `reason` where there is none; 422
 *  naming the field. `GET` of it `?limit=&cursor=`: 200 with the block and its history, newest first; 404; 422. `GET /v1/business-blocks?wrote=&limit=&cursor=`: 200 with
 *  who is blocked, the newest first; 422. */
export function businessBlockRoute(deps: Deps): Router {
  const { pool, allow, now } = deps;
  return Router()
    .put(PATH, allow('contact:write'), jsonBody, deciding('set', deps))
    .delete(PATH, allow('contact:write'), jsonBody, deciding('lift', deps))
    .get(PATH, allow('read'), async (req, res) => {
      const { limit, cursor } = History.parse(req.query);
      const contactId = await survivorIn(pool, req);
      const [contact] = await readContacts(pool, [contactId], now());
      const rows = await blockHistory(pool, contactId, limit + 1, cursor ?? null);
      const history = placedPage(rows, limit);
      const mirrored = await mirroredBlocks(pool, contactId, now());
      res.json({ contactId, businessBlock: contact?.businessBlock ?? null, mirrored, ...history });
    })
    .get('/v1/business-blocks', allow('read'), async (req, res) => {
      const { wrote, limit, cursor } = Query.parse(req.query);
      const rows = await blockedContacts(pool, wrote !== undefined, limit + 1, cursor ?? null);
      res.json(page(rows, limit, ({ businessBlock, contactId }) => ({ blockedAt: businessBlock.blockedAt, contactId })));
    });
}

const deciding =
  (action: 'set' | 'lift', { pool, now, newId }: Pick<Deps, 'pool' | 'now' | 'newId'>): RequestHandler =>
  async (req, res) => {
    const contactId = contactIdIn(req);
    const asked = readJson(BusinessBlockRequest, req);
    const decision = { ...asked, decisionId: newId(), actor: actorOf(res), decidedAt: now().toISOString() };
    res.json(await decideBlock(pool, contactId, action, decision));
  };
