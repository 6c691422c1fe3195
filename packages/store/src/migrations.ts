import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this release's migrations are. */
export const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));

/** One step of the schema. `at` orders the steps and tells which were applied. */
export type Migration = { readonly name: string; readonly at: number; readonly statements: readonly string[] };

/** The steps of a folder, in their order. */
export function readMigrations(folder: string = migrationsFolder): Migration[] {
  const journal = JSON.parse(readFileSync(path.join(folder, 'meta/_journal.json'), 'utf8')) as { entries: { tag: string; when: number }[] };
  return journal.entries.map(({ tag, when }) => ({
    name: tag,
    at: when,
    statements: readFileSync(path.join(folder, `${tag}.sql`), 'utf8')
      .split('--> statement-breakpoint')
      .map((statement) => statement.trim()),
  }));
}
