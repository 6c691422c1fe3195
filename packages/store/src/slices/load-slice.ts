import type { Stored } from '@keyturn/domain';
import { uuids } from '../bind.ts';
import { atOnce, type Tx } from '../database.ts';
import { type HoldingsJson, holdingsFromJson } from '../holdings.ts';
import { CONTACT_STATE } from './contact-columns.ts';

type Row<State> = { contact_id: string; version: number; state: State; holdings: HoldingsJson; merged_into: string | null };

/** Makes the rows of a slice that are missing (a row that does not exist can't be locked, and two members would lose the first change), then locks
 *  and reads all of them in contact order. The contact slice locks the directory's row with its own, for its version stands there. */
export async function loadSlice<State>(
  tx: Tx,
  slice: 'contact' | 'identity' | 'consent',
  contactIds: readonly string[],
  empty: State,
): Promise<Map<string, Stored<State>>> {
  const create = () =>
    tx.query({
      name: `${slice}.create`,
      text: `insert into ${slice}_state (contact_id, state) select id, $2::jsonb from unnest($1::uuid[]) as ids(id)
             where not exists (select from ${slice}_state s where s.contact_id = id) order by id on conflict do nothing`,
      values: [uuids(contactIds), JSON.stringify(empty)],
    });
  const load = () =>
    tx.query<Row<State>>({
      name: `${slice}.load`,
      text:
        slice === 'contact'
          ? `select contact_id, c.version, ${CONTACT_STATE} as state, s.holdings, s.merged_into from contact c join contact_state s using (contact_id)
           where contact_id = any($1::uuid[]) order by contact_id for update of c, s`
          : `select contact_id, version, state, holdings, merged_into from ${slice}_state
           where contact_id = any($1::uuid[]) order by contact_id for update`,
      values: [uuids(contactIds)],
    });
  const [, { rows }] = await atOnce(tx, create, load);
  return new Map(
    rows.map(({ contact_id, version, state, holdings, merged_into }) => [
      contact_id,
      { state, version, holdings: holdingsFromJson(holdings), mergedInto: merged_into },
    ]),
  );
}
