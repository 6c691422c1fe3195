import { expect, it } from '@jest/globals';
import { expandFaults } from './migration-rules.fixture.ts';
import { readMigrations } from './migrations.ts';

/** Of the first release: nothing ran before them. */
const FIRST_RELEASE = ['0000_ground', '0001_relay'];

it.each(readMigrations().filter(({ name }) => !FIRST_RELEASE.includes(name)))(
  'the release before goes on while $name is applied',
  (migration) => {
    expect(expandFaults(migration)).toEqual([]);
  },
);

const of = (...statements: string[]) => expandFaults({ name: 'x', at: 0, statements });
it.each([
  ['a table', 'CREATE TABLE "t" ("a" text NOT NULL)'],
  ['a column that may be null', 'ALTER TABLE "t" ADD COLUMN "a" text'],
  ['a column with a default', 'ALTER TABLE "t" ADD COLUMN "a" integer DEFAULT 0 NOT NULL'],
  ['an index that may have been made by hand before', 'CREATE INDEX IF NOT EXISTS "i" ON "t" ("a")'],
  ['a function', 'CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DROP TABLE x $$'],
  ['room on a page', 'ALTER TABLE "t" SET (fillfactor = 80)'],
  ['something after a comment', '-- why\nCREATE TABLE "t" ()'],
])('allows %s', (_what, statement) => expect(of(statement)).toEqual([]));

it('allows any index on a table that it makes', () => {
  expect(of('CREATE TABLE "t" ("a" text)', 'CREATE UNIQUE INDEX "i" ON "t" ("a")', 'CREATE INDEX "j" ON "t" USING gin ("a")')).toEqual([]);
});

it.each([
  ['an index that holds up writers while it is made', 'CREATE INDEX "i" ON "t" ("a")'],
  ['an index that old writers may break', 'CREATE UNIQUE INDEX IF NOT EXISTS "i" ON "t" ("a")'],
  ['a column that must be told', 'ALTER TABLE "t" ADD COLUMN "a" text NOT NULL'],
  ['a column that is dropped', 'ALTER TABLE "t" DROP COLUMN "a"'],
  ['another name', 'ALTER TABLE "t" RENAME COLUMN "a" TO "b"'],
  ['another type', 'ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE bigint'],
  ['null that may be no more', 'ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL'],
  ['a default that is gone', 'ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT'],
  ['a rule that old rows or old writers may break', 'ALTER TABLE "t" ADD CONSTRAINT "c" CHECK ("a" > 0)'],
  ['a table that is dropped', 'DROP TABLE "t"'],
  ['rows that are rewritten', 'UPDATE "t" SET "a" = 1'],
  ['what is hidden behind an addition', 'ALTER TABLE "t" ADD COLUMN "a" text, DROP COLUMN "b"'],
])('refuses %s', (_what, statement) => expect(of(statement)).toEqual([expect.stringContaining('x:')]));

it('allows what nothing reads any more to go, where the file says since when', () => {
  expect(of('-- contract: unused since 0.2.0\nDROP TABLE "t"', 'ALTER TABLE "u" DROP COLUMN "a"')).toEqual([]);
});
