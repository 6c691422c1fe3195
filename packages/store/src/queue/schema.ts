import { sql } from 'drizzle-orm';
import { bigint, customType, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** Text in the order of its bytes, whatever the database's language. */
const bytewise = customType<{ data: string }>({ dataType: () => 'text collate "C"' });

/** Of whom what the queue sorts by may have moved: written with the change itself, so that none is lost; taken away by whoever sorted it in. */
export const openChangeDue = pgTable('open_change_due', {
  dueId: bigint('due_id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  contactId: uuid('contact_id').notNull(),
});

/** A block that awaits a decision as it is sorted in now, and the versions of what that was derived from. */
export const openChange = pgTable('open_change', {
  contactId: uuid('contact_id').primaryKey(),
  version: integer().notNull(),
  consentVersion: integer('consent_version').notNull(),
  blockedAt: instant('blocked_at').notNull(),
  facets: text().array().notNull(),
});

/** By what a block is found: a row for each of its facets, in the order of the queue. */
export const openChangeFacet = pgTable(
  'open_change_facet',
  { facet: bytewise().notNull(), blockedAt: instant('blocked_at').notNull(), contactId: uuid('contact_id').notNull() },
  (table) => [primaryKey({ columns: [table.facet, table.blockedAt, table.contactId] })],
);

/** How many blocks have a facet, exactly; none: no row. Only who has the lock of the queue writes. */
export const openChangeCount = pgTable('open_change_count', { facet: bytewise().primaryKey(), count: integer().notNull() }, (table) => [
  index('open_change_count_busy')
    .on(table.count.desc())
    .where(sql`${table.facet} >= 'c:' and ${table.facet} < 'd' and ${table.count} >= 3`),
]);
