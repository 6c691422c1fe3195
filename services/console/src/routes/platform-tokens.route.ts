import { AppError, PlatformTokenRequest } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import {
  actorOf,
  listPlatformTokens,
  removePlatformToken,
  resealPlatformTokens,
  type Sealer,
  setPlatformToken,
  type TokenHolder,
} from '@keyturn/store';
import { Router } from 'express';
import { actsOn } from '../access/record.ts';
import type { Deps } from './deps.ts';
import { idIn } from './id-in-path.ts';

/** All with scope `admin`, else 401 or 403; 503 while the database is away. `GET /v1/platform-tokens`: 200 with `items`, never a token. `POST` the same: 201
 *  once it is held, the one before erased; 400; 409 there is no key to encrypt it with; 422. `DELETE …/{tokenId}`: 204 once it is erased, also if it was
 *  already; 404. `POST …/reseal`: 200 with how many are under the current key now; 409. */
export function platformTokensRoute({
  pool,
  allow,
  now,
  newId,
  tokens,
}: Pick<Deps, 'pool' | 'allow' | 'now' | 'newId' | 'tokens'>): Router {
  return Router()
    .get('/v1/platform-tokens', allow('admin'), async (_req, res) => {
      res.json({ items: await listPlatformTokens(pool, tokens), nextCursor: null });
    })
    .post('/v1/platform-tokens', allow('admin'), jsonBody, async (req, res) => {
      const wanted = readJson(PlatformTokenRequest, req);
      const token = { tokenId: newId(), holder: holderOf(wanted), token: wanted.token };
      const held = await setPlatformToken(pool, requireSealer(tokens), token, actorOf(res), now());
      actsOn(res, `token:${held.tokenId}`);
      res.status(201).json(held);
    })
    .post('/v1/platform-tokens/reseal', allow('admin'), async (_req, res) => {
      res.json(await resealPlatformTokens(pool, requireSealer(tokens)));
    })
    .delete('/v1/platform-tokens/:tokenId', allow('admin'), async (req, res) => {
      const tokenId = idIn(req, 'tokenId');
      const known = tokenId !== undefined && (await removePlatformToken(pool, tokenId, actorOf(res), now()));
      if (!known) throw new AppError('platform_token.not_found', 'No token has this id. GET /v1/platform-tokens lists them.');
      res.sendStatus(204);
    });
}

const holderOf = ({ phoneNumberId, wabaId }: PlatformTokenRequest): TokenHolder =>
  phoneNumberId === undefined ? { kind: 'waba', id: String(wabaId) } : { kind: 'number', id: phoneNumberId };

function requireSealer(tokens: Sealer | null): Sealer {
  if (tokens !== null) return tokens;
  throw new AppError(
    'platform_token.off',
    'This console has no KEYTURN_TOKEN_KEY, so it could keep a token only for everybody to read. Set it, here and at the gate, and start both again.',
  );
}
