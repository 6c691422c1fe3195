import { AppError, ContactId, ContactSearchRequest, SpelledNumber } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import { contactsByBsuid, contactsByName, contactsByWaId, type Database, readContacts, survivorOf } from '@keyturn/store';
import { Router } from 'express';
import type { Deps } from './deps.ts';

const FOUND_MAX = 50;

/** `POST /v1/contacts/search` with one of `waId`, `bsuid`, `name` (how it begins), `q` (any of them, or a contactId), and `at` for who held the identifier then: 200 with `items`, as
 *  they are now, and `more` where a name fits over 50; 400 no JSON; 401; 403 without scope `read`; 422 naming the field; 503. */
export function contactSearchRoute({ pool, allow, now }: Pick<Deps, 'pool' | 'allow' | 'now'>): Router {
  return Router().post('/v1/contacts/search', allow('read'), jsonBody, async (req, res) => {
    const asked = readJson(ContactSearchRequest, req);
    const contactIds = await find(pool, asked, now());
    const items = await readContacts(pool, contactIds.slice(0, FOUND_MAX), now());
    res.json({ items, more: contactIds.length > FOUND_MAX });
  });
}

function find(pool: Database['pool'], { waId, bsuid, name, q, at }: ContactSearchRequest, now: Date): Promise<string[]> {
  const seconds = Math.floor((at === undefined ? now.getTime() : Date.parse(at)) / 1000);
  if (waId !== undefined) return contactsByWaId(pool, waId, seconds);
  if (bsuid !== undefined) return contactsByBsuid(pool, bsuid, seconds);
  if (at !== undefined) throw new AppError('request.invalid', 'at: goes with waId or bsuid, since nothing else is held. Leave it out.');
  return q === undefined ? contactsByName(pool, name ?? '', FOUND_MAX + 1) : findTyped(pool, q, seconds);
}

/** Whom somebody may mean: what can only be one thing first. Digits may also be how a name begins. */
async function findTyped(pool: Database['pool'], q: string, now: number): Promise<string[]> {
  const contactId = ContactId.safeParse(q.toLowerCase());
  if (contactId.success) return [(await survivorOf(pool, contactId.data))?.contactId].filter((found) => found !== undefined);
  const number = SpelledNumber.safeParse(q);
  const byNumber = number.success ? await contactsByWaId(pool, number.data, now) : [];
  const byBsuid = await contactsByBsuid(pool, q, now);
  return [...new Set([...byNumber, ...byBsuid, ...(await contactsByName(pool, q, FOUND_MAX + 1))])];
}
