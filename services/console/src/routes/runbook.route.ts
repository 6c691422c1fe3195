import { RunbookRequest } from '@keyturn/contracts';
import { runbookFor } from '@keyturn/domain';
import { jsonBody, readJson } from '@keyturn/runtime';
import { actorOf, readContacts, readRunbook, setRunbook } from '@keyturn/store';
import { Router } from 'express';
import { survivorIn } from './contact-in-path.ts';
import type { Deps } from './deps.ts';

/** `GET /v1/runbook`: 200 with how people are verified; 403 without scope `read`. `PUT /v1/runbook` with the version that was seen: 200; 400 no JSON; 403 without
 *  scope `admin`; 409 with the `present` one where that is another; 422 naming the field. `GET /v1/contacts/{contactId}/identity/runbook`: 200 with what it says of
 *  this block; 403 without scope `read`; 404. All: 401; 503 while the database is away. */
export function runbookRoute({ pool, allow, now }: Pick<Deps, 'pool' | 'allow' | 'now'>): Router {
  return Router()
    .get('/v1/runbook', allow('read'), async (_req, res) => {
      res.json(await readRunbook(pool));
    })
    .put('/v1/runbook', allow('admin'), jsonBody, async (req, res) => {
      res.json(await setRunbook(pool, readJson(RunbookRequest, req), actorOf(res), now()));
    })
    .get('/v1/contacts/:contactId/identity/runbook', allow('read'), async (req, res) => {
      const contactId = await survivorIn(pool, req);
      const [runbook, [contact]] = await Promise.all([readRunbook(pool), readContacts(pool, [contactId], now())]);
      const said = contact === undefined ? { rule: null, text: null } : runbookFor(runbook, contact);
      res.json({ contactId, ...said });
    });
}
