import type { Identifier, Pin } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { prefixesOf, type ScopeMove } from './scope-move.ts';

/** JSON or text with each identifier as the other scope has it. Identifiers stand in it as values, as keys and within names of signals. */
const inOther = (column: string, type: 'text' | 'jsonb') => `replace(replace(${column}::text, $2, $3), $4, $5)::${type}`;
const renames = (move: ScopeMove): string[] => prefixesOf(move).flat();
const SLICES = ['identity', 'contact', 'consent'] as const;

/** Takes out of a scope what its directory says of these people, who go to the other with their ids: what follows tells it anew there. Their slices stay
 *  theirs, and come before their contacts, as everybody locks them; `holdings` are forgotten, so that each slice tells where they are now. The ledger is
 *  never rewritten. */
export async function takeAlong(tx: Tx, move: ScopeMove, contactIds: readonly string[], identifiers: readonly Identifier[]): Promise<void> {
  const here = [move.from, identifiers];
  await tx.query('delete from directory_link where scope = $1 and head = any($2)', here);
  await tx.query(
    `with gone as (delete from directory_mention where scope = $1 and identifier = any($2) returning fact),
       reports as (delete from directory_report where scope = $1 and fact in (select fact from gone))
     delete from directory_split where scope = $1 and fact in (select fact from gone)`,
    here,
  );
  await tx.query('delete from identifier_period where scope = $1 and identifier = any($2)', here);
  await tx.query('delete from contact_signal where contact_id = any($1::uuid[])', [contactIds]);
  const values = [contactIds, ...renames(move)];
  for (const slice of SLICES) {
    const blocks = slice === 'contact' ? `, business_blocks = ${inOther('business_blocks', 'jsonb')}` : '';
    await tx.query(
      `update ${slice}_state set state = ${inOther('state', 'jsonb')}, holdings = '[]'${blocks} where contact_id = any($1::uuid[])`,
      values,
    );
  }
  await tx.query(
    `update contact set scope = $6, pin_identifier = ${inOther('pin_identifier', 'text')} where contact_id = any($1::uuid[])`,
    [...values, move.to],
  );
}

/** What the WABA sent, and whom its numbers have blocked at the platform, is known by the words of the other scope from now on, as of its contacts. */
export async function carrySent(tx: Tx, move: ScopeMove, numbers: readonly string[]): Promise<void> {
  for (const table of ['outbound_status', 'outbound_ungated', 'ungated_candidate'])
    await tx.query(`update ${table} set identifier = ${inOther('identifier', 'text')} where waba_id = $1 and identifier not like 'w:%'`, [
      move.wabaId,
      ...renames(move),
    ]);
  await tx.query(
    `update block_mirror m set scope = $6, identifier = ${inOther('m.identifier', 'text')}, contact_id = coalesce((
       select p.contact_id from identifier_period p
       where p.scope = $6 and p.identifier = ${inOther('m.identifier', 'text')} and p."to" = 'infinity'
     ), m.contact_id) where m.phone_number_id = any($1) and m.scope = $7`,
    [numbers, ...renames(move), move.to, move.from],
  );
}

/** Somebody whom other WABAs know as well, and the contact that the other scope is to have of them, pinned in its words. */
export type Twin = Pin & { readonly of: string };

/** Makes contacts of the other scope in which everything is known that is known of these: who is blocked stays so on both sides. */
export async function copyOver(tx: Tx, move: ScopeMove, twins: readonly Twin[]): Promise<void> {
  await tx.query(
    `insert into contact (contact_id, scope, pin_identifier, pin_at, version)
     select id, $1, pin, to_timestamp(at), 0 from unnest($2::uuid[], $3::text[], $4::float8[]) as twin(id, pin, at)`,
    [move.to, twins.map(({ contactId }) => contactId), twins.map(({ identifier }) => identifier), twins.map(({ at }) => at)],
  );
  const values = [twins.map(({ of }) => of), ...renames(move), twins.map(({ contactId }) => contactId)];
  const pairs = 'unnest($1::uuid[], $6::uuid[]) as twin(of, id)';
  const own = (column: string) => `replace(${inOther(column, 'text')}, twin.of::text, twin.id::text)::jsonb`; // decisions name the contact they were made in
  for (const slice of SLICES) {
    const columns = [`'state', ${own('s.state')}`, ...(slice === 'contact' ? [`'business_blocks', ${own('s.business_blocks')}`] : [])];
    await tx.query(
      `insert into ${slice}_state select (jsonb_populate_record(s, jsonb_build_object(
         'contact_id', twin.id, 'version', 0, 'holdings', '[]'::jsonb, ${columns.join(', ')}))).*
       from ${slice}_state s join ${pairs} on s.contact_id = twin.of`,
      values,
    );
  }
  await tx.query(
    `insert into consent_ledger select (jsonb_populate_record(s, jsonb_build_object('contact_id', twin.id, 'identifier', ${inOther('s.identifier', 'text')}))).*
     from consent_ledger s join ${pairs} on s.contact_id = twin.of`,
    values,
  );
}
