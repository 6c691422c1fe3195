import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** How the business verifies people, each version as somebody wrote it. Never changed; the largest version is the one that is shown. */
export const runbook = pgTable('runbook', {
  version: integer().primaryKey(),
  general: text(),
  rules: jsonb().notNull(),
  actor: text().notNull(),
  setAt: instant('set_at').notNull(),
});
