import { canonicalWaId } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** How a sender spelled a number, by its `spellingKey`, and what the platform calls it
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages, read 2026: `wa_id` can differ from `input`). */
export type Spelling = { readonly spelled: string; readonly waId: string };

/** Whether no rule of spelling leads from the digits to what the platform calls them, so that it has to be remembered. */
export const isNews = (digits: string, waId: string): boolean => canonicalWaId(digits) !== canonicalWaId(waId);

/** Remembers them, by one statement. What the platform said last counts. */
export async function learnSpellings(tx: Tx, spellings: readonly Spelling[], seenAt: Date): Promise<void> {
  const bySpelled = new Map(spellings.map((one) => [one.spelled, canonicalWaId(one.waId)]));
  await tx.query({
    name: 'spellings.learn',
    text: `insert into number_spelling as n (spelled, canonical, seen_at) select s, c, $3 from unnest($1::text[], $2::text[]) as l(s, c) order by s
           on conflict (spelled) do update set canonical = excluded.canonical, seen_at = excluded.seen_at where n.seen_at <= excluded.seen_at`,
    values: [[...bySpelled.keys()], [...bySpelled.values()], seenAt],
  });
}

/** What the platform was seen to call the numbers that were spelled so, by `spellingKey`; those alone of which it was seen. */
export async function learnedNumbers(tx: Tx, spelled: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.query<{ spelled: string; canonical: string }>({
    name: 'spellings.read',
    text: 'select spelled, canonical from number_spelling where spelled = any($1)',
    values: [spelled],
  });
  return new Map(rows.map((row) => [row.spelled, row.canonical]));
}

/** The number as the directory keys it, for whoever looks for these digits: what the platform was seen to call them, where it calls them the same from all
 *  numbers of ours; else by the rules of spelling. */
export async function searchedNumber(tx: Tx, digits: string): Promise<string> {
  const { rows } = await tx.query<{ canonical: string }>({
    name: 'spellings.search',
    text: `select distinct canonical from number_spelling
           where spelled = any(array(select phone_number_id || ':' || $1::text from waba_number) || ('+' || $1::text))`,
    values: [digits],
  });
  const [only, ...others] = rows;
  return only === undefined || others.length > 0 ? canonicalWaId(digits) : only.canonical;
}
