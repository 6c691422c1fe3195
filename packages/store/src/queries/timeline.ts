import type { Cause, TimelineEntryJson } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

/** A journal entry with its place in the journal. */
export type TimelineRow = TimelineEntryJson & { readonly place: string };
type Row = {
  entry_id: string;
  contact_id: string;
  slice: TimelineEntryJson['slice'];
  type: string;
  version: number;
  actor: string;
  cause: Cause;
  before: unknown;
  after: unknown;
  detail: unknown;
  occurred_at: Date;
  recorded_at: Date;
};

/** The journal of a contact and of those that were merged into it, newest first, from before a place on (null: from the newest). `types`: of these
 *  alone. */
export async function timelineOf(
  tx: Tx,
  contactId: string,
  limit: number,
  before: string | null,
  types: readonly string[] | null = null,
): Promise<TimelineRow[]> {
  const { rows } = await tx.query<Row>({
    name: 'journal.timeline',
    text: `select entry.* from unnest($1::uuid[]) as ids(id)
           cross join lateral (
             select entry_id, contact_id, slice, type, version, actor, cause, before, after, detail, occurred_at, recorded_at
             from journal where contact_id = ids.id and entry_id < coalesce($2::bigint, 9223372036854775807)
               and ($4::text[] is null or type = any($4))
             order by entry_id desc limit $3
           ) as entry
           order by entry_id desc limit $3`,
    values: [[contactId, ...(await mergedInto(tx, contactId))], before, limit, types],
  });
  return rows.map(({ entry_id, contact_id, occurred_at, recorded_at, ...entry }) => ({
    ...entry,
    place: entry_id,
    id: `${entry.slice}:${contact_id}:${entry.version}`,
    contactId: contact_id,
    occurredAt: occurred_at.toISOString(),
    recordedAt: recorded_at.toISOString(),
  }));
}

/** Who was merged into a contact. By key: whoever was merged into a contact is pinned to an identifier that this one holds. */
export async function mergedInto(tx: Tx, contactId: string): Promise<string[]> {
  const { rows } = await tx.query<{ contact_id: string }>({
    name: 'contact.merged',
    text: `select distinct c.contact_id from identifier_period p join contact c on c.scope = p.scope and c.pin_identifier = p.identifier
           where p.contact_id = $1 and c.merged_into = $1`,
    values: [contactId],
  });
  return rows.map((row) => row.contact_id);
}
