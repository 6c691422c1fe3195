import { bsuidNamespace, type Identifier } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { holdersNow } from '../directory/holders-now.ts';
import { searchedNumber } from '../directory/spellings.ts';

/** Whoever holds this number, in any spelling, at an instant (whole seconds): one contact a scope at most. */
export async function contactsByWaId(tx: Tx, waId: string, at: number): Promise<string[]> {
  const scopes = new Set((await wabaScopes(tx)).map(({ scope }) => scope));
  const number = await searchedNumber(tx, waId);
  return holders(
    tx,
    [...scopes].map((scope) => ({ scope, identifier: `w:${number}`, at })),
  );
}

/** Whoever is meant by this BSUID, or parent BSUID, at an instant (whole seconds), in each namespace that is known. */
export async function contactsByBsuid(tx: Tx, bsuid: string, at: number): Promise<string[]> {
  const points = (await wabaScopes(tx)).flatMap(({ scope, wabaId }) => {
    const value = `${bsuidNamespace(scope, wabaId)}:${bsuid}`;
    return [
      { scope, identifier: `u:${value}` as const, at },
      { scope, identifier: `p:${value}` as const, at },
    ];
  });
  return holders(tx, points);
}

/** Contacts whose profile name begins so, whatever its case, in the order of their names by code point, which is
 *  the order of the index: no more is read than is asked for. */
export async function contactsByName(tx: Tx, prefix: string, limit: number): Promise<string[]> {
  const pattern = `${prefix.replace(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await tx.query<{ contact_id: string }>(
    `select contact_id from contact_state
     where lower(profile_name) like lower($1) and merged_into is null order by lower(profile_name) using ~<~, contact_id limit $2`,
    [pattern, limit],
  );
  return rows.map((row) => row.contact_id);
}

/** Every WABA that was ever seen, with its scope. */
export async function wabaScopes(tx: Tx): Promise<{ wabaId: string; scope: string }[]> {
  const { rows } = await tx.query<{ waba_id: string; scope: string }>('select waba_id, scope from waba_scope order by waba_id');
  return rows.map(({ waba_id, scope }) => ({ wabaId: waba_id, scope }));
}

async function holders(tx: Tx, points: readonly { scope: string; identifier: Identifier; at: number }[]): Promise<string[]> {
  const found = points.length === 0 ? [] : await holdersNow(tx, points);
  return [...new Set(found.filter((contactId) => contactId !== null))];
}
