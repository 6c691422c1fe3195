import { AppError } from '@keyturn/contracts';
import type pg from 'pg';
import { atOnce, transact } from '../database.ts';
import { inRounds } from '../in-rounds.ts';
import { undisturbed } from '../undisturbed.ts';
import type { ScopedFact } from './scoped-fact.ts';
import { type Settlement, settleFacts } from './settle-facts.ts';
import { holdScopes, scopesIn } from './waba-scopes.ts';

type Cold = { readonly fact: ScopedFact; readonly now: Date };
type NewContactId = () => string;
const rounds = new WeakMap<pg.Pool, WeakMap<NewContactId, (items: readonly Cold[]) => Promise<Settlement>>>();

const ATTEMPTS_MAX = 3;
/** Takes in what is new to the directory, in one transaction with whatever this process wants taken in meanwhile: they would wait for each other in any
 *  case, since the scope is locked until what was taken in is on the disk. Six batches at a time waited longer for that lock than for all else. Throws
 *  `batch.contact_moved` where a WABA has moved, and what the database throws, each for their own facts. */
export function takeCold(pool: pg.Pool, facts: readonly ScopedFact[], now: Date, newContactId: NewContactId): Promise<Settlement> {
  const own = rounds.get(pool) ?? new WeakMap();
  rounds.set(pool, own);
  const take = own.get(newContactId) ?? inRounds((items: readonly Cold[]) => takeIn(pool, items, newContactId));
  own.set(newContactId, take);
  return take(facts.map((fact) => ({ fact, now })));
}

function takeIn(pool: pg.Pool, items: readonly Cold[], newContactId: NewContactId): Promise<Settlement> {
  const facts = items.map(({ fact }) => fact);
  const now = new Date(Math.max(...items.map((item) => item.now.getTime())));
  return undisturbed(ATTEMPTS_MAX, () =>
    transact(pool, async (tx) => {
      const [, settlement] = await atOnce(
        tx,
        () => holdScopes(tx, pool, oneScopeEach(facts)),
        () => settleFacts(tx, facts, now, newContactId),
      );
      return settlement;
    }),
  );
}

/** Whoever waited longer may believe a WABA to be where it is no more: then each has to find out for themselves. */
function oneScopeEach(facts: readonly ScopedFact[]): ReadonlyMap<string, string> {
  const believed = scopesIn(facts);
  if (facts.every(({ wabaId, scope }) => believed.get(wabaId) === scope)) return believed;
  throw new AppError('batch.contact_moved', 'a WABA was moved to another scope');
}
