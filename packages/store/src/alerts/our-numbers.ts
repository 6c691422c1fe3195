import type { AlertFacts } from '@keyturn/contracts';
import { namesOfNumbers } from '../account/read-numbers.ts';
import type { Tx } from '../database.ts';

/** Facts, with what the numbers of ours that stand in them are called. */
export async function withOurNumbers(tx: Tx, facts: AlertFacts, now: Date): Promise<AlertFacts> {
  const ids = new Set([facts.subject, ...facts.phoneNumberIds.map(({ value }) => value)].filter((id) => id !== null));
  return ids.size === 0 ? facts : { ...facts, ourNumbers: await namesOfNumbers(tx, [...ids], now) };
}
