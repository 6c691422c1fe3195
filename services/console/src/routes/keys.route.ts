import { ApiKeyRequest, AppError } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import { actorOf, createApiKey, listApiKeys, revokeApiKey } from '@keyturn/store';
import { Router } from 'express';
import { actsOn } from '../access/record.ts';
import type { Deps } from './deps.ts';

const KEY_ID = /^[0-9a-f]{1,64}$/;

/** All with scope `admin`, else 401 or 403; 503 while the database is away. `POST /v1/keys`: 201 with the key, which is shown this once; 400 no JSON;
 *  422 naming the field. `GET /v1/keys`: 200 with `items`, never a key itself. `DELETE /v1/keys/{keyId}`: 204 once it is of no use, also if it was
 *  already; 404. */
export function keysRoute({ pool, allow, now }: Pick<Deps, 'pool' | 'allow' | 'now'>): Router {
  return Router()
    .post('/v1/keys', allow('admin'), jsonBody, async (req, res) => {
      const { name, scopes, expiresAt = null } = readJson(ApiKeyRequest, req);
      if (expiresAt !== null && Date.parse(expiresAt) <= now().getTime()) {
        throw new AppError('request.invalid', 'expiresAt: has passed. Name an instant to come, or leave it out for a key without an end.');
      }
      const created = await createApiKey(pool, { name, scopes, expiresAt }, actorOf(res), now());
      actsOn(res, `key:${created.keyId}`);
      res.status(201).json(created);
    })
    .get('/v1/keys', allow('admin'), async (_req, res) => {
      res.json({ items: await listApiKeys(pool), nextCursor: null });
    })
    .delete('/v1/keys/:keyId', allow('admin'), async (req, res) => {
      const keyId = String(req.params.keyId);
      const known = KEY_ID.test(keyId) && (await revokeApiKey(pool, keyId, actorOf(res), now()));
      if (!known) throw new AppError('request.not_found', 'No key has this id. GET /v1/keys lists them.');
      res.sendStatus(204);
    });
}
