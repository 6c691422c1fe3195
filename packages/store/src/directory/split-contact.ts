import type { Cause } from '@keyturn/contracts';
import type { Carried } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { settleFacts } from './settle-facts.ts';

/** A decision that from `at` on (whole seconds) what is carried, the number first, is somebody else's. */
export type Split = {
  readonly scope: string;
  readonly carried: Carried;
  readonly at: number;
  readonly cause: Cause;
  readonly occurredAt: string;
  readonly now: Date;
  readonly newContactId: () => string;
};

/** Sets somebody apart in the caller's transaction, told and journaled with it: no item or report ever undoes it. Answers who the number belongs
 *  to from then on, and all contacts that were told of a change. A repeat changes nothing and answers the same. */
export async function splitContact(tx: Tx, split: Split): Promise<{ newContactId: string; contactIds: readonly string[] }> {
  const { scope, carried, at, cause, occurredAt, now, newContactId } = split;
  const fact = { scope, fact: { type: 'split', carried, at }, as: carried[0], at, cause, occurredAt } as const;
  const { holderOf, contactIds } = await settleFacts(tx, [fact], now, newContactId);
  const holder = holderOf(scope, carried[0], at);
  if (holder === undefined) throw new TypeError('a split was settled and nobody holds its head');
  return { newContactId: holder, contactIds };
}
