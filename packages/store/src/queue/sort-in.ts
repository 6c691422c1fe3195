import { setTimeout as pause } from 'node:timers/promises';
import { type ConsentState, consentSlice, counted, facetsOf, type IdentityState, identitySlice } from '@keyturn/domain';
import type pg from 'pg';
import { type Tx, transact } from '../database.ts';
import { type HoldingsJson, holdingsFromJson } from '../holdings.ts';
import { takeTurn } from './due.ts';
import { type Sorted, saveSorted } from './save-sorted.ts';

const DUE_MAX = 500;
type Row = {
  contact_id: string;
  version: number;
  state: IdentityState;
  holdings: HoldingsJson;
  blocked_at: Date | null;
  is_open: boolean;
  consent_version: number | null;
  consent: ConsentState | null;
  awaits_business: boolean;
};

/** Sorts the next blocks into the queue that moved since they were, by what one filters by, and counts them. Answers how many; they are due no more
 *  exactly if they are sorted in. One process is at it at a time, and the others have nothing to do. */
export async function sortInDue(pool: pg.Pool): Promise<number> {
  if (!(await isAnyDue(pool))) return 0;
  return transact(pool, async (tx) => {
    const contactIds = await takeDue(tx);
    if (contactIds.length === 0) return 0;
    const rows = await readBlocks(tx, contactIds);
    await saveSorted(tx, rows.map(sortedOf));
    return contactIds.length;
  });
}

/** One statement, since there almost never is. */
async function isAnyDue(tx: Tx): Promise<boolean> {
  const { rowCount } = await tx.query({ name: 'queue.any_due', text: 'select from open_change_due limit 1' });
  return rowCount !== 0;
}

const SORTED_MAX = 6;
const WAITS_MAX = 16;
const PAUSE_MS = 50;
/** Waits, for less than a second, until what had moved before is sorted in, by this process or by another: who asks sees what they did. In a storm they see
 *  what is sorted in so far. */
export async function sortInNow(pool: pg.Pool): Promise<void> {
  for (let [times, waits] = [0, 0]; times < SORTED_MAX && waits < WAITS_MAX; ) {
    if (!(await isAnyDue(pool))) return;
    if ((await sortInDue(pool)) > 0) times += 1;
    else {
      waits += 1;
      await pause(PAUSE_MS); // another is at it
    }
  }
}

async function takeDue(tx: Tx): Promise<string[]> {
  if (!(await takeTurn(tx))) return [];
  const { rows } = await tx.query<{ contact_id: string }>({
    name: 'queue.take',
    text: `delete from open_change_due where due_id in (select due_id from open_change_due order by due_id limit $1) returning contact_id`,
    values: [DUE_MAX],
  });
  return rows.map(({ contact_id }) => contact_id);
}

/** As they are now, which is what the change made of them or newer; with those that they were merged into. */
async function readBlocks(tx: Tx, contactIds: readonly string[]): Promise<Row[]> {
  const { rows } = await tx.query<Row>({
    name: 'queue.blocks',
    text: `select i.contact_id, i.version, i.state, i.holdings, i.blocked_at, i.status = 'blocked' and i.merged_into is null as is_open,
             c.version as consent_version, c.state as consent,
             exists (select from verification v where v.contact_id = i.contact_id and v.version = i.version
                       and v.status in ('waiting', 'delivered')) as awaits_business
           from identity_state i left join consent_state c using (contact_id)
           where i.contact_id in (
             select unnest($1::uuid[]) union select merged_into from identity_state where contact_id = any($1::uuid[]) and merged_into is not null
           )`,
    values: [contactIds],
  });
  return rows;
}

function sortedOf(row: Row): Sorted {
  const { contact_id: contactId, version, blocked_at: blockedAt } = row;
  const closed = { contactId, version, consentVersion: row.consent_version ?? 0, blockedAt: null, facets: [], counts: [] };
  if (!row.is_open || blockedAt === null) return closed;
  const identity = identitySlice.view(row.state, version);
  const consent = consentSlice.view(row.consent ?? consentSlice.empty, 0);
  const facets = facetsOf({ identity, consent, holdings: holdingsFromJson(row.holdings), awaitsBusiness: row.awaits_business });
  return { ...closed, blockedAt, facets, counts: [...facets, counted.all, counted.tenMinutes(blockedAt.toISOString())] };
}
