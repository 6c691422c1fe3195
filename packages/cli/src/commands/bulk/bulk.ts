import { BulkDecisionJson, BulkDecisionsPage, BulkRowJson, BulkRowsPage } from '@keyturn/contracts';
import { type Command, Option } from 'commander';
import { namedActors } from '../../console/named-actors.ts';
import type { Io } from '../../io.ts';
import { bulkRowCells, bulkText } from '../../text/bulk.ts';
import { plain } from '../../text/plain.ts';
import { table } from '../../text/table.ts';
import { when } from '../../text/when.ts';
import { contextOf } from '../context.ts';
import { limitOf } from '../list.ts';
import { nextPage } from '../next-page.ts';
import { addBulkDecide, refuse } from './decide.ts';
import { waitForBulk } from './wait-for-bulk.ts';

/** `keyturn bulk`: one verdict for many changes, and what became of each. */
export function addBulk(program: Command, io: Io): void {
  const bulk = program.command('bulk').description('one verdict for many identity changes, and what became of each');
  addBulkDecide(bulk, io);
  addShow(bulk, io);
  addRows(bulk, io);
  addList(bulk, io);
  bulk
    .command('cancel')
    .description('decide on nothing more; what was decided stays')
    .argument('<bulkId>', 'which one')
    .addHelpText('after', '\nExamples:\n  keyturn bulk cancel 01900000-0000-7000-8000-000000000001')
    .action(async (bulkId: string, _options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('POST', `/v1/bulk-decisions/${encodeURIComponent(bulkId)}/cancel`, {});
      const named = await namedActors(call);
      print(raw, () => bulkText(BulkDecisionJson.parse(raw), named));
    });
}

function addShow(bulk: Command, io: Io): void {
  bulk
    .command('show')
    .description('how far one has come')
    .argument('<bulkId>', 'which one')
    .option('--wait', 'until it is over; exit code 4 where it left exceptions')
    .addHelpText('after', '\nExamples:\n  keyturn bulk show 01900000-0000-7000-8000-000000000001 --wait')
    .action(async (bulkId: string, { wait }: { wait?: true }, command: Command) => {
      const context = contextOf(command, io);
      const id = encodeURIComponent(bulkId);
      const raw = wait ? await waitForBulk(context, id) : await context.call('GET', `/v1/bulk-decisions/${id}`);
      const shown = BulkDecisionJson.parse(raw);
      const named = await namedActors(context.call);
      context.print(raw, () => bulkText(shown, named));
      if (wait) refuse(shown);
    });
}

function addRows(bulk: Command, io: Io): void {
  bulk
    .command('rows')
    .description('what became of each change')
    .argument('<bulkId>', 'which one')
    .addOption(new Option('--outcome <outcome>', 'only those').choices(BulkRowJson.shape.outcome.options))
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText('after', '\nExamples:\n  keyturn bulk rows 01900000-0000-7000-8000-000000000001 --outcome exception --json')
    .action(async (bulkId: string, { limit, ...asked }: { limit: number; outcome?: string; cursor?: string }, command: Command) => {
      const { call, print } = contextOf(command, io);
      const query = new URLSearchParams({ limit: String(limit), ...asked });
      const raw = await call('GET', `/v1/bulk-decisions/${encodeURIComponent(bulkId)}/rows?${query}`);
      const { items, nextCursor } = BulkRowsPage.parse(raw);
      print(raw, () => [
        ...table(['PLACE', 'CONTACT', 'OUTCOME', 'WHEN', 'WHY'], items.map(bulkRowCells), io.columns),
        ...nextPage(command, nextCursor),
      ]);
    });
}

function addList(bulk: Command, io: Io): void {
  bulk
    .command('list')
    .description('the newest ones')
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 20)
    .addHelpText('after', '\nExamples:\n  keyturn bulk list')
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('GET', `/v1/bulk-decisions?limit=${limit}`);
      const named = await namedActors(call);
      const rows = BulkDecisionsPage.parse(raw).items.map(({ bulkId, status, createdAt, counts, startedBy, createdBy, reason }) => [
        bulkId,
        status,
        `${counts.decided} of ${counts.total}`,
        when(createdAt, io.now()),
        plain(named(startedBy ?? createdBy)),
        plain(reason),
      ]);
      print(raw, () =>
        rows.length === 0 ? ['There is none.'] : table(['BULK', 'STATUS', 'DECIDED', 'MADE', 'BY', 'WHY'], rows, io.columns),
      );
    });
}
