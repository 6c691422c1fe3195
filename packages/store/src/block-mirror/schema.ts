import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** Contacts whose blocks by choice may have to be carried over to the platform. One row a contact, however often it changes: `generation` says whether
 *  it did while somebody was at it. */
export const blockMirrorDue = pgTable(
  'block_mirror_due',
  {
    contactId: uuid('contact_id').primaryKey(),
    dueAt: instant('due_at').notNull().defaultNow(),
    generation: integer().notNull().default(0),
    attempts: integer().notNull().default(0),
    /** Until then somebody is at it. */
    leasedUntil: instant('leased_until'),
  },
  (table) => [index('block_mirror_due_at').on(table.dueAt)],
);

/** What the platform was asked to block, and did (`mirrored_at`) or refused. Written before it is asked. */
export const blockMirror = pgTable(
  'block_mirror',
  {
    phoneNumberId: text('phone_number_id').notNull(),
    scope: text().notNull(),
    identifier: text().notNull(),
    contactId: uuid('contact_id').notNull(),
    mirroredAt: instant('mirrored_at'),
    refusedCode: integer('refused_code'),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.phoneNumberId, table.scope, table.identifier] }),
    index('block_mirror_contact').on(table.contactId),
    index('block_mirror_identifier').on(table.scope, table.identifier),
  ],
);
