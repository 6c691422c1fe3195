import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** The blocks that await a decision, as far as alerts look at them: followed from their changes, one row a contact, gone when decided. */
export const alertChange = pgTable(
  'alert_change',
  {
    contactId: uuid('contact_id').primaryKey(),
    /** Grows with each change of a block, in the order in which they commit. */
    seq: bigint({ mode: 'bigint' }).notNull().generatedAlwaysAsIdentity(),
    version: integer().notNull(),
    since: instant('since').notNull(),
    seenAt: instant('seen_at').notNull(),
    lead: text().notNull(),
    signals: text().array().notNull(),
    phoneNumberIds: text('phone_number_ids').array().notNull(),
    optedInTo: text('opted_in_to').array().notNull(),
    range: text(),
    masked: text(),
  },
  (table) => [index('alert_change_cause').on(table.lead, table.seq), index('alert_change_since').on(table.since, table.contactId)],
);

/** One row: `moved` grows whenever `alert_change` may have changed, so that nobody counts what is as it was. */
export const alertPulse = pgTable('alert_pulse', {
  pulseId: integer('pulse_id').primaryKey(),
  moved: bigint({ mode: 'bigint' }).notNull(),
});

/** What is looked for, and the timer of its next look. */
export const alertRule = pgTable('alert_rule', {
  name: text().primaryKey(),
  version: integer().notNull(),
  rule: jsonb().notNull(),
  setBy: text('set_by').notNull(),
  setAt: instant('set_at').notNull(),
  nextLookAt: instant('next_look_at').notNull(),
  /** What `alert_pulse` was at the last look, and when something follows though it stays; null: nothing will. */
  pulse: bigint({ mode: 'bigint' }),
  dueAt: instant('due_at'),
});

/** Where alerts go, its secret sealed, and how it fares. */
export const alertRoute = pgTable('alert_route', {
  name: text().primaryKey(),
  version: integer().notNull(),
  route: jsonb().notNull(),
  sealed: text(),
  setBy: text('set_by').notNull(),
  setAt: instant('set_at').notNull(),
  failures: integer().notNull().default(0),
  /** Nothing is tried before. */
  retryAt: instant('retry_at'),
  failingSince: instant('failing_since'),
  lastAttemptAt: instant('last_attempt_at'),
  lastOutcome: text('last_outcome'),
  lastHttpStatus: integer('last_http_status'),
  lastAnswer: text('last_answer'),
  lastDeliveredAt: instant('last_delivered_at'),
});

/** Rules and routes as somebody set or took them away. Never changed. */
export const alertSetting = pgTable(
  'alert_setting',
  {
    kind: text().notNull(),
    name: text().notNull(),
    version: integer().notNull(),
    /** Null: it was taken away. No secret is in it. */
    setting: jsonb(),
    actor: text().notNull(),
    setAt: instant('set_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.name, table.version, table.setAt] })],
);

/** One cause, from when it is seen until it is gone. It covers the changes after `from_seq`, up to `to_seq` once somebody has taken it. */
export const alert = pgTable(
  'alert',
  {
    /** UUIDv7. */
    alertId: uuid('alert_id').primaryKey(),
    rule: text().notNull(),
    cause: text().notNull(),
    severity: text().notNull(),
    status: text().notNull(),
    facts: jsonb().notNull(),
    fromSeq: bigint('from_seq', { mode: 'bigint' }).notNull(),
    toSeq: bigint('to_seq', { mode: 'bigint' }),
    seenSeq: bigint('seen_seq', { mode: 'bigint' }).notNull(),
    toldSeq: bigint('told_seq', { mode: 'bigint' }).notNull(),
    openedAt: instant('opened_at').notNull(),
    pagedAt: instant('paged_at'),
    toldAt: instant('told_at'),
    escalations: integer().notNull().default(0),
    takenAt: instant('taken_at'),
    takenBy: text('taken_by'),
    resolvedAt: instant('resolved_at'),
    resolution: text(),
  },
  (table) => [
    index('alert_unresolved').on(table.rule, table.cause).where(sql`${table.status} <> 'resolved'`),
    index('alert_paged').on(table.rule, table.pagedAt),
    index('alert_resolved').on(table.resolvedAt),
  ],
);

/** A message to a route: sent until it is taken, one of an alert after the other. */
export const alertDelivery = pgTable(
  'alert_delivery',
  {
    /** UUIDv7, and what the receiver knows it by. */
    deliveryId: uuid('delivery_id').primaryKey(),
    alertId: uuid('alert_id'),
    route: text().notNull(),
    message: jsonb().notNull(),
    status: text().notNull().default('waiting'),
    createdAt: instant('created_at').notNull(),
    attempts: integer().notNull().default(0),
    /** Of these, how many ended so that the route may have taken it. */
    unsure: integer().notNull().default(0),
    /** Of these, how many because whoever sent it ended before it could say how that ended. */
    killed: integer().notNull().default(0),
    /** While it waits: when it is sent at the earliest; while it is being sent: when that is given up for dead. */
    nextAttemptAt: instant('next_attempt_at').notNull(),
    isUnderWay: boolean('is_under_way').notNull().default(false),
    deliveredAt: instant('delivered_at'),
  },
  (table) => [
    index('alert_delivery_to_send').on(table.route, table.deliveryId).where(sql`${table.status} = 'waiting'`),
    index('alert_delivery_alert').on(table.alertId, table.route),
    index('alert_delivery_route').on(table.route, table.deliveryId),
    index('alert_delivery_age').on(table.createdAt),
  ],
);

/** Each attempt to deliver: written before it is made, and again when it is known how it ended. */
export const alertDeliveryAttempt = pgTable(
  'alert_delivery_attempt',
  {
    deliveryId: uuid('delivery_id').notNull(),
    attempt: integer().notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    outcome: text(),
    httpStatus: integer('http_status'),
    answer: text(),
  },
  (table) => [primaryKey({ columns: [table.deliveryId, table.attempt] })],
);
