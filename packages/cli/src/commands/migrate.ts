import type { MigrationPlan } from '@keyturn/store';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import { withInfrastructure } from '../infrastructure.ts';
import type { Io } from '../io.ts';
import { printerOf } from './printer.ts';

const HELP = `
It logs in with DATABASE_URL (or the file that DATABASE_URL_FILE names) and works on DATABASE_SCHEMA (default keyturn). That role owns the schema, and
needs CREATE on the database for the first run. The services need neither: give them a role of their own, and start them with MIGRATE_ON_START=false.

Running services go on meanwhile: a step waits for a table for two seconds at most, then lets the others go first.

Examples:
  keyturn migrate --check                        what would be done; exit code 7 where there is something to do
  keyturn migrate                                do it; a second run changes nothing
  keyturn migrate --grant-to keyturn_services    and give this role what the services need, and no more`;

type Options = { check?: boolean; grantTo?: string };

/** `keyturn migrate`: the schema, by credentials of its own. */
export function addMigrate(program: Command, io: Io): void {
  program
    .command('migrate')
    .description('bring the database schema to this release (DATABASE_URL, not the console)')
    .option('--check', 'say what would be done, and change nothing')
    .option('--grant-to <role>', 'the role that the services log in as: gets what they need')
    .addHelpText('after', HELP)
    .action((options: Options, command: Command) => withInfrastructure(() => run(options, command, io)));
}

async function run({ check = false, grantTo }: Options, command: Command, io: Io): Promise<void> {
  const { openSchema, migrationPlan, migrate } = await import('@keyturn/store'); // loaded for this command alone
  const database = openSchema(io.env);
  const print = printerOf(command, io);
  try {
    const plan = await migrationPlan(database);
    const before = { ...plan, pending: plan.pending.map(({ name }) => name) };
    if (check) {
      print({ ...before, changed: [] }, () => [...where(plan), ...planned(plan)]);
      if (plan.pending.length > 0) throw failure(exitCodes.behind, `${plan.pending.length} to do. Nothing was changed.`);
      return;
    }
    const changed = await migrate(database, io.now(), { grantTo });
    print({ ...before, pending: [], changed, grantedTo: grantTo ?? null }, () => [...where(plan), ...done(plan, changed, grantTo)]);
  } finally {
    await database.close();
  }
}

const where = ({ version, database, schema, role }: MigrationPlan) => [
  `PostgreSQL ${version}, database ${database}, schema ${schema}, as role ${role}`,
];

function planned({ applied, pending }: MigrationPlan): string[] {
  return [
    ...applied.map((name) => `  there    ${name}`),
    ...pending.flatMap(({ name, statements }) => [
      `  to do    ${name}`,
      ...statements.map((statement) => `             ${firstLine(statement)}`),
    ]),
    ...(pending.length === 0 ? ['The schema is what this release needs.'] : []),
  ];
}

function done({ applied }: MigrationPlan, changed: readonly string[], grantTo: string | undefined): string[] {
  return [
    ...applied.map((name) => `  there    ${name}`),
    ...changed.map((name) => `  done     ${name}`),
    ...(grantTo === undefined ? [] : [`  granted  what the services need, to ${grantTo}`]),
    'The schema is what this release needs.',
  ];
}

const firstLine = (statement: string): string =>
  (statement.split('\n').find((line) => line.trim() !== '' && !line.startsWith('--')) ?? '').replace(/ ?\($/, '');
