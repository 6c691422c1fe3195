import { type BulkDecisionJson, type BulkDecisionRequest, BulkRehearsedJson, type SeenChange, type Verdict } from '@keyturn/contracts';
import type { Command } from 'commander';
import { findContact } from '../../console/find-contact.ts';
import { namedActors } from '../../console/named-actors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { failure } from '../../failure.ts';
import type { Io } from '../../io.ts';
import { bulkText } from '../../text/bulk.ts';
import { consequences } from '../../text/preview.ts';
import { type FilterOptions, filterOf, withFilters } from '../change-filters.ts';
import { type Context, contextOf } from '../context.ts';
import { verdictOf } from '../verdict-options.ts';
import { seenIn } from './seen-in.ts';
import { waitForBulk } from './wait-for-bulk.ts';

type Options = FilterOptions & {
  samePerson?: true;
  differentPerson?: true;
  reason: string;
  note?: string;
  evidenceUrl?: string;
  all?: true;
  changes?: string;
  dryRun?: true;
  yes?: true;
  wait: boolean;
};
const HELP = `
It makes the dry run, shows how many changes are meant and which of them can't be decided on, asks, and decides on exactly these, each by its own key hash and version.
What moved on meanwhile stays blocked: exit code 4 then, and keyturn bulk rows <bulkId> --outcome exception says which.

Examples:
  keyturn bulk decide --group "$GROUP" --same-person --reason "the carrier confirmed the SIM swap"
  keyturn bulk decide --signal hash --number 106540352242922 --same-person --reason "ticket 4711" --dry-run
  keyturn list --json --limit 200 > seen.json   # look at it, leave out whom you don't mean
  keyturn bulk decide --changes seen.json --same-person --reason "each was called back"
  keyturn bulk decide +966501234567 +966501234568 --different-person --reason "numbers were handed out anew" --yes --json`;

/** `keyturn bulk decide`: one verdict for many changes. */
export function addBulkDecide(bulk: Command, io: Io): void {
  withFilters(
    bulk
      .command('decide')
      .description('decide on many identity changes: those named, those in a file, or those that fit the filters')
      .argument('[who...]', 'contactIds, numbers or BSUIDs'),
  )
    .option('--all', 'all that are open')
    .option(
      '--changes <file>',
      'those in a file, each as it was seen there: what keyturn list --json says, or a list of {contactId, keyHash, version}; -: standard input',
    )
    .option('--same-person', 'the persons we knew: sending is allowed again')
    .option('--different-person', 'somebody else: each number starts afresh as a new contact')
    .requiredOption('--reason <why>', 'what was verified, and how')
    .option('--note <text>', 'anything else to remember')
    .option('--evidence-url <url>', 'where the proof is')
    .option('--dry-run', 'say what would be decided on, and decide on nothing')
    .option('--yes', 'do not ask')
    .option('--no-wait', 'do not wait until it is done')
    .addHelpText('after', HELP)
    .action(async (who: string[], options: Options, command: Command) => {
      const context = contextOf(command, io);
      const verdict = verdictOf(options);
      const { reason, note, evidenceUrl } = options;
      const more = { ...(note === undefined ? {} : { note }), ...(evidenceUrl === undefined ? {} : { evidenceUrl }) };
      const request = { ...(await meantBy(context, who, options)), verdict, reason, ...more };
      const raw = await context.call('POST', '/v1/bulk-decisions', request);
      const rehearsed = BulkRehearsedJson.parse(raw);
      const named = await namedActors(context.call);
      if (options.dryRun) return context.print(raw, () => [...bulkText(rehearsed, named), 'Nothing was decided.']);
      if (rehearsed.counts.waiting === 0) throw nothing(context, bulkText(rehearsed, named));
      if (!options.yes) await confirm(context, rehearsed, verdict);
      await run(context, rehearsed, options.wait);
    });
}

async function meantBy(
  { io, call }: Context,
  who: readonly string[],
  options: Options,
): Promise<Pick<BulkDecisionRequest, 'changes' | 'filter'>> {
  const filter = filterOf(options);
  const byFilter = Object.keys(filter).length > 0 || options.all === true;
  if ([byFilter, who.length > 0, options.changes !== undefined].filter(Boolean).length !== 1)
    throw failure(exitCodes.usage, 'Name the contacts, or a file with --changes, or say which changes by filters, or --all.');
  if (byFilter) return { filter };
  if (options.changes !== undefined) return { changes: await seenIn(io, options.changes) };
  const changes: SeenChange[] = [];
  for (const one of who) {
    const { contactId, identity } = (await findContact(call, one)).contact;
    changes.push({ contactId, keyHash: identity.keyHash, version: Math.max(1, identity.version) });
  }
  return { changes };
}

async function confirm({ io, call }: Context, rehearsed: BulkDecisionJson, verdict: Verdict): Promise<void> {
  if (!io.interactive)
    throw failure(exitCodes.usage, 'Nobody can be asked here. Give --yes, or --dry-run to see what would be decided on.');
  for (const line of [...bulkText(rehearsed, await namedActors(call)), '', consequences[verdict]]) io.err(line);
  const answer = await io.ask(`Decide so on ${rehearsed.counts.waiting}? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw failure(exitCodes.usage, 'Nothing was decided.');
}

async function run(context: Context, { bulkId, token }: BulkRehearsedJson, wait: boolean): Promise<void> {
  const { call, print } = context;
  const started = await call('POST', `/v1/bulk-decisions/${bulkId}/run`, { token });
  if (!wait) return print(started, () => [`It runs: keyturn bulk show ${bulkId} says how far it is.`]);
  const over = await waitForBulk(context, bulkId);
  const named = await namedActors(call);
  print(over, () => bulkText(over, named));
  refuse(over);
}

/** Whatever was meant and was not decided on makes the command end other than well. */
export function refuse({ bulkId, status, counts }: BulkDecisionJson): void {
  if (status === 'cancelled') throw failure(exitCodes.conflict, `It was cancelled; ${counts.waiting} are left undecided.`);
  const exceptions = counts.exceptions.reduce((sum, { count }) => sum + count, 0);
  if (exceptions > 0)
    throw failure(exitCodes.conflict, `On ${exceptions} nothing was decided: keyturn bulk rows ${bulkId} --outcome exception says which.`);
}

function nothing({ io }: Context, said: readonly string[]): Error {
  for (const line of said) io.err(line);
  return failure(exitCodes.conflict, 'None of these changes can be decided on, so nothing was.');
}
