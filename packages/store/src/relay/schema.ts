import { bigint, jsonb, pgTable, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, instant } from '../columns.ts';

/** Outbox rows that Kafka refuses whatever is tried: kept here, so that neither they are lost nor their shard stands still. Each start of a relay
 *  puts them back in the outbox once. */
export const outboxRefused = pgTable('outbox_refused', {
  position: bigint({ mode: 'bigint' }).primaryKey(),
  shard: smallint().notNull(),
  key: text().notNull(),
  topic: text().notNull(),
  headers: jsonb().notNull(),
  value: bytes().notNull(),
  stateTopic: text('state_topic'),
  state: bytes(),
  createdAt: instant('created_at').notNull(),
  reason: text().notNull(),
  refusedAt: instant('refused_at').notNull().defaultNow(),
});

/** How far the daily sweep of a slice's states has come. `after` is null between two rounds. */
export const stateSweep = pgTable('state_sweep', {
  slice: text().primaryKey(),
  after: uuid(),
  roundAt: instant('round_at').notNull(),
});
