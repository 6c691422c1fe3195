import { AppError, ContactSearchRequest } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import { contactsByBsuid, contactsByName, contactsByWaId, type Database, readContacts } from '@keyturn/store';
import { Router } from 'express';
import type { Deps } from './deps.ts';

const FOUND_MAX = 50;

/** `POST /v1/contacts/search` with one of `waId`, `bsuid`, `name` (how it begins), and `at` for who held the identifier then: 200 with `items`, as
 *  they are now, and `more` where a name fits over 50; 400 no JSON; 401; 403 without scope `read`; 422 naming the field; 503. */
export function contactSearchRoute({ pool, allow, now }: Pick<Deps, 'pool' | 'allow' | 'now'>): Router {
  return Router().post('/v1/contacts/search', allow('read'), jsonBody, async (req, res) => {
    const asked = readJson(ContactSearchRequest, req);
    const contactIds = await find(pool, asked, now());
    const items = await readContacts(pool, contactIds.slice(0, FOUND_MAX), now());
    res.json({ items, more: contactIds.length > FOUND_MAX });
  });
}

function find(pool: Database['pool'], { waId, bsuid, name, at }: ContactSearchRequest, now: Date): Promise<string[]> {
  const seconds = Math.floor((at === undefined ? now.getTime() : Date.parse(at)) / 1000);
  if (waId !== undefined) return contactsByWaId(pool, waId, seconds);
  if (bsuid !== undefined) return contactsByBsuid(pool, bsuid, seconds);
  if (at !== undefined) throw new AppError('request.invalid', 'at: goes with waId or bsuid, since names are not held. Leave it out.');
  return contactsByName(pool, name ?? '', FOUND_MAX + 1);
}
