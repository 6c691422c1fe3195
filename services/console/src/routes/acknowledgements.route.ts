import { AcknowledgementRequest } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import { actorOf, decide } from '@keyturn/store';
import { Router } from 'express';
import { contactIdIn } from './contact-in-path.ts';
import type { Deps } from './deps.ts';

/** `POST /v1/contacts/{contactId}/identity/acknowledgements` with exactly what was seen: 201 with the decision and what it made of the contact; 400
 *  no JSON; 401; 403 without scope `identity:decide`; 404; 409 with the present `identity` and the `reason` (`moved_on`, `not_blocked`,
 *  `nothing_to_split`), also for the same decision sent again; 422 naming the field; 503, nothing was decided. */
export function acknowledgementsRoute({ pool, allow, now, newId }: Deps): Router {
  return Router().post('/v1/contacts/:contactId/identity/acknowledgements', allow('identity:decide'), jsonBody, async (req, res) => {
    const contactId = contactIdIn(req);
    const seen = readJson(AcknowledgementRequest, req);
    const command = { ...seen, decisionId: newId(), actor: actorOf(res), decidedAt: now().toISOString() };
    res.status(201).json(await decide({ pool, newContactId: newId }, contactId, command));
  });
}
