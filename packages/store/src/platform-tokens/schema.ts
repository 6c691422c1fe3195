import { sql } from 'drizzle-orm';
import { pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytes, instant } from '../columns.ts';

/** The platform's tokens that the gate sends with, encrypted, each as somebody set it: one in force for a number or WABA. A row stays when its token is
 *  erased, and says who did it. */
export const platformToken = pgTable(
  'platform_token',
  {
    tokenId: uuid('token_id').primaryKey(),
    /** `number` or `waba`. */
    ofKind: text('of_kind').notNull(),
    ofId: text('of_id').notNull(),
    /** Null: erased. */
    sealed: bytes(),
    setAt: instant('set_at').notNull(),
    setBy: text('set_by').notNull(),
    removedAt: instant('removed_at'),
    removedBy: text('removed_by'),
  },
  (table) => [uniqueIndex('platform_token_in_force').on(table.ofKind, table.ofId).where(sql`${table.removedAt} is null`)],
);
