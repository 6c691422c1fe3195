import { AppError } from '@keyturn/contracts';
import type pg from 'pg';
import { atOnce, transact } from '../database.ts';
import { inRounds } from '../in-rounds.ts';
import { undisturbed } from '../undisturbed.ts';
import { lockScopes, reach, readComponents } from './read-components.ts';
import type { ScopedFact } from './scoped-fact.ts';
import { type Settlement, settleFacts, settleRead } from './settle-facts.ts';
import { takeHot } from './take-hot.ts';
import { holdScopes, scopesIn } from './waba-scopes.ts';

type Cold = { readonly fact: ScopedFact; readonly now: Date };
type NewContactId = () => string;
const rounds = new WeakMap<pg.Pool, WeakMap<NewContactId, (items: readonly Cold[]) => Promise<Settlement>>>();

const ATTEMPTS_MAX = 3;
/** Takes in what is new to the directory, in one transaction with whatever this process wants taken in meanwhile: they would wait for each other in any
 *  case, since the scope is locked until what was taken in is on the disk. Six batches at a time waited longer for that lock than for all else. All
 *  consumers see the same people anew: who had to wait for another looks first at what is known since, so that each is taken in once and not once more by each
 *  of them, one after the other. Throws `batch.contact_moved` where a WABA has moved, and what the database throws, each for their own facts. */
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
      const [, waited, points] = await atOnce(
        tx,
        () => holdScopes(tx, pool, oneScopeEach(facts)),
        () => lockScopes(tx, new Set(facts.map(({ scope }) => scope))),
        () => reach(tx, facts),
      );
      const known = waited ? await takeHot(pool, facts) : new Map<ScopedFact, string>();
      const left = facts.filter((fact) => !known.has(fact));
      if (known.size === 0) return settleRead(tx, facts, await readComponents(tx, facts, points), now, newContactId);
      return withKnown(known, left.length === 0 ? null : await settleFacts(tx, left, now, newContactId));
    }),
  );
}

/** What was known already, and beyond it what was settled since, which outranks it. */
function withKnown(known: ReadonlyMap<ScopedFact, string>, settled: Settlement | null): Settlement {
  const keyOf = (scope: string, identifier: string, at: number) => `${scope} ${identifier} ${at}`;
  const holders = new Map([...known].map(([{ scope, as, at }, contactId]) => [keyOf(scope, as, at), contactId]));
  return {
    contactIds: settled?.contactIds ?? [],
    holderOf: (scope, identifier, at) => settled?.holderOf(scope, identifier, at) ?? holders.get(keyOf(scope, identifier, at)),
  };
}

/** Whoever waited longer may believe a WABA to be where it is no more: then each has to find out for themselves. */
function oneScopeEach(facts: readonly ScopedFact[]): ReadonlyMap<string, string> {
  const believed = scopesIn(facts);
  if (facts.every(({ wabaId, scope }) => believed.get(wabaId) === scope)) return believed;
  throw new AppError('batch.contact_moved', 'a WABA was moved to another scope');
}
