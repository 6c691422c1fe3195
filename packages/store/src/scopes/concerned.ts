import { bsuidNamespace, DEFAULT_SCOPE, type Identifier } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { prefixesOf, type ScopeMove } from './scope-move.ts';

/** Which of our numbers a contact has said anything to, as far as its slices keep it: hashes and decisions, messages and calls. */
const NUMBERS = `
  select i.contact_id, said.number from identity_state i cross join lateral (
    select fact.value ->> 'on' as number from jsonb_each(i.state -> 'seen') as fact
    union select jsonb_object_keys(decided.value -> 'asOf') from jsonb_each(i.state -> 'decisions') as decided
  ) as said where said.number <> ''
  union
  select s.contact_id, substr(label, length('window:') + 1) from contact_state s
  cross join lateral jsonb_each(s.state -> 'kept') as head cross join lateral jsonb_object_keys(head.value) as label
  where starts_with(label, 'window:')`;

/** The numbers of ours that are known to be a WABA's. */
export async function numbersOf(tx: Tx, wabaId: string): Promise<string[]> {
  const { rows } = await tx.query<{ phone_number_id: string }>(
    'select phone_number_id from waba_number where waba_id = $1 order by phone_number_id',
    [wabaId],
  );
  return rows.map((row) => row.phone_number_id);
}

/** The identifiers to which everybody is pinned whom a WABA knows, by a BSUID that only it can have brought or by what was said to its numbers; and
 *  everybody of whom it is not known who knows them: a change that named numbers alone may have been told to it. */
export async function pinsConcerned(tx: Tx, move: ScopeMove, numbers: readonly string[]): Promise<Identifier[]> {
  const { rows } = await tx.query<{ pin_identifier: Identifier }>(
    `with said as materialized (${NUMBERS}),
     bsuids as materialized (select contact_id, identifier from identifier_period where scope = $1 and contact_id is not null and identifier not like 'w:%')
     select distinct pin_identifier from contact c where scope = $1 and (
       contact_id in (select contact_id from said where number = any($3))
       or contact_id in (select contact_id from bsuids cross join unnest($2::text[]) as own(prefix) where starts_with(identifier, prefix))
       or (contact_id not in (select contact_id from said) and (not $4 or contact_id not in (select contact_id from bsuids)))
     ) order by pin_identifier`,
    [move.from, prefixesOf(move).map(([was]) => was), numbers, move.from === DEFAULT_SCOPE],
  );
  return rows.map((row) => row.pin_identifier);
}

/** Which of these contacts have said anything to these numbers of ours, and which to any other. */
export async function knownTo(
  tx: Tx,
  contactIds: readonly string[],
  numbers: readonly string[],
): Promise<{ mine: ReadonlySet<string>; others: ReadonlySet<string> }> {
  const { rows } = await tx.query<{ contact_id: string; mine: boolean }>(
    `select distinct contact_id, number = any($2) as mine from (${NUMBERS}) as said where contact_id = any($1::uuid[])`,
    [contactIds, numbers],
  );
  const those = (mine: boolean) => new Set(rows.filter((row) => row.mine === mine).map((row) => row.contact_id));
  return { mine: those(true), others: those(false) };
}

/** Whose BSUID an identifier names, as far as its namespace tells; null: anybody's. */
export function whose({ from, wabaId }: ScopeMove, identifier: Identifier): 'mine' | 'others' | null {
  if (identifier.startsWith('w:')) return null;
  if (!identifier.slice(2).startsWith(`${bsuidNamespace(from, wabaId)}:`)) return 'others';
  return from === DEFAULT_SCOPE ? 'mine' : null; // in a portfolio a BSUID may be any WABA's
}
