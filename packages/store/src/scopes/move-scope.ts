import { AppError, type ScopeJson, type ScopeMoveJson } from '@keyturn/contracts';
import type { Identifier } from '@keyturn/domain';
import type pg from 'pg';
import { type Tx, transact, unhurried } from '../database.ts';
import { lockScopes } from '../directory/read-components.ts';
import { closeScopes } from '../directory/waba-scopes.ts';
import { carrySent } from './carry-over.ts';
import { numbersOf, pinsConcerned } from './concerned.ts';
import { rekeyComponents } from './rekey-components.ts';
import type { ScopeMove } from './scope-move.ts';

/** What is asked for. */
export type MoveAsked = Omit<ScopeMove, 'from'> & { readonly preview: boolean };

/** How many pinned identifiers are re-keyed at a time: what is in memory of a WABA of any size. */
const AT_ONCE = 200;

/** Moves a WABA to another scope in one transaction: everybody whom it alone knows goes along, with ids, blocks and decisions; whom others know too is
 *  known on both sides afterwards, and blocked on both. Meanwhile nothing is applied. A preview does the same, and takes it back. Throws
 *  `scope.not_found` for a WABA that was never seen, `scope.conflict` where it is there already, `store.…`. */
export const moveScope = (pool: pg.Pool, asked: MoveAsked): Promise<ScopeMoveJson> =>
  transact(pool, async (tx) => {
    await tx.query("set local statement_timeout = 0; set local idle_in_transaction_session_timeout = '60s'; savepoint before");
    return unhurried(tx, async () => {
      const outcome = await moveAll(tx, asked);
      if (asked.preview) await tx.query('rollback to savepoint before');
      return outcome;
    });
  });

async function moveAll(tx: Tx, { preview, ...asked }: MoveAsked): Promise<ScopeMoveJson> {
  await closeScopes(tx);
  const from = await scopeOf(tx, asked.wabaId);
  if (from === asked.to) throw new AppError('scope.conflict', `This WABA is in scope ${from} already, so there is nothing to move.`);
  const move: ScopeMove = { ...asked, from };
  await lockScopes(tx, [from, asked.to]);
  const numbers = await numbersOf(tx, asked.wabaId);
  const before = await mergedIn(tx, [from, asked.to]);
  const sums = { moved: 0, copied: 0, identifiers: 0 };
  const done = new Set<Identifier>();
  const pinned = await pinsConcerned(tx, move, numbers);
  for (let first = 0; first < pinned.length; first += AT_ONCE) {
    const left = pinned.slice(first, first + AT_ONCE).filter((identifier) => !done.has(identifier));
    if (left.length === 0) continue;
    const rekeyed = await rekeyComponents(tx, move, left, numbers);
    sums.moved += rekeyed.moved;
    sums.copied += rekeyed.copied;
    sums.identifiers += rekeyed.identifiers;
    for (const identifier of rekeyed.done) done.add(identifier);
  }
  await carrySent(tx, move, numbers);
  await tx.query('update waba_scope set scope = $2 where waba_id = $1', [asked.wabaId, asked.to]);
  const merged = (await mergedIn(tx, [from, asked.to])) - before;
  return { wabaId: asked.wabaId, from, to: asked.to, phoneNumberIds: numbers, preview, ...sums, merged };
}

async function scopeOf(tx: Tx, wabaId: string): Promise<string> {
  const { rows } = await tx.query<{ scope: string }>('select scope from waba_scope where waba_id = $1', [wabaId]);
  if (rows[0] === undefined)
    throw new AppError('scope.not_found', 'No webhook of this WABA has come in. GET /v1/scopes lists those that are known.');
  return rows[0].scope;
}
async function mergedIn(tx: Tx, scopes: readonly string[]): Promise<number> {
  const { rows } = await tx.query<{ merged: number }>(
    'select count(*)::int as merged from contact where scope = any($1) and merged_into is not null',
    [scopes],
  );
  return rows[0]?.merged ?? 0;
}

/** Every WABA that is known, its scope, and its numbers. */
export async function listScopes(tx: Tx): Promise<ScopeJson[]> {
  const { rows } = await tx.query<{ waba_id: string; scope: string; numbers: string[] }>(
    `select w.waba_id, w.scope, array(select phone_number_id from waba_number n where n.waba_id = w.waba_id order by 1) as numbers
     from waba_scope w order by w.scope, w.waba_id`,
  );
  return rows.map(({ waba_id, scope, numbers }) => ({ wabaId: waba_id, scope, phoneNumberIds: numbers }));
}
