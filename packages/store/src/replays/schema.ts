import { jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** Who had which webhooks normalized again, and why. Never changed. */
export const replay = pgTable('replay', {
  replayId: uuid('replay_id').primaryKey(),
  /** The replay that this one goes on with, where that was interrupted. */
  continues: uuid(),
  actor: text().notNull(),
  /** The role that PostgreSQL let in. */
  role: text().notNull(),
  reason: text().notNull(),
  /** What was asked for: times, persons, or what was unrecognized. */
  selection: jsonb().notNull(),
  /** Which offsets of the webhooks' log that meant, by partition. */
  spans: jsonb().notNull(),
  requestedAt: instant('requested_at').notNull(),
});

/** How far a replay is: all before `next` is published. */
export const replayProgress = pgTable('replay_progress', {
  replayId: uuid('replay_id').primaryKey(),
  /** The offset to read on from, by partition. */
  next: jsonb().notNull(),
  /** What it came to so far. */
  counts: jsonb().notNull(),
  updatedAt: instant('updated_at').notNull(),
  endedAt: instant('ended_at'),
});
