import { canonicalWaId } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** Digits by which a sender named somebody, and what the platform calls them
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages, read 2026: `wa_id` can differ from `input`). */
export type Spelling = { readonly spelled: string; readonly waId: string };

/** Whether no rule of spelling leads from one to the other, so that it has to be remembered. */
export const isNews = ({ spelled, waId }: Spelling): boolean => canonicalWaId(spelled) !== canonicalWaId(waId);

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

/** The number as the directory keys it: by what the platform was seen to call these digits, else by the rules of spelling. */
export const keyedNumber = async (tx: Tx, digits: string): Promise<string> =>
  (await keyedNumbers(tx, [digits])).get(digits) ?? canonicalWaId(digits);

/** The same of many, by their digits. */
export async function keyedNumbers(tx: Tx, digits: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.query<{ spelled: string; canonical: string }>({
    name: 'spellings.read',
    text: 'select spelled, canonical from number_spelling where spelled = any($1)',
    values: [digits],
  });
  const learned = new Map(rows.map(({ spelled, canonical }) => [spelled, canonical]));
  return new Map(digits.map((one) => [one, learned.get(one) ?? canonicalWaId(one)]));
}
