import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, instant } from '../columns.ts';

/** One verdict for many changes: what is to be decided, who said so, and how far it has come. */
export const bulkDecision = pgTable(
  'bulk_decision',
  {
    /** UUIDv7. */
    bulkId: uuid('bulk_id').primaryKey(),
    status: text().notNull(),
    verdict: text().notNull(),
    reason: text().notNull(),
    note: text(),
    evidenceUrl: text('evidence_url'),
    filter: jsonb(),
    more: boolean().notNull(),
    tokenHash: bytes('token_hash').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    startedBy: text('started_by'),
    startedAt: instant('started_at'),
    cancelledBy: text('cancelled_by'),
    endedAt: instant('ended_at'),
  },
  (table) => [index('bulk_decision_running').on(table.bulkId).where(sql`${table.status} = 'running'`)],
);

/** A change as the dry run saw it, and what became of it. Written with the decision itself, so that it is decided once and on record exactly then. */
export const bulkDecisionRow = pgTable(
  'bulk_decision_row',
  {
    bulkId: uuid('bulk_id').notNull(),
    place: integer().notNull(),
    contactId: uuid('contact_id').notNull(),
    keyHash: text('key_hash'),
    version: integer().notNull(),
    /** Null: it waits. */
    outcome: text(),
    reason: text(),
    decisionId: uuid('decision_id'),
    newContactId: uuid('new_contact_id'),
    decidedAt: instant('decided_at'),
    /** Until when a process has it in hand; after that it has ended, and another takes it. */
    takenUntil: instant('taken_until'),
  },
  (table) => [
    primaryKey({ columns: [table.bulkId, table.place] }),
    index('bulk_decision_row_waiting').on(table.bulkId, table.place).where(sql`${table.outcome} is null`),
  ],
);
