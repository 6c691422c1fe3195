import { DeadLetterDecidedJson, type DeadLetterDecisionRequest, DeadLettersPage } from '@keyturn/contracts';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { deadLetterTable } from '../text/dead-letter.ts';
import { type Context, contextOf } from './context.ts';
import { codeOption, groupOption } from './dead-letter-options.ts';
import { type Letters, waitForRedrive } from './wait-for-redrive.ts';

type Action = 'redrive' | 'discard';
type Options = { group?: string; code?: string; all?: true; reason: string; yes?: true; wait?: boolean };
type Meant = Pick<DeadLetterDecisionRequest, 'ids' | 'filter'>;
const SHOWN_MAX = 10;

const consequences: Record<Action, string> = {
  redrive:
    'Each is read again by the consumer that could not decide on it, and by no other, as if it came now. What fails again is open again.',
  discard:
    'None of them will ever apply. Whoever is blocked because of one (evidence: an event could not be read) stays so until somebody acknowledges.',
};
const EXAMPLES: Record<Action, string> = {
  redrive: `
It needs scope admin. It shows how far it has come, and ends when all were read again; with --no-wait at once.

Examples:
  keyturn dead-letters redrive 01900000-0000-7000-8000-000000000001 --reason "mended in 1.4.2"
  keyturn dead-letters redrive --group identity --code event.undecided --reason "mended in 1.4.2"
  keyturn dead-letters redrive --all --reason "constraint dropped" --yes --json`,
  discard: `
Examples:
  keyturn dead-letters discard 01900000-0000-7000-8000-000000000001 --reason "sent by our load test"
  keyturn dead-letters discard --group consent --code event.undecodable --reason "written by hand, ticket 4711" --yes`,
};

/** `keyturn dead-letters redrive` and `… discard`. */
export function addDecisions(letters: Command, io: Io): void {
  addDecision(letters.command('redrive').description('let the consumer read them again, once what failed is mended'), 'redrive', io).option(
    '--no-wait',
    'do not wait until they were read again',
  );
  addDecision(letters.command('discard').description('decide that they need not apply; final'), 'discard', io);
}

function addDecision(command: Command, action: Action, io: Io): Command {
  return command
    .argument('[ids...]', 'which ones')
    .addOption(groupOption())
    .addOption(codeOption())
    .option('--all', 'all that are open')
    .requiredOption('--reason <why>', 'what was mended, or why they need not apply')
    .option('--yes', 'do not ask')
    .addHelpText('after', EXAMPLES[action])
    .action(async (ids: string[], options: Options, called: Command) => {
      const context = contextOf(called, io);
      const meant = meantBy(ids, options);
      if (!options.yes) await confirm(context, action, meant);
      const { decided, refused, decisionIds } = await decide(context, action, { ...meant, reason: options.reason });
      const letters = options.wait === true && decided > 0 ? await waitForRedrive(context, decisionIds, decided) : null;
      context.print({ decided, refused, decisionIds, letters }, () => linesOf(action, decided, letters));
      refuse(refused, letters);
    });
}

function meantBy(ids: readonly string[], { group, code, all }: Options): Meant {
  const byFilter = group !== undefined || code !== undefined || all === true;
  if (byFilter === ids.length > 0) throw failure(exitCodes.usage, 'Name dead letters by their ids, or with --group, --code or --all.');
  const filter = { ...(group === undefined ? {} : { group }), ...(code === undefined ? {} : { code }) } as NonNullable<Meant['filter']>;
  return byFilter ? { filter } : { ids: [...ids] };
}

async function confirm({ io, call }: Context, action: Action, { ids, filter }: Meant): Promise<void> {
  if (!io.interactive) throw failure(exitCodes.usage, 'Nobody can be asked here. Give --yes.');
  if (filter !== undefined) {
    const query = new URLSearchParams({ ...(filter as Record<string, string>), limit: '200' });
    const { items, nextCursor } = DeadLettersPage.parse(await call('GET', `/v1/dead-letters?${query}`));
    for (const line of deadLetterTable(items.slice(0, SHOWN_MAX), io.now())) io.err(line);
    io.err(`These are ${Math.min(items.length, SHOWN_MAX)} of ${items.length}${nextCursor === null ? '' : ' or more'}.`);
  }
  io.err(consequences[action]);
  const answer = await io.ask(`${action === 'redrive' ? 'Redrive' : 'Discard'} ${ids === undefined ? 'them' : ids.length}? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw failure(exitCodes.usage, 'Nothing was decided.');
}

type Decided = Pick<DeadLetterDecidedJson, 'decided' | 'refused'> & { readonly decisionIds: readonly string[] };
/** By filter page by page, so that each is met once. */
async function decide({ call }: Context, action: Action, request: DeadLetterDecisionRequest): Promise<Decided> {
  const answer = DeadLetterDecidedJson.parse(await call('POST', `/v1/dead-letters/${action}`, request));
  const decisionIds = answer.decided > 0 ? [answer.decisionId] : [];
  if (answer.nextCursor === null) return { ...answer, decisionIds };
  const rest = await decide({ call } as Context, action, { ...request, cursor: answer.nextCursor });
  return {
    decided: answer.decided + rest.decided,
    refused: [...answer.refused, ...rest.refused],
    decisionIds: [...decisionIds, ...rest.decisionIds],
  };
}

function linesOf(action: Action, decided: number, letters: Letters | null): string[] {
  if (action === 'discard') return [`Discarded: ${decided}.`];
  if (letters === null) return [`Requested: ${decided}.${decided === 0 ? '' : ' Their consumer reads them again within seconds.'}`];
  return [`Read again: ${letters.redriven} of ${decided}.${letters.open === 0 ? '' : ` Failed again: ${letters.open}.`}`];
}

/** Whatever was asked for and is not so makes the command end other than well. */
function refuse(refused: Decided['refused'], letters: Letters | null): void {
  if (letters !== null && letters.open > 0)
    throw failure(exitCodes.unexpected, `${letters.open} failed again and are open: keyturn dead-letters list shows the cause now.`);
  if (refused.length === 0) return;
  const each = refused.map(({ deadLetterId, status }) => `  ${deadLetterId} is ${status.replace('_', ' ')}`);
  throw failure(exitCodes.conflict, `On ${refused.length} nothing was decided, for they are not open:\n${each.join('\n')}`);
}
