import type { Stored } from '@keyturn/domain';
import { uuids } from '../bind.ts';
import { atOnce, type Tx } from '../database.ts';
import { type HoldingsJson, holdingsFromJson } from '../holdings.ts';
import { CONTACT_STATE } from './contact-columns.ts';

type Row<State> = { contact_id: string; version: number; state: State; holdings: HoldingsJson; merged_into: string | null };
type Version = { contact_id: string; version: number };

/** Makes the rows of a slice that are missing (a row that does not exist can't be locked, and two members would lose the first change), then locks
 *  and reads all of them in contact order. The contact slice's version stands in the directory's row, which is read after that and not locked: most
 *  messages tell nothing, and a lock writes to its page. Whoever tells locks it, and starts over where the directory has moved it (`saveVersions`). */
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
      text: `select contact_id, ${slice === 'contact' ? `0 as version, ${CONTACT_STATE} as state` : 'version, state'}, holdings, merged_into
           from ${slice}_state s where contact_id = any($1::uuid[]) order by contact_id for update`,
      values: [uuids(contactIds)],
    });
  const readVersions = () =>
    tx.query<Version>({
      name: 'contact.versions',
      text: 'select contact_id, version from contact where contact_id = any($1::uuid[])',
      values: [uuids(contactIds)],
    });
  const [, { rows }, versions] = await atOnce(tx, create, load, () => (slice === 'contact' ? readVersions() : null));
  return new Map((versions === null ? rows : inVersions(rows, versions.rows)).map((row) => [row.contact_id, storedOf(row)]));
}

/** The rows of those whom the directory knows. */
function inVersions<State>(rows: readonly Row<State>[], versions: readonly Version[]): Row<State>[] {
  const known = new Map(versions.map((one) => [one.contact_id, one]));
  return rows.flatMap((row) => {
    const directory = known.get(row.contact_id);
    return directory === undefined ? [] : [{ ...row, ...directory }];
  });
}

const storedOf = <State>({ version, state, holdings, merged_into }: Row<State>): Stored<State> => ({
  ...{ state, version },
  ...{ holdings: holdingsFromJson(holdings), mergedInto: merged_into },
});
