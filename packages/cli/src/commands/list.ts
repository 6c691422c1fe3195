import { IdentityChangeJson } from '@keyturn/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import type { Io } from '../io.ts';
import { table } from '../text/table.ts';
import { when } from '../text/when.ts';
import { whatHappened, whoIs } from '../text/words.ts';
import { contextOf } from './context.ts';

const Page = z.object({ items: z.array(IdentityChangeJson), nextCursor: z.string().nullable() });

/** `keyturn list`: the changes that await a decision. */
export function addList(program: Command, io: Io): void {
  program
    .command('list')
    .description('the identity changes that await a decision, oldest first')
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText('after', '\nExamples:\n  keyturn list\n  keyturn list --limit 10\n  keyturn list --json | jq -r ".items[].contactId"')
    .action(async ({ limit, cursor }: { limit: number; cursor?: string }, command: Command) => {
      const { call, print } = contextOf(command, io);
      const query = new URLSearchParams({ status: 'open', limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
      const raw = await call('GET', `/v1/identity-changes?${query}`);
      print(raw, () => linesOf(Page.parse(raw), io.now()));
    });
}

function linesOf({ items, nextCursor }: z.infer<typeof Page>, now: Date): string[] {
  if (items.length === 0) return ['Nobody waits for a decision.'];
  const rows = items.map(({ contactId, identifiers, identity, since }) => [
    when(since, now),
    whoIs(identifiers),
    contactId,
    whatHappened(identity),
  ]);
  const more = nextCursor === null ? [] : ['', `There are more: keyturn list --cursor ${nextCursor}`];
  return [...table(['BLOCKED', 'WHO', 'CONTACT', 'WHAT'], rows), ...more];
}

/** A count of items on one page. */
export function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 200) return limit;
  throw new InvalidArgumentError('It is a whole number from 1 to 200.');
}
