import { type Identifier, joinHoldings, type Whereabouts, type Who } from '@keyturn/domain';
import { atOnce, type Tx } from '../database.ts';

type PeriodColumns = { identifier: Identifier; from: number; to: number; contact_id: string | null };
type ContactColumns = { contact_id: string; scope: string; merged_into: string | null };
type SignalColumns = { contact_id: string; signal: string; at: number };
const PERIOD = `p.identifier, date_part('epoch', p."from") as "from", date_part('epoch', p."to") as "to", p.contact_id`;

/** What the directory says now of these contacts, in three reads by key. One that it does not know is not in the answer. */
export async function whoAre(tx: Tx, contactIds: readonly string[]): Promise<Map<string, Who>> {
  if (contactIds.length === 0) return new Map();
  const values = [contactIds];
  const askContacts = () =>
    tx.query<ContactColumns>({
      name: 'directory.contacts',
      text: 'select contact_id, scope, merged_into from contact where contact_id = any($1::uuid[]) order by contact_id',
      values,
    });
  const askHeld = () =>
    tx.query<PeriodColumns>({
      name: 'directory.holdings',
      text: `select ${PERIOD} from identifier_period p where p.contact_id = any($1::uuid[])`,
      values,
    });
  const askSignals = () =>
    tx.query<SignalColumns>({
      name: 'directory.signals',
      text: "select contact_id, signal, date_part('epoch', at) as at from contact_signal where contact_id = any($1::uuid[])",
      values,
    });
  const [contacts, held, told] = await atOnce(tx, askContacts, askHeld, askSignals);
  const holdingsOf = Map.groupBy(held.rows, (row) => row.contact_id);
  const signalsOf = Map.groupBy(told.rows, (row) => row.contact_id);
  return new Map(
    contacts.rows.map(({ contact_id, scope, merged_into }) => [
      contact_id,
      {
        contactId: contact_id,
        scope,
        mergedInto: merged_into,
        holdings: joinHoldings(holdingsOf.get(contact_id) ?? []),
        signals: inOrder(signalsOf.get(contact_id) ?? []),
      },
    ]),
  );
}
const inOrder = (signals: readonly SignalColumns[]) =>
  signals.map(({ signal, at }) => ({ signal, at })).sort((a, b) => a.at - b.at || (a.signal < b.signal ? -1 : 1));

/** What a slice needs to follow the directory: who held each of these identifiers when, and each identifier that one of these contacts holds at any
 *  time; and who everybody among them is. */
export async function whereabouts(
  tx: Tx,
  scope: string,
  contactIds: readonly string[],
  identifiers: readonly Identifier[],
): Promise<Whereabouts> {
  const { rows } = await tx.query<PeriodColumns>({
    name: 'directory.whereabouts',
    text: `with named as (
             select held.identifier from identifier_period held where held.contact_id = any($2::uuid[])
             union select unnest($3::text[])
           )
           select theirs.* from named cross join lateral (
             select ${PERIOD} from identifier_period p where p.scope = $1 and p.identifier = named.identifier order by p."from"
           ) as theirs`,
    values: [scope, contactIds, identifiers],
  });
  const concerned = new Set([...contactIds, ...rows.flatMap(({ contact_id }) => contact_id ?? [])]);
  const periods = Map.groupBy(
    rows.map(({ contact_id, ...row }) => ({ ...row, contactId: contact_id })),
    ({ identifier }) => identifier,
  );
  return { who: await whoAre(tx, [...concerned].sort()), periods };
}
