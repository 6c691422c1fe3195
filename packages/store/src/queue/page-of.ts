import type pg from 'pg';
import type { Tx } from '../database.ts';
import { CONTACT_STATE } from '../slices/contact-columns.ts';
import type { Meant } from './meant.ts';

/** Where a page of open changes ended. */
export type ChangePlace = { readonly blockedAt: string; readonly contactId: string };

/** All that an item is made of. */
const COLUMNS = `i.contact_id, c.scope, i.version, i.state, i.holdings, i.blocked_at, ${CONTACT_STATE} as contact, k.state as consent,
  v.request_id, v.endpoint, v.status as request_status, v.valid_until`;
const JOINED = `join contact c using (contact_id) left join contact_state s using (contact_id) left join consent_state k using (contact_id)
  left join verification v on v.contact_id = i.contact_id and v.version = i.version`;
const IS_OPEN = `i.status = 'blocked' and i.merged_into is null`;

/** Whom the first of these changes are about, oldest first. */
export async function openContacts(tx: Tx, limit: number, meant: Meant): Promise<string[]> {
  const { rows } = await tx.query<{ contact_id: string }>(pageOf(limit, null, meant, { columns: 'i.contact_id', joined: '' }));
  return rows.map(({ contact_id }) => contact_id);
}

/** The statement for one page, that reads an index in the order of the queue and ends where the page is full. Without a name, so that it is planned for
 *  what is asked: a page of a filter is a few entries of very many. */
export const pageOf = (
  limit: number,
  after: ChangePlace | null,
  meant: Meant,
  shown: Shown = { columns: COLUMNS, joined: JOINED },
): pg.QueryConfig => (meant.along === null ? ofAll(limit, after, meant, shown) : ofSome(limit, after, meant, { ...shown, ...meant.along }));

type Shown = { readonly columns: string; readonly joined: string };
const ofAll = (limit: number, after: ChangePlace | null, { before }: Meant, { columns, joined }: Shown): pg.QueryConfig => ({
  text: `select ${columns} from identity_state i ${joined}
         where ${IS_OPEN} and ($2::timestamptz is null or i.blocked_at < $2)
           ${after === null ? '' : 'and (i.blocked_at, i.contact_id) > ($3::timestamptz, $4::uuid)'}
         order by i.blocked_at, i.contact_id limit $1`,
  values: [limit, before, ...(after === null ? [] : [after.blockedAt, after.contactId])],
});

/** Along a stretch of facets: hours of one cause follow each other, so there too the order is that of the queue. */
function ofSome(
  limit: number,
  after: ChangePlace | null,
  { before, others }: Meant,
  { from, to, columns, joined }: Shown & { from: string; to: string },
): pg.QueryConfig {
  const first = after === null || from === to ? from : hourly(from, after.blockedAt);
  return {
    text: `select ${columns} from open_change_facet f join open_change o using (contact_id) join identity_state i using (contact_id) ${joined}
           where f.facet >= $2 and f.facet <= $3 ${after === null ? '' : 'and (f.facet, f.blocked_at, f.contact_id) > ($2, $6::timestamptz, $7::uuid)'}
             and ${IS_OPEN} and ($4::timestamptz is null or f.blocked_at < $4) and o.facets @> $5::text[]
           order by f.facet, f.blocked_at, f.contact_id limit $1`,
    values: [limit, first, to, before, others, ...(after === null ? [] : [after.blockedAt, after.contactId])],
  };
}

const hourly = (facet: string, instant: string): string => `${facet.slice(0, facet.lastIndexOf('|') + 1)}${instant.slice(0, 13)}`;
