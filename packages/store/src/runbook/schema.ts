import { integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** How the business verifies people, each version as somebody wrote it. Never changed; the largest version is the one that is shown. */
export const runbook = pgTable('runbook', {
  version: integer().primaryKey(),
  general: text(),
  rules: jsonb().notNull(),
  actor: text().notNull(),
  setAt: timestamp('set_at', { withTimezone: true }).notNull(),
});
