import { DecisionPreviewRequest } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import { previewDecision } from '@keyturn/store';
import { Router } from 'express';
import { contactIdIn } from './contact-in-path.ts';
import type { Deps } from './deps.ts';

/** `POST /v1/contacts/{contactId}/identity/preview` with exactly what was seen: 200 with what each verdict would do, nothing done; 400 no JSON; 401; 403 without
 *  scope `read`; 404; 409 with the present `identity` and the `reason` (`moved_on`, `not_blocked`); 422 naming the field; 503. */
export function identityPreviewRoute({ pool, allow, now, newId }: Deps): Router {
  return Router().post('/v1/contacts/:contactId/identity/preview', allow('read'), jsonBody, async (req, res) => {
    res.json(await previewDecision({ pool, now, newId }, contactIdIn(req), readJson(DecisionPreviewRequest, req)));
  });
}
