import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { addAck } from './commands/ack.ts';
import { addAlertRoutes } from './commands/alerts/alert-routes.ts';
import { addAlertRules } from './commands/alerts/alert-rules.ts';
import { addAlerts } from './commands/alerts/alerts.ts';
import { addAudit } from './commands/audit.ts';
import { addBlock } from './commands/block.ts';
import { addBulk } from './commands/bulk/bulk.ts';
import { addConsents } from './commands/consents/consents.ts';
import { addContact } from './commands/contact.ts';
import { addDeadLetters } from './commands/dead-letters.ts';
import { addDecisions } from './commands/decisions.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExposure } from './commands/exposure.ts';
import { addHealth } from './commands/health.ts';
import { addKeys } from './commands/keys.ts';
import { addList } from './commands/list.ts';
import { addMembers } from './commands/members.ts';
import { addMigrate } from './commands/migrate.ts';
import { addNumbers } from './commands/numbers.ts';
import { addReplay } from './commands/replay.ts';
import { addRunbook } from './commands/runbook.ts';
import { addScope } from './commands/scope.ts';
import { addShow } from './commands/show.ts';
import { addStorms } from './commands/storms.ts';
import { addTail } from './commands/tail.ts';
import { addTimeline } from './commands/timeline.ts';
import { addTokens } from './commands/tokens.ts';
import { addTopics } from './commands/topics.ts';
import { EXIT_CODES_HELP, exitCodes } from './exit-codes.ts';
import { exitOf, type Failure } from './failure.ts';
import type { Io } from './io.ts';

const HELP = `
The API key comes from KEYTURN_API_KEY, or from the file that KEYTURN_API_KEY_FILE names; for an instance on this machine (npm start) the admin key
that it stored under .keyturn/ is found by itself. It is never given on the command line, where others could read it. For a console elsewhere
~/.config/keyturn/config.json (or KEYTURN_CONFIG) may say once what it is: {"url": "https://…", "apiKeyFile": "key"}.

Examples:
  keyturn list                                   who waits for a decision
  keyturn show +966501234567                     what is known of this number's holder
  keyturn exposure +966501234567                 what may have gone to somebody else
  keyturn decisions +966501234567                why something was not sent to them
  keyturn ack +966501234567 --same-person --reason "called back"
  keyturn tail                                   identity changes as they happen
  keyturn storms                                 how many wait, and which share a cause
  keyturn bulk decide --group <group> --same-person --reason "carrier swapped SIM cards"
  keyturn block +966501234567 --reason "threats" by choice; unblock lifts it, blocks lists
  keyturn consents list +966501234567            what they agreed to hear, and what shows it; record, import
  keyturn numbers                                our own numbers, and whether the identity check is on
  keyturn alerts list                            what is wrong, and who is at it
  keyturn runbook list                           how people are verified, in your own words
  keyturn dead-letters list                      what a consumer could not decide on
  keyturn help ack                               more on one command
${EXIT_CODES_HELP}`;

/** Runs one command line and answers its exit code. With `--json` standard output gets exactly one JSON document, also of a refusal. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const program = programFor(io);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage; // it has said why
    const { problem, message } = error instanceof z.ZodError ? misread(error) : (error as Failure);
    if (program.opts<{ json?: boolean }>().json && problem) io.out(JSON.stringify(problem, null, 2));
    io.err(`keyturn: ${message}`);
    return exitOf(error);
  }
}

/** Something answered, and not as what this release asks. */
function misread({ issues: [first] }: z.ZodError): Pick<Failure, 'problem' | 'message'> {
  const where = first === undefined || first.path.length === 0 ? 'the answer' : first.path.map(String).join('.');
  return {
    message: `What was answered can't be understood (${where}: ${first?.message}). Is the address right, and is what answers of this release?`,
  };
}

function programFor(io: Io): Command {
  const program = new Command('keyturn')
    .description('Is the person behind a WhatsApp number still the person we knew? Lists who awaits a decision, shows why, decides.')
    .option('--url <url>', 'the console (KEYTURN_URL; default http://localhost:8081)')
    .option('--json', 'one JSON document, for scripts')
    .addHelpText('after', HELP)
    .showHelpAfterError('(keyturn help <command> says how)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) });
  const adds = [
    ...[
      addList,
      addStorms,
      addShow,
      addTimeline,
      addExposure,
      addDecisions,
      addAck,
      addBulk,
      addBlock,
      addConsents,
      addNumbers,
      addDeadLetters,
      addKeys,
      addTokens,
    ],
    ...[addAlerts, addAlertRoutes, addAlertRules],
    ...[addRunbook, addMembers, addAudit, addContact, addTail, addHealth, addDoctor, addMigrate, addTopics, addReplay, addScope],
  ];
  for (const add of adds) add(program, io);
  return program;
}
