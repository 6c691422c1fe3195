import { trace } from '@keyturn/runtime';
import type pg from 'pg';
import { storeError } from '../database.ts';
import { type ScopedFact, scopedFact, type ToResolve } from './scoped-fact.ts';
import type { Settlement } from './settle-facts.ts';
import { takeCold } from './take-cold.ts';
import { takeHot } from './take-hot.ts';
import { scopesOf } from './waba-scopes.ts';

export type { ToResolve } from './scoped-fact.ts';
/** Whom an event is about: who holds its head `as` at `at`. Another event may change that at any time: see `hasMoved`. */
export type ResolvedTo = Pick<ScopedFact, 'as' | 'at' | 'scope' | 'wabaId'> & { readonly contactId: string };

/** Says whom each event is about, and takes in what it says of who is who. What is known already is one read, and one write where a pair was seen
 *  later than before; the rest is one short transaction of its own. Never touches a slice. `result[i]` belongs to `batch[i]`; null where that names
 *  nobody. Throws `batch.contact_moved` where a WABA has moved, `store.unavailable`, `store.conflict`, `store.data`. */
export function resolve(pool: pg.Pool, batch: readonly ToResolve[], now: Date, newContactId: () => string): Promise<(ResolvedTo | null)[]> {
  return trace.step('resolve', () => resolveAll(pool, batch, now, newContactId));
}

async function resolveAll(
  pool: pg.Pool,
  batch: readonly ToResolve[],
  now: Date,
  newContactId: () => string,
): Promise<(ResolvedTo | null)[]> {
  try {
    const scopes = await scopesOf(pool, batch);
    const facts = batch.map((one) => scopedFact(one, scopes.get(one.wabaId) as string));
    const named = facts.filter((fact) => fact !== null);
    const hot = await takeHot(pool, named);
    const cold = named.filter((fact) => !hot.has(fact));
    const settlement = cold.length === 0 ? null : await takeCold(pool, cold, now, newContactId);
    return facts.map((fact) => fact && answer(fact, hot, settlement));
  } catch (error) {
    throw storeError(error);
  }
}

/** What was just settled outranks what was read before it. */
function answer(fact: ScopedFact, hot: ReadonlyMap<ScopedFact, string>, settlement: Settlement | null): ResolvedTo {
  const { scope, wabaId, as, at } = fact;
  const contactId = settlement?.holderOf(scope, as, at) ?? hot.get(fact);
  if (contactId === undefined) throw new TypeError('a fact was settled and nobody holds its head');
  return { contactId, as, at, scope, wabaId };
}
