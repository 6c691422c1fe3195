import type { ConsentEntryJson, ConsentFact } from '@keyturn/contracts';
import { type Identifier, identifierParts } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** Where a page ended: its instant, and which row of that instant. */
type ConsentPlace = { readonly at: string; readonly factId: string };
type Row = Pick<ConsentFact, 'kind' | 'categories' | 'source' | 'evidence'> & {
  readonly fact_id: string;
  readonly identifier: Identifier;
  readonly phone_number_id: string | null;
  readonly actor: string;
  readonly occurred_at: Date;
  readonly recorded_at: Date;
};

/** A BSUID without its namespace: a WABA that was moved to another scope has another, and the ledger is never changed. */
const bare = (identifier: string): string => `regexp_replace(${identifier}, '^([up]):[^:]*:', '\\1:')`;

/** What counts for a contact, newest first, from before a place on (null: from the newest): rows under what it held when they were said. A row stays with
 *  the contact that it was written for, and may by now be another's: whoever held one of these identifiers, or was pinned to one, is looked through. */
export async function consentsOf(tx: Tx, contactId: string, limit: number, before: ConsentPlace | null): Promise<ConsentEntryJson[]> {
  const { rows } = await tx.query<Row>({
    name: 'consents.of',
    text: `with mine as (select scope, identifier, "from", "to" from identifier_period where contact_id = $1),
           near as (
             select $1::uuid as contact_id
             union select p.contact_id from mine join identifier_period p using (scope, identifier) where p.contact_id is not null
             union select c.contact_id from mine join contact c on c.scope = mine.scope and c.pin_identifier = mine.identifier
           )
           select distinct on (l.occurred_at, l.fact_id collate "C") l.fact_id, l.identifier, l.phone_number_id, l.kind, l.categories, l.source, l.evidence,
             l.actor, l.occurred_at, l.recorded_at
           from near join consent_ledger l using (contact_id)
           where exists (select from mine where ${bare('mine.identifier')} = ${bare('l.identifier')} and l.occurred_at >= mine."from" and l.occurred_at < mine."to")
             and ($2::timestamptz is null or (l.occurred_at, l.fact_id collate "C") < ($2, $3))
           order by l.occurred_at desc, l.fact_id collate "C" desc limit $4`,
    values: [contactId, before?.at ?? null, before?.factId ?? '', limit],
  });
  return rows.map(({ fact_id, identifier, phone_number_id, occurred_at, recorded_at, ...row }) => ({
    ...{ ...row, factId: fact_id, identifier: identifierParts(identifier), phoneNumberId: phone_number_id },
    ...{ occurredAt: occurred_at.toISOString(), recordedAt: recorded_at.toISOString() },
  }));
}
