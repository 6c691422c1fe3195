import {
  AppError,
  type ConsentItem,
  type ConsentRecordedJson,
  type ConsentRequest,
  type ConsentsRequest,
  SECOND_MS,
} from '@keyturn/contracts';
import { bsuidNamespace, canonicalWaId, heldAt, type Identifier, secondOf, statedFact } from '@keyturn/domain';
import type pg from 'pg';
import { changedMeanwhile } from '../decide/decision-parts.ts';
import { holdersNow } from '../directory/holders-now.ts';
import { resolve } from '../directory/resolve.ts';
import { learnedNumbers } from '../directory/spellings.ts';
import { accountsOf } from '../directory/waba-scopes.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { requireSurvivor } from '../queries/survivor-of.ts';
import { type PlacedConsent, type Recording, recordPlaced } from './record-consents.ts';

type Shell = { readonly pool: pg.Pool; readonly newContactId: () => string } & Pick<Recording, 'actor' | 'now'>;

/** Records what a contact said, under what it was known by when it said so. Throws `contact.not_found`; `consent.conflict` where it held nothing then; `store.…`. */
export async function recordConsentOf(
  { pool, actor, now }: Shell,
  contactId: string,
  stated: ConsentRequest,
): Promise<ConsentRecordedJson> {
  const fact = statedFact(stated);
  const at = secondOf(fact.occurredAt);
  const [recorded] = await recordPlaced(pool, async () => {
    const here = await requireSurvivor(pool, contactId);
    const who = (await whoAre(pool, [here.contactId])).get(here.contactId);
    if (who === undefined) throw changedMeanwhile();
    const identifier = heldAt(who.holdings, at);
    if (identifier === null) throw new AppError('consent.conflict', HELD_NOTHING, { detail: { reason: 'held_nothing_then' } });
    return { actor, now, placed: [{ scope: who.scope, identifier, at, contactId: who.contactId, on: null, fact }] };
  });
  return recorded as ConsentRecordedJson;
}
const HELD_NOTHING =
  'At occurredAt this contact held no number and no id, so somebody else said it. Search for who held the number then (`at`), and record it there; or say when this contact said so.';

/** Records what was said by whoever held each number or BSUID when it was said, all or none. Whoever is not known yet becomes a contact. Throws
 *  `phone_number.not_found`, `store.…`. */
export function recordConsentsOf(shell: Shell, { phoneNumberId, items }: ConsentsRequest): Promise<ConsentRecordedJson[]> {
  const { pool, actor, now } = shell;
  return recordPlaced(pool, async () => {
    const account = (await accountsOf(pool, [phoneNumberId])).get(phoneNumberId);
    if (account === undefined) throw new AppError('phone_number.not_found', UNKNOWN_NUMBER);
    const identifierOf = await identifiersOf(pool, items, bsuidNamespace(account.scope, account.wabaId));
    const points = items.map((item) => ({ scope: account.scope, ...identifierOf(item), at: secondOf(item.occurredAt) }));
    const known = await holdersNow(pool, points);
    const unknown = points.filter((_, i) => known[i] === null);
    const made = new Map((await makeContacts(shell, account.wabaId, unknown)).map((contactId, i) => [unknown[i], contactId]));
    const placed = points.map((point, i): PlacedConsent => {
      const contactId = known[i] ?? made.get(point);
      if (contactId === undefined) throw new TypeError('somebody was made a contact and is none');
      const { scope, identifier, at } = point;
      return { scope, identifier, at, contactId, on: phoneNumberId, fact: statedFact(items[i] as ConsentItem) };
    });
    return { actor, now, placed, believed: new Map([[account.wabaId, account.scope]]) };
  });
}
const UNKNOWN_NUMBER =
  'No webhook of this number of ours has come yet, so nobody knows its account. GET /v1/phone-numbers has those that are known; write to this one once, and send it again.';

/** Each number under the name that the platform was seen to call it by, else by the rules of spelling. */
async function identifiersOf(pool: pg.Pool, items: readonly ConsentItem[], namespace: string) {
  const learned = await learnedNumbers(pool, [...new Set(items.flatMap(({ waId }) => (waId === undefined ? [] : [`+${waId}`])))]);
  return ({ waId, bsuid }: ConsentItem): { identifier: Identifier; ids: { waId: string } | { bsuid: string } } => {
    if (waId === undefined) return { identifier: `u:${namespace}:${bsuid}`, ids: { bsuid: bsuid as string } };
    const number = learned.get(`+${waId}`) ?? canonicalWaId(waId);
    return { identifier: `w:${number}`, ids: { waId: number } };
  };
}

type Unknown = { readonly ids: { waId: string } | { bsuid: string }; readonly at: number };
/** Makes contacts of whom nobody knows yet, in this order; of whom somebody else made one meanwhile it is that one. */
async function makeContacts({ pool, newContactId, actor, now }: Shell, wabaId: string, unknown: readonly Unknown[]): Promise<string[]> {
  if (unknown.length === 0) return [];
  const facts = unknown.map(({ ids, at }) => ({
    ...{ wabaId, fact: { type: 'item', ids, at } as const, cause: { actor, reason: 'consent' } },
    occurredAt: new Date(at * SECOND_MS).toISOString(),
  }));
  return (await resolve(pool, facts, now, newContactId)).flatMap((answer) => answer?.contactId ?? []);
}
