import { DEFAULT_SCOPE } from '@keyturn/domain';
import type pg from 'pg';

/** Scopes as this process has read them. A command that moves a WABA to a portfolio re-keys its facts, and restarts whoever reads. */
const known = new WeakMap<pg.Pool, Map<string, string>>();

/** The scope of each WABA; one that was never seen gets the default scope. One statement, none where all are known to this process. */
export async function scopesOf(pool: pg.Pool, wabaIds: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const scopes = known.get(pool) ?? new Map<string, string>();
  known.set(pool, scopes);
  const unseen = [...new Set(wabaIds)].filter((wabaId) => !scopes.has(wabaId)).sort();
  if (unseen.length > 0) for (const [wabaId, scope] of await readOrMake(pool, unseen)) scopes.set(wabaId, scope);
  return scopes;
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
