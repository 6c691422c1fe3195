import { ContactId, GateDecisionsQuery } from '@keyturn/contracts';
import { gateDecisions, requireSurvivor } from '@keyturn/store';
import { Router } from 'express';
import { z } from 'zod';
import { PlaceInstant, page, pageQuery } from '../http/paging.ts';
import type { Deps } from './deps.ts';

const Query = z.strictObject({
  ...GateDecisionsQuery.shape,
  ...pageQuery(z.object({ decidedAt: PlaceInstant, decisionId: z.uuid() })),
  contactId: ContactId.optional(),
});

/** `GET /v1/decisions?contactId=&limit=&cursor=`: 200 with what the gate denied, newest first, each with all reasons, and a sample of what it allowed; what
 *  was to go to contacts that were merged into this one included; 401; 403 without scope `read`; 404 nobody has the contactId; 422 naming the parameter;
 *  503 while the database is away. */
export function decisionsRoute({ pool, allow }: Pick<Deps, 'pool' | 'allow'>): Router {
  return Router().get('/v1/decisions', allow('read'), async (req, res) => {
    const { contactId, limit, cursor } = Query.parse(req.query);
    const contact = contactId === undefined ? null : await requireSurvivor(pool, contactId);
    const rows = await gateDecisions(pool, contact?.contactId ?? null, limit + 1, cursor ?? null);
    res.json(page(rows, limit, ({ decidedAt, decisionId }) => ({ decidedAt, decisionId })));
  });
}
