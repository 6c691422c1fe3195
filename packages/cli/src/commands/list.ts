import { IdentityChangeJson } from '@keyturn/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import type { Io } from '../io.ts';
import { table } from '../text/table.ts';
import { when } from '../text/when.ts';
import { whatHappened, whoIs } from '../text/words.ts';
import { type FilterOptions, filterOf, withFilters } from './change-filters.ts';
import { contextOf } from './context.ts';
import { nextPage } from './next-page.ts';

const Page = z.object({ items: z.array(IdentityChangeJson), nextCursor: z.string().nullable() });

/** `keyturn list`: the changes that await a decision. */
export function addList(program: Command, io: Io): void {
  withFilters(program.command('list').description('the identity changes that await a decision, oldest first'))
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText(
      'after',
      '\nExamples:\n  keyturn list\n  keyturn list --awaits operator --limit 10\n  keyturn list --signal hash --older-than 4h\n  keyturn list --json | jq -r ".items[].contactId"',
    )
    .action(async ({ limit, cursor, ...options }: { limit: number; cursor?: string } & FilterOptions, command: Command) => {
      const { call, print } = contextOf(command, io);
      const more = { ...(cursor === undefined ? {} : { cursor }), ...(filterOf(options) as Record<string, string>) };
      const query = new URLSearchParams({ status: 'open', limit: String(limit), ...more });
      const raw = await call('GET', `/v1/identity-changes?${query}`);
      print(raw, () => linesOf(Page.parse(raw), io, command));
    });
}

function linesOf(
  { items, nextCursor }: z.infer<typeof Page>,
  { now: clock, columns }: Pick<Io, 'now' | 'columns'>,
  command: Command,
): string[] {
  const now = clock();
  if (items.length === 0) return ['Nobody waits for a decision.'];
  const rows = items.map(({ contactId, identifiers, identity, since, verification, ungated }) => [
    when(since, now),
    whoIs(identifiers),
    contactId,
    `${whatHappened(identity)}${askedWords(verification)}${ungated === undefined ? '' : `; ${ungated.messages} went past the gate`}`,
  ]);
  return [...table(['BLOCKED', 'WHO', 'CONTACT', 'WHAT'], rows, columns), ...nextPage(command, nextCursor)];
}

const byStatus = {
  waiting: 'is being asked',
  delivered: 'is asked',
  answered: 'could not tell',
  expired: 'did not answer',
  superseded: 'was asked',
};
const askedWords = (asked: IdentityChangeJson['verification']): string =>
  asked === undefined ? '' : `; ${asked.endpoint} ${byStatus[asked.status]}`;

/** A count of items on one page. */
export function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 200) return limit;
  throw new InvalidArgumentError('It is a whole number from 1 to 200.');
}
