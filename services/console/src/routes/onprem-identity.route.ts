import { AppError, type IdentityView, OnpremIdentityRequest, SpelledNumber } from '@keyturn/contracts';
import { type IdentityState, identitySlice } from '@keyturn/domain';
import { jsonBody, readJson } from '@keyturn/runtime';
import { actorOf, contactsByWaId, type Database, decide, readIdentity } from '@keyturn/store';
import { type Request, Router } from 'express';
import type { Deps } from './deps.ts';
import { hashSince } from './hash-since.ts';

const PATH = '/onprem/v1/contacts/:waId/identity';

/** As the on-premises API had it (https://developers.facebook.com/docs/whatsapp/on-premises/reference/contacts/users-whatsapp-id/identity, legacy), for
 *  clients that speak it still. `GET`: 200 with the hash, since when it is known (milliseconds) and whether it awaits nobody's decision; 401; 403
 *  without scope `read`; 404 number or hash unknown. `PUT {"hash"}`: 200 `{}` once the change to this hash is acknowledged as the same person, or was
 *  already; 400; 401; 403 without scope `identity:decide`; 404; 409 with the present `identity`: it is another hash; 422. Both: 409 where the number
 *  is known in several scopes; 503. */
export function onpremIdentityRoute({ pool, allow, now, newId }: Deps): Router {
  return Router()
    .get(PATH, allow('read'), async (req, res) => {
      const { identity, state } = await holderOf(pool, req, now());
      const since = identity.keyHash === null ? undefined : hashSince(state, identity.keyHash);
      const created_timestamp = since === undefined ? Date.parse(identity.blockedAt ?? '') : since * 1000;
      res.json({ contacts: { hash: identity.keyHash, created_timestamp, acknowledged: identity.status !== 'blocked' } });
    })
    .put(PATH, allow('identity:decide'), jsonBody, async (req, res) => {
      const { hash } = readJson(OnpremIdentityRequest, req);
      const { contactId, identity } = await holderOf(pool, req, now());
      if (!accepts(identity, hash)) {
        if (hash !== identity.keyHash) throw anotherHash(identity);
        const seen = { keyHash: hash, version: identity.version, verdict: 'same_person', reason: 'onprem' } as const;
        const command = { ...seen, decisionId: newId(), actor: actorOf(res), decidedAt: now().toISOString() };
        await decide({ pool, newContactId: newId }, contactId, command).catch(async (error: unknown) => {
          const since = await holderOf(pool, req, now());
          if (!accepts(since.identity, hash)) throw error; // else somebody else has just decided the same
        });
      }
      res.json({});
    });
}

const accepts = ({ status, keyHashes }: IdentityView, hash: string): boolean =>
  status !== 'blocked' && keyHashes.some(({ keyHash }) => keyHash === hash);

type Holder = { readonly contactId: string; readonly identity: IdentityView; readonly state: IdentityState };
async function holderOf(pool: Database['pool'], req: Request, now: Date): Promise<Holder> {
  const waId = SpelledNumber.safeParse(req.params.waId);
  if (!waId.success) throw new AppError('contact.not_found', 'A wa_id is 3 to 20 digits, and this is none.');
  const [contactId, ...others] = await contactsByWaId(pool, waId.data, Math.floor(now.getTime() / 1000));
  if (contactId === undefined) throw new AppError('contact.not_found', 'Nobody is known by this number.');
  if (others.length > 0) {
    throw new AppError('identity.conflict', 'This number is known in several scopes. Use /v1/contacts/search, and decide by contactId.');
  }
  const { state, version } = await readIdentity(pool, contactId);
  const identity = identitySlice.view(state, version);
  if (identity.status === 'unknown') throw new AppError('contact.not_found', 'No key hash is known of this number yet.');
  return { contactId, identity, state };
}

const anotherHash = (identity: IdentityView) =>
  new AppError(
    'identity.conflict',
    'This is not the hash that the person has now. Look at identity, verify the person, and send the hash it names.',
    {
      detail: { reason: 'moved_on', identity },
    },
  );
