import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytes, instant } from '../columns.ts';

/** A record that a group could not decide on, as it was, and what became of it. Its place in the log names it once: read again, it is the same. */
export const deadLetter = pgTable(
  'dead_letter',
  {
    /** UUIDv7: they sort by when they were dead-lettered. */
    deadLetterId: uuid('dead_letter_id').primaryKey(),
    groupId: text('group_id').notNull(),
    topic: text().notNull(),
    partition: integer().notNull(),
    offset: bigint({ mode: 'bigint' }).notNull(),
    key: text(),
    headers: jsonb().notNull(),
    value: bytes().notNull(),
    /** The record's own time, as Kafka has it. */
    recordAt: instant('record_at').notNull(),
    contactId: uuid('contact_id'),
    code: text().notNull(),
    cause: text().notNull(),
    stack: text().notNull(),
    attempts: integer().notNull(),
    deadLetteredAt: instant('dead_lettered_at').notNull(),
    status: text().notNull().default('open'),
    outcome: text(),
    /** What was decided on it, in order. */
    decisions: uuid().array().notNull().default(sql`'{}'::uuid[]`),
  },
  (table) => [
    uniqueIndex('dead_letter_place').on(table.groupId, table.topic, table.partition, table.offset),
    index('dead_letter_list').on(table.status, table.groupId, table.code, table.deadLetterId),
    index('dead_letter_requested').on(table.groupId, table.topic, table.partition, table.offset).where(sql`${table.status} = 'requested'`),
    index('dead_letter_age').on(table.deadLetteredAt),
    index('dead_letter_decisions').using('gin', table.decisions),
  ],
);

/** What somebody decided on dead letters, as it was decided. Never changed, and kept when they are not. */
export const deadLetterDecision = pgTable('dead_letter_decision', {
  decisionId: uuid('decision_id').primaryKey(),
  action: text().notNull(),
  actor: text().notNull(),
  reason: text().notNull(),
  /** The filter; null where the letters were named. */
  filter: jsonb(),
  letters: integer().notNull(),
  decidedAt: instant('decided_at').notNull(),
});
