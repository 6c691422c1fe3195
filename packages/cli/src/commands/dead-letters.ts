import { DeadLetterDetailJson, DeadLetterStatus, DeadLettersPage } from '@keyturn/contracts';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { namedActors } from '../console/named-actors.ts';
import type { Io } from '../io.ts';
import { deadLetterTable, deadLetterText } from '../text/dead-letter.ts';
import { contextOf } from './context.ts';
import { addDecisions } from './dead-letter-decisions.ts';
import { codeOption, groupOption } from './dead-letter-options.ts';
import { limitOf } from './list.ts';
import { nextPage } from './next-page.ts';

type ListOptions = { status: DeadLetterStatus; group?: string; code?: string; limit: number; cursor?: string };

/** `keyturn dead-letters …`: the records that a consumer could not decide on. */
export function addDeadLetters(program: Command, io: Io): void {
  const letters = program
    .command('dead-letters')
    .description('the records that a consumer could not decide on: list, show, redrive, discard');
  letters
    .command('list')
    .description('dead letters, the oldest first; numbers are masked')
    .addOption(new Option('--status <status>', 'in which status').choices(DeadLetterStatus.options).default('open'))
    .addOption(groupOption())
    .addOption(codeOption())
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText(
      'after',
      '\nExamples:\n  keyturn dead-letters list\n  keyturn dead-letters list --group identity --code event.undecided\n  keyturn dead-letters list --status discarded --json',
    )
    .action(async ({ limit, ...options }: ListOptions, command: Command) => {
      const { call, print } = contextOf(command, io);
      const query = new URLSearchParams({ ...options, limit: String(limit) });
      const raw = await call('GET', `/v1/dead-letters?${query}`);
      print(raw, () => linesOf(DeadLettersPage.parse(raw), options, io.now(), command));
    });
  letters
    .command('show')
    .description('a dead letter: what failed, the record as it was, what was decided')
    .argument('<id>', 'as `keyturn dead-letters list` shows it, or the header dead-letter-id of its topic')
    .addHelpText('after', '\nExamples:\n  keyturn dead-letters show 01900000-0000-7000-8000-000000000001')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('GET', `/v1/dead-letters/${encodeURIComponent(id)}`);
      const named = await namedActors(call);
      print(raw, () => deadLetterText(DeadLetterDetailJson.parse(raw), io.now(), named));
    });
  addDecisions(letters, io);
}

function linesOf(
  { items, nextCursor }: z.infer<typeof DeadLettersPage>,
  { status, group, code }: Omit<ListOptions, 'limit'>,
  now: Date,
  command: Command,
): string[] {
  if (items.length === 0) return [`There is no ${status} dead letter${group || code ? ' of these' : ''}.`];
  return [...deadLetterTable(items, now), ...nextPage(command, nextCursor)];
}
