import { bigint, pgTable } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** How many webhooks were kept in each five minutes, of the five weeks before the last that came. A row is there for every stretch from the first webhook on of
 *  which it is known, also where none came; where none is, nobody counted. */
export const webhookCount = pgTable('webhook_count', {
  at: instant('at').primaryKey(),
  webhooks: bigint({ mode: 'bigint' }).notNull(),
  /** Up to when they are counted: within the last stretch, elsewhere its end. */
  countedTo: instant('counted_to').notNull(),
});

/** How many of them the gate made itself in each five minutes, of what the platform refused to its face: by when they were put in the outbox. */
export const webhookOurs = pgTable('webhook_ours', {
  at: instant('at').primaryKey(),
  webhooks: bigint({ mode: 'bigint' }).notNull(),
});
