import { sql } from 'drizzle-orm';
import { bigint, date, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** What the gate denied, and a sample of what it allowed. Nobody is named but by `contact_id`. Partitioned by month of `decided_at` (see the migration);
 *  only ever added to, and dropped by the month. */
export const gateDecision = pgTable(
  'gate_decision',
  {
    decidedAt: instant('decided_at').notNull(),
    decisionId: uuid('decision_id').notNull(),
    decision: text().notNull(),
    /** Null: nobody was known, or more than one. */
    contactId: uuid('contact_id'),
    phoneNumberId: text('phone_number_id').notNull(),
    /** Null: a template of which nobody knows it. */
    category: text(),
    template: text(),
    door: text().notNull(),
    reasons: text().array().notNull(),
    shadowed: text().array().notNull(),
    actor: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.decidedAt, table.decisionId] }),
    index('gate_decision_contact').on(table.contactId, table.decidedAt, table.decisionId).where(sql`${table.contactId} is not null`),
  ],
);

/** How many sends of a number and category (`unknown`: nobody knows it) the gate allowed and denied on a day, UTC. */
export const gateDay = pgTable(
  'gate_day',
  {
    day: date().notNull(),
    phoneNumberId: text('phone_number_id').notNull(),
    category: text().notNull(),
    decision: text().notNull(),
    sends: bigint({ mode: 'bigint' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.phoneNumberId, table.category, table.decision] })],
);

/** What each running gate has added to `gate_day` last: its flushes are numbered, so that none is added twice. A row for each start of a gate. */
export const gateCounted = pgTable('gate_counted', {
  gateId: uuid('gate_id').primaryKey(),
  flush: bigint({ mode: 'number' }).notNull(),
  countedAt: instant('counted_at').notNull(),
});
