import { bigint, date, index, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** How far each message of ours got, a row for each status, under the identifier that it came under: whose that is, is asked when it is read. Partitioned
 *  by month of `occurred_at` (see the migration); only ever added to, and dropped by the month. */
export const outboundStatus = pgTable(
  'outbound_status',
  {
    identifier: text().notNull(),
    occurredAt: instant('occurred_at').notNull(),
    wamid: text().notNull(),
    rank: smallint().notNull(),
    /** Its scope is that of the identifier. */
    wabaId: text('waba_id').notNull(),
    phoneNumberId: text('phone_number_id').notNull(),
    category: text(),
  },
  (table) => [primaryKey({ columns: [table.identifier, table.occurredAt, table.wamid, table.rank] })],
);

/** One row: since when messages of ours are recorded, and what of that is still kept. */
export const outboundKept = pgTable('outbound_kept', {
  one: smallint().primaryKey(),
  begunAt: instant('begun_at').notNull(),
  keptFrom: instant('kept_from').notNull(),
});

/** What went through the gate and the platform took: for whom it was judged, and the identity key hash that it carried. Partitioned by month of `sent_at`;
 *  only ever added to. */
export const outboundSent = pgTable(
  'outbound_sent',
  {
    wamid: text().notNull(),
    sentAt: instant('sent_at').notNull(),
    phoneNumberId: text('phone_number_id').notNull(),
    contactId: uuid('contact_id'),
    keyHash: text('key_hash'),
    category: text(),
    template: text(),
    actor: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.wamid, table.sentAt] })],
);

/** The numbers of ours that send through the gate, and since when. */
export const gateNumber = pgTable('gate_number', {
  phoneNumberId: text('phone_number_id').primaryKey(),
  firstSentAt: instant('first_sent_at').notNull(),
});

/** Messages of such a number of which the gate has said nothing yet: it may, until `due_at`. */
export const ungatedCandidate = pgTable(
  'ungated_candidate',
  {
    wamid: text().primaryKey(),
    identifier: text().notNull(),
    sentAt: instant('sent_at').notNull(),
    wabaId: text('waba_id').notNull(),
    phoneNumberId: text('phone_number_id').notNull(),
    source: text().notNull(),
    dueAt: instant('due_at').notNull(),
  },
  (table) => [index('ungated_candidate_due').on(table.dueAt)],
);

/** Messages that went out past the gate, under the identifier that they went to. Partitioned by month of `sent_at`; a row goes where the gate says after
 *  all that it knows the message. */
export const outboundUngated = pgTable(
  'outbound_ungated',
  {
    identifier: text().notNull(),
    sentAt: instant('sent_at').notNull(),
    wamid: text().notNull(),
    wabaId: text('waba_id').notNull(),
    phoneNumberId: text('phone_number_id').notNull(),
    source: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.identifier, table.sentAt, table.wamid] }), index('outbound_ungated_wamid').on(table.wamid)],
);

/** How many of them a number of ours had on a day (UTC, by their own time). */
export const ungatedDay = pgTable(
  'ungated_day',
  { phoneNumberId: text('phone_number_id').notNull(), day: date().notNull(), messages: bigint({ mode: 'bigint' }).notNull() },
  (table) => [primaryKey({ columns: [table.phoneNumberId, table.day] })],
);
/** When the platform last said of a number or BSUID that it could not bring a message there. Whether it could since, `outbound_status` knows. */
export const outboundUndeliverable = pgTable('outbound_undeliverable', {
  identifier: text().primaryKey(),
  failedAt: instant('failed_at').notNull(),
});
