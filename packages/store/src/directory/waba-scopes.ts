import { AppError } from '@keyturn/contracts';
import { DEFAULT_SCOPE } from '@keyturn/domain';
import type pg from 'pg';
import { atOnce, type Tx } from '../database.ts';

/** Which WABA, and which of its numbers, an event is of. */
export type Origin = { readonly wabaId: string; readonly phoneNumberId?: string };
/** Scopes and numbers as this process has read them. A scope may be another by now: whatever is written by it asks again, see `holdScopes`. */
type Known = { readonly scopes: Map<string, string>; readonly numbers: Map<string, string> };
const known = new WeakMap<pg.Pool, Known>();
function knownBy(pool: pg.Pool): Known {
  const mine = known.get(pool) ?? { scopes: new Map(), numbers: new Map() };
  known.set(pool, mine);
  return mine;
}

/** The scope of each WABA; one that was never seen gets the default scope. No statement where all are known to this process. */
export async function scopesOf(pool: pg.Pool, origins: readonly Origin[]): Promise<ReadonlyMap<string, string>> {
  const { scopes, numbers } = knownBy(pool);
  const unseen = [...new Set(origins.map(({ wabaId }) => wabaId))].filter((wabaId) => !scopes.has(wabaId)).sort();
  if (unseen.length > 0) for (const [wabaId, scope] of await readOrMake(pool, unseen)) scopes.set(wabaId, scope);
  const others = new Map<string, string>();
  for (const { wabaId, phoneNumberId } of origins) {
    if (phoneNumberId !== undefined && numbers.get(phoneNumberId) !== wabaId) others.set(phoneNumberId, wabaId);
  }
  if (others.size > 0) await keepNumbers(pool, others);
  for (const [phoneNumberId, wabaId] of others) numbers.set(phoneNumberId, wabaId);
  return new Map(scopes); // what this batch goes by, whatever is read meanwhile
}

/** The update changes nothing: it is there so that a row which another process has just made comes back too. */
async function readOrMake(pool: pg.Pool, wabaIds: readonly string[]): Promise<[string, string][]> {
  const { rows } = await pool.query<{ waba_id: string; scope: string }>({
    name: 'directory.scopes',
    text: `insert into waba_scope as w (waba_id, scope) select id, $2 from unnest($1::text[]) as ids(id) order by id
           on conflict (waba_id) do update set scope = w.scope returning waba_id, scope`,
    values: [wabaIds, DEFAULT_SCOPE],
  });
  return rows.map(({ waba_id, scope }) => [waba_id, scope]);
}

async function keepNumbers(pool: pg.Pool, numbers: ReadonlyMap<string, string>): Promise<void> {
  const sorted = [...numbers].sort(([a], [b]) => (a < b ? -1 : 1));
  await pool.query({
    name: 'directory.numbers',
    text: `insert into waba_number (phone_number_id, waba_id) select * from unnest($1::text[], $2::text[])
           on conflict (phone_number_id) do update set waba_id = excluded.waba_id`,
    values: [sorted.map(([phoneNumberId]) => phoneNumberId), sorted.map(([, wabaId]) => wabaId)],
  });
}

/** The WABA of each of our numbers, as webhooks named it, and its scope; a number of which none has come has none. */
export async function accountsOf(
  tx: Tx,
  phoneNumberIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly wabaId: string; readonly scope: string }>> {
  const { rows } = await tx.query<{ phone_number_id: string; waba_id: string; scope: string }>({
    name: 'directory.accounts_of',
    text: 'select phone_number_id, waba_id, scope from waba_number join waba_scope using (waba_id) where phone_number_id = any($1)',
    values: [phoneNumberIds],
  });
  return new Map(rows.map(({ phone_number_id, waba_id, scope }) => [phone_number_id, { wabaId: waba_id, scope }]));
}

/** Where each WABA of these is believed to be. */
export const scopesIn = (facts: readonly { readonly wabaId: string; readonly scope: string }[]): ReadonlyMap<string, string> =>
  new Map(facts.map(({ wabaId, scope }) => [wabaId, scope]));

const GATE = `hashtextextended('keyturn.scopes:' || current_schema(), 0)`;
/** No WABA changes its scope until this transaction ends, and each of these is where it is believed to be. Throws `batch.contact_moved` where one has
 *  moved since: to be started over. Two statements, since one that waits does not see what it waited for. */
export async function holdScopes(tx: Tx, pool: pg.Pool, believed: ReadonlyMap<string, string>): Promise<void> {
  const [, { rows }] = await atOnce(
    tx,
    () => tx.query({ name: 'directory.hold_scopes', text: `select pg_advisory_xact_lock_shared(${GATE})` }),
    () =>
      tx.query<{ waba_id: string; scope: string }>({
        name: 'directory.scopes_now',
        text: 'select waba_id, scope from waba_scope where waba_id = any($1)',
        values: [[...believed.keys()]],
      }),
  );
  const moved = rows.filter(({ waba_id, scope }) => believed.get(waba_id) !== scope);
  for (const { waba_id } of moved) knownBy(pool).scopes.delete(waba_id);
  if (moved.length > 0) throw new AppError('batch.contact_moved', 'a WABA was moved to another scope');
}

/** Until this transaction ends nobody else writes what rests on the scope of a WABA. Waits for those who do. */
export async function closeScopes(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(${GATE})`);
}
