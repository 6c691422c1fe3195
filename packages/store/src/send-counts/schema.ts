import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** When the gate sent what to whom, of categories that the policy caps: the newest of them, no more than a cap can ask for. */
export const sendCount = pgTable(
  'send_count',
  {
    contactId: uuid('contact_id').notNull(),
    category: text().notNull(),
    sentAt: instant('sent_at').array().notNull(),
    lastAt: instant('last_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.contactId, table.category] }), index('send_count_last_at').on(table.lastAt)],
);
