import type { Migration } from './migrations.ts';

/** What only adds: the release before goes on as if it were not there. */
const ADDITIONS = [
  /^CREATE (UNLOGGED )?TABLE /,
  /^CREATE INDEX IF NOT EXISTS /,
  /^CREATE (OR REPLACE )?FUNCTION /,
  /^(GRANT|REVOKE) .* ON FUNCTION /,
  /^ALTER TABLE (ONLY )?\S+ SET \([^()]*\)$/,
  /^ALTER TABLE (ONLY )?\S+ ADD COLUMN (IF NOT EXISTS )?(?!.* NOT NULL)[^,]*$/,
  /^ALTER TABLE (ONLY )?\S+ ADD COLUMN (IF NOT EXISTS )?(?=.* DEFAULT )[^,]*$/,
];
const CONTRACT = /^-- contract: unused since \d+\.\d+\.\d+$/m;

/** Why the release before could not go on while this migration is applied or after; empty: it can. A migration that removes what no release reads
 *  any more says so at its head: `-- contract: unused since 0.2.0`. */
export function expandFaults({ name, statements }: Migration): string[] {
  if (CONTRACT.test(statements[0] ?? '')) return [];
  const plain = statements.map(withoutComments).filter((statement) => statement !== '');
  const newTables = plain.flatMap((statement) => /^CREATE (?:UNLOGGED )?TABLE (\S+)/.exec(statement)?.[1] ?? []);
  const isOnNewTable = (statement: string) => newTables.includes(/^CREATE (?:UNIQUE )?INDEX \S+ ON (\S+)/.exec(statement)?.[1] ?? '');
  return plain
    .filter((statement) => !isOnNewTable(statement) && !ADDITIONS.some((addition) => addition.test(statement)))
    .map(
      (statement) =>
        `${name}: the release before may not live with "${statement.slice(0, 80)}". Add now, remove a release later (docs/deploy.md)`,
    );
}

const withoutComments = (statement: string): string =>
  statement
    .replace(/^\s*--.*$/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/;$/, '')
    .trim();
