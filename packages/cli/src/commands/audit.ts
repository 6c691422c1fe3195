import { AuditEntryJson } from '@keyturn/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { type Named, namedActors } from '../console/named-actors.ts';
import type { Io } from '../io.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { when } from '../text/when.ts';
import { contextOf } from './context.ts';
import { limitOf } from './list.ts';
import { nextPage } from './next-page.ts';

const Page = z.object({ items: z.array(AuditEntryJson), nextCursor: z.string().nullable() });
type Options = { actor?: string; action?: string; subject?: string; limit: number; cursor?: string };

/** `keyturn audit`: who did what, and how it ended. */
export function addAudit(program: Command, io: Io): void {
  program
    .command('audit')
    .description('who did what on what, newest first, and how it ended (scope admin)')
    .option('--actor <actor>', 'only of one: member:<memberId>, key:<keyId>')
    .option('--action <action>', 'only this, as the API calls it: acknowledge, createKey, login')
    .option('--subject <subject>', 'only on this: contact:<contactId>')
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText(
      'after',
      '\nExamples:\n  keyturn audit\n  keyturn audit --action acknowledge --limit 10\n  keyturn audit --json | jq -r ".items[].actor"',
    )
    .action(async ({ limit, ...wanted }: Options, command: Command) => {
      const { call, print } = contextOf(command, io);
      const query = new URLSearchParams({ limit: String(limit), ...wanted });
      const raw = await call('GET', `/v1/audit?${query}`);
      const named = await namedActors(call);
      print(raw, () => linesOf(Page.parse(raw), named, io.now(), command));
    });
}

function linesOf({ items, nextCursor }: z.infer<typeof Page>, named: Named, now: Date, command: Command): string[] {
  if (items.length === 0) return ['Nothing was done.'];
  const rows = items.map(({ at, actor, action, subject, status }) => [
    when(at, now),
    plain(named(actor)),
    action,
    status === null ? '?' : String(status),
    subject ?? '',
  ]);
  return [...table(['WHEN', 'WHO', 'WHAT', 'ENDED', 'ON WHAT'], rows), ...nextPage(command, nextCursor)];
}
