import { readContacts } from '@keyturn/store';
import { Router } from 'express';
import { survivorIn } from './contact-in-path.ts';
import type { Deps } from './deps.ts';

/** `GET /v1/contacts/{contactId}`: 200 with identifiers, identity, consent and the open service windows, for a merged contact those of its survivor,
 *  under the survivor's id; 401; 403 without scope `read`; 404; 503 while the database is away. */
export function contactRoute({ pool, allow, now }: Pick<Deps, 'pool' | 'allow' | 'now'>): Router {
  return Router().get('/v1/contacts/:contactId', allow('read'), async (req, res) => {
    const contactId = await survivorIn(pool, req);
    const [contact] = await readContacts(pool, [contactId], now());
    res.json(contact);
  });
}
