import { bigint, index, pgTable, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** Who did what: a row before it is done (`asked`), and one once it is known how that ended (`answered`); or one for both (`done`), in the transaction that
 *  did it. Only ever added to; a function of the schema's owner (see the migration) forgets what is old. */
export const auditLog = pgTable(
  'audit_log',
  {
    entryId: bigint('entry_id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull(),
    phase: text().notNull(),
    requestId: uuid('request_id').notNull(),
    actor: text().notNull(),
    action: text().notNull(),
    subject: text(),
    status: smallint(),
  },
  (table) => [index('audit_log_request').on(table.requestId), index('audit_log_at').on(table.at)],
);
