import { date, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { bytes, instant } from '../columns.ts';

/** What is known of a number, account or template of ours. A number has two rows where the platform names it by its id and by the number itself:
 *  they meet by `display_number` when they are read, so it does not matter which came first. */
export const accountState = pgTable(
  'account_state',
  {
    kind: text().notNull(),
    id: text().notNull(),
    state: jsonb().notNull(),
    wabaId: text('waba_id'),
    displayNumber: text('display_number'),
    /** Of a number, as its newest messages show it, and when the newest came. */
    identityCheck: text('identity_check'),
    lastMessageAt: instant('last_message_at'),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.id] }), index('account_state_display').on(table.displayNumber, table.kind)],
);

/** What the platform said of each, as it was said: the history, and the record of what the state came from. Never changed. */
export const accountEntry = pgTable(
  'account_entry',
  {
    kind: text().notNull(),
    id: text().notNull(),
    eventId: text('event_id').notNull(),
    type: text().notNull(),
    detail: jsonb().notNull(),
    source: jsonb().notNull(),
    /** Null: the platform did not say when. */
    occurredAt: instant('occurred_at'),
    recordedAt: instant('recorded_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.id, table.eventId] }),
    index('account_entry_time').on(table.kind, table.id, table.recordedAt, table.eventId),
  ],
);

/** A bounded sample of the messages that a number of ours got on a day (UTC, by their own time): 8 bytes a message, 1,024 messages at most. */
export const accountDay = pgTable(
  'account_day',
  { phoneNumberId: text('phone_number_id').notNull(), day: date().notNull(), sample: bytes().notNull() },
  (table) => [primaryKey({ columns: [table.phoneNumberId, table.day] })],
);
