import { pgTable, primaryKey, smallint, text, timestamp } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true });

/** How far each message of ours got, a row for each status, under the identifier that it came under: whose that is, is asked when it is read. Partitioned
 *  by month of `occurred_at` (see the migration); only ever added to, and dropped by the month. */
export const outboundStatus = pgTable(
  'outbound_status',
  {
    identifier: text().notNull(),
    occurredAt: instant('occurred_at').notNull(),
    wamid: text().notNull(),
    rank: smallint().notNull(),
    /** Its scope is that of the identifier. */
    wabaId: text('waba_id').notNull(),
    phoneNumberId: text('phone_number_id').notNull(),
    category: text(),
  },
  (table) => [primaryKey({ columns: [table.identifier, table.occurredAt, table.wamid, table.rank] })],
);

/** One row: since when messages of ours are recorded, and what of that is still kept. */
export const outboundKept = pgTable('outbound_kept', {
  one: smallint().primaryKey(),
  begunAt: instant('begun_at').notNull(),
  keptFrom: instant('kept_from').notNull(),
});
