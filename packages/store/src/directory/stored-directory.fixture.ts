import { expect } from '@jest/globals';
import {
  contactAt,
  contactsOf,
  type DirectoryFact,
  type Identifier,
  joinHoldings,
  linkKey,
  noDirectory,
  observeFacts,
  type Pin,
  type Settled,
  settle,
} from '@keyturn/domain';
import type { Database } from '../database.ts';
import { LINK_COLUMNS, type LinkColumns, storedLink } from './link-rows.ts';
import { whoAre } from './whereabouts.ts';

const epoch = (column: string) => `date_part('epoch', ${column})`;
type PeriodColumns = { identifier: Identifier; from: number; to: number; contact_id: string | null; number: string; number_from: number };

/** Holds what is stored about these identifiers to what derivation from scratch says of the facts: periods, contacts, signals, links, versions. */
export async function expectAsFromScratch(
  { pool }: Database,
  facts: readonly DirectoryFact[],
  identifiers: readonly string[],
): Promise<void> {
  const pins = await pool.query<{ contact_id: string; pin_identifier: Identifier; pin_at: number }>(
    `select contact_id, pin_identifier, ${epoch('pin_at')} as pin_at from contact where pin_identifier = any($1)`,
    [identifiers],
  );
  const stored = pins.rows.map((row): Pin => ({ contactId: row.contact_id, identifier: row.pin_identifier, at: row.pin_at }));
  const directory = observeFacts(noDirectory, facts);
  const contact = contactAt({ directory, pins: stored });
  for (const fact of facts) if (fact.type === 'item') expect(contact(fact.carried[0], fact.at)).toBeDefined(); // whoever has facts has a contact
  const scratch = settle({ directory, pins: stored }, [], () => 'nobody');
  expect(scratch.newPins).toEqual([]);
  await expectPeriods(pool, scratch, identifiers);
  await expectLinks(pool, scratch, identifiers);
  await expectContacts(pool, scratch);
}

async function expectPeriods(pool: Database['pool'], scratch: Settled, identifiers: readonly string[]) {
  const { rows } = await pool.query<PeriodColumns>(
    `select identifier, ${epoch('"from"')} as "from", ${epoch('"to"')} as "to", contact_id, number, ${epoch('number_from')} as number_from
     from identifier_period where identifier = any($1)`,
    [identifiers],
  );
  const stored = rows.map(({ contact_id, number_from, ...row }) => ({ ...row, contactId: contact_id, numberFrom: number_from }));
  const byKey = <Row extends { identifier: string; from: number }>(some: readonly Row[]) =>
    [...some].sort((a, b) => (a.identifier === b.identifier ? a.from - b.from : a.identifier < b.identifier ? -1 : 1));
  expect(byKey(stored)).toEqual(byKey(scratch.periods));
}

async function expectLinks(pool: Database['pool'], scratch: Settled, identifiers: readonly string[]) {
  const { rows } = await pool.query<LinkColumns>(`select ${LINK_COLUMNS} from directory_link l where l.head = any($1)`, [identifiers]);
  const derived = new Map(scratch.links.map((link) => [linkKey(link), link]));
  expect(rows.map(linkKey).sort()).toEqual([...derived.keys()].sort());
  for (const link of rows.map(storedLink)) {
    const { first, last, steadyFrom, steadyTo, contactId } = derived.get(linkKey(link)) as (typeof scratch.links)[number];
    expect({ first: link.first, last: link.last }).toEqual({ first, last });
    if (link.contactId === null || link.steadyFrom === link.steadyTo) continue; // never hot
    expect(link.contactId).toBe(contactId);
    expect(link.steadyFrom).toBeGreaterThanOrEqual(steadyFrom);
    expect(link.steadyTo).toBeLessThanOrEqual(steadyTo);
  }
}

/** Contacts are what is derived, and what was last told of each is so now; its versions have no gaps. */
async function expectContacts(pool: Database['pool'], scratch: Settled) {
  const entries = contactsOf(scratch);
  const contactIds = entries.map(({ contactId }) => contactId);
  const who = await whoAre(pool, contactIds);
  for (const { contactId, mergedInto, identifiers, signals } of entries) {
    expect(who.get(contactId)).toEqual({ contactId, scope: 'default', mergedInto, holdings: joinHoldings(identifiers), signals });
  }
  const told = await pool.query<{
    contact_id: string;
    versions: number[];
    version: number;
    state: { mergedInto?: string; identifiers: unknown[] };
  }>(
    `select c.contact_id, c.version,
       (select array_agg(j.version order by j.entry_id) from journal j where j.contact_id = c.contact_id) as versions,
       (select convert_from(o.state, 'UTF8')::jsonb from outbox o where o.key = c.contact_id::text order by o.position desc limit 1) as state
     from contact c where c.contact_id = any($1::uuid[])`,
    [contactIds],
  );
  const entryOf = new Map(entries.map((entry) => [entry.contactId, entry]));
  for (const { contact_id, version, versions, state } of told.rows) {
    expect(versions).toEqual(Array.from({ length: version }, (_, i) => i + 1));
    expect(state.mergedInto ?? null).toBe(entryOf.get(contact_id)?.mergedInto);
    expect(state.identifiers.length).toBe(entryOf.get(contact_id)?.identifiers.length);
  }
}
