import { ConsentRequest, ConsentsRequest, invalidField } from '@keyturn/contracts';
import { impossibleAt } from '@keyturn/domain';
import { jsonBody, largeJsonBody, readJson } from '@keyturn/runtime';
import { actorOf, consentsOf, recordConsentOf, recordConsentsOf } from '@keyturn/store';
import { Router } from 'express';
import { z } from 'zod';
import { PlaceInstant, page, pageQuery } from '../http/paging.ts';
import { contactIdIn, survivorIn } from './contact-in-path.ts';
import type { Deps } from './deps.ts';

const PATH = '/v1/contacts/:contactId/consents';
const Ledger = z.strictObject(pageQuery(z.object({ at: PlaceInstant, factId: z.string().max(1_000) })));

/** All 401; 403 without scope `consent:write`, or `read` where nothing is changed; 503 while the database is away. `POST /v1/contacts/{contactId}/consents
 *  {kind, categories, source, evidence, occurredAt}`: 200 with what came of it and what holds now; 400; 404; 409 where the contact held nothing then; 422 naming the field.
 *  `GET` of it `?limit=&cursor=`: 200 with the ledger, newest first; 404; 422. `POST /v1/consents {phoneNumberId, items}`: 200 with what came of each, all or none recorded;
 *  400; 404 for a number of ours that nobody knows; 413; 422 naming the item and its field. */
export function consentsRoute(deps: Pick<Deps, 'pool' | 'allow' | 'now' | 'newId'>): Router {
  const { pool, allow, now, newId: newContactId } = deps;
  return Router()
    .post(PATH, allow('consent:write'), jsonBody, async (req, res) => {
      const contactId = contactIdIn(req);
      const stated = readJson(ConsentRequest, req);
      const shell = { pool, newContactId, actor: actorOf(res), now: now() };
      refuseImpossible(stated, 'occurredAt', shell.now);
      res.json(await recordConsentOf(shell, contactId, stated));
    })
    .get(PATH, allow('read'), async (req, res) => {
      const { limit, cursor } = Ledger.parse(req.query);
      const rows = await consentsOf(pool, await survivorIn(pool, req), limit + 1, cursor ?? null);
      res.json(page(rows, limit, ({ occurredAt: at, factId }) => ({ at, factId })));
    })
    .post('/v1/consents', allow('consent:write'), largeJsonBody, async (req, res) => {
      const asked = readJson(ConsentsRequest, req);
      const shell = { pool, newContactId, actor: actorOf(res), now: now() };
      for (const [i, item] of asked.items.entries()) refuseImpossible(item, `items.${i}.occurredAt`, shell.now);
      res.json({ items: await recordConsentsOf(shell, asked) });
    });
}

function refuseImpossible({ occurredAt }: { readonly occurredAt: string }, field: string, now: Date): void {
  const rule = impossibleAt(occurredAt, now);
  if (rule !== null) throw invalidField(field, rule, 'impossible_instant');
}
