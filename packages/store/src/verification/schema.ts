import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** Of whom the block may have moved: written with the change itself, so that none is lost; taken away by whoever has followed it. */
export const verificationDue = pgTable('verification_due', {
  dueId: bigint('due_id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  contactId: uuid('contact_id').notNull(),
});

/** The rules by which the business is asked, each version as somebody set it. Never changed; the largest version is in force. */
export const verificationRules = pgTable('verification_rules', {
  version: integer().primaryKey(),
  endpoints: jsonb().notNull(),
  rules: jsonb().notNull(),
  reason: text().notNull(),
  actor: text().notNull(),
  setAt: instant('set_at').notNull(),
});

/** A request to the business to verify one version of a block, and what came of it. */
export const verification = pgTable(
  'verification',
  {
    /** UUIDv7, and what the endpoint knows it by. */
    requestId: uuid('request_id').primaryKey(),
    contactId: uuid('contact_id').notNull(),
    version: integer().notNull(),
    keyHash: text('key_hash'),
    rule: text().notNull(),
    endpoint: text().notNull(),
    verdicts: text().array().notNull(),
    /** What the endpoint is told of the block. */
    change: jsonb().notNull(),
    status: text().notNull().default('waiting'),
    requestedAt: instant('requested_at').notNull(),
    validUntil: instant('valid_until').notNull(),
    attempts: integer().notNull().default(0),
    /** While it waits: when it is sent at the earliest; while it is being sent: when that is given up for dead. */
    nextAttemptAt: instant('next_attempt_at').notNull(),
    deliveredAt: instant('delivered_at'),
    answer: jsonb(),
    /** What the answer came to, as it was answered. */
    result: jsonb(),
    answeredAt: instant('answered_at'),
  },
  (table) => [
    uniqueIndex('verification_version').on(table.contactId, table.version),
    index('verification_to_send').on(table.endpoint, table.nextAttemptAt).where(sql`${table.status} = 'waiting'`),
    index('verification_open').on(table.validUntil).where(sql`${table.status} in ('waiting', 'delivered')`),
    index('verification_status').on(table.status, table.requestId),
  ],
);

/** Each attempt to deliver a request: written before it is made, and again when it is known how it ended. */
export const verificationDelivery = pgTable(
  'verification_delivery',
  {
    requestId: uuid('request_id').notNull(),
    attempt: integer().notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    outcome: text(),
    httpStatus: integer('http_status'),
  },
  (table) => [primaryKey({ columns: [table.requestId, table.attempt] })],
);
