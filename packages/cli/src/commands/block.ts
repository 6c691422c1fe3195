import { BlockedContactJson, BusinessBlockJson, type BusinessBlockRequest, ContactId } from '@keyturn/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { findContact } from '../console/find-contact.ts';
import type { Io } from '../io.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { when } from '../text/when.ts';
import { whoIs } from '../text/words.ts';
import { contextOf } from './context.ts';
import { limitOf } from './list.ts';
import { nextPage } from './next-page.ts';

const Page = z.object({ items: z.array(BlockedContactJson), nextCursor: z.string().nullable() });
type Why = { reason: string; note?: string };

/** `keyturn block`, `unblock` and `blocks`: who is blocked by choice (scopes `contact:write` and `read`). */
export function addBlock(program: Command, io: Io): void {
  addDecision(program, io, {
    ...{ name: 'block', method: 'PUT', does: 'block a person by choice: they stay so on their next number, and you hear when they write' },
    examples: '  keyturn block +966501234567 --reason "threats against staff" --note "case 4711"',
  });
  addDecision(program, io, {
    ...{ name: 'unblock', method: 'DELETE', does: 'lift the block by choice' },
    examples: '  keyturn unblock +966501234567 --reason "settled"',
  });
  program
    .command('blocks')
    .description('who is blocked by choice, the newest block first')
    .option('--wrote', 'only those who wrote or called since')
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText('after', '\nExamples:\n  keyturn blocks\n  keyturn blocks --wrote --json')
    .action(async ({ wrote, limit, cursor }: { wrote?: true; limit: number; cursor?: string }, command: Command) => {
      const { call, print } = contextOf(command, io);
      const query = new URLSearchParams({
        ...{ limit: String(limit) },
        ...(wrote === undefined ? {} : { wrote: 'true' }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      const raw = await call('GET', `/v1/business-blocks?${query}`);
      print(raw, () => linesOf(Page.parse(raw), io.now(), command));
    });
}

type Decision = { readonly name: string; readonly method: 'PUT' | 'DELETE'; readonly does: string; readonly examples: string };
function addDecision(program: Command, io: Io, { name, method, does, examples }: Decision): void {
  program
    .command(name)
    .description(does)
    .argument('<who>', 'contactId, number in any spelling, or BSUID')
    .requiredOption('--reason <why>', 'why')
    .option('--note <text>', 'anything else to remember')
    .addHelpText('after', `\nExamples:\n${examples}`)
    .action(async (who: string, { reason, note }: Why, command: Command) => {
      const { call, print } = contextOf(command, io);
      const contactId = ContactId.safeParse(who).data ?? (await findContact(call, who)).contact.contactId; // a key may block and not read
      const body: BusinessBlockRequest = { reason, ...(note === undefined ? {} : { note }) };
      const raw = await call(method, `/v1/contacts/${contactId}/business-block`, body);
      print(raw, () => [decided(BusinessBlockJson.parse(raw), io.now())]);
    });
}

const decided = ({ contactId, businessBlock }: BusinessBlockJson, now: Date): string =>
  businessBlock === null
    ? `${contactId} is not blocked by choice any more.`
    : plain(`${contactId} is blocked by choice since ${when(businessBlock.blockedAt, now)}: ${businessBlock.reason}`);

function linesOf({ items, nextCursor }: z.infer<typeof Page>, now: Date, command: Command): string[] {
  if (items.length === 0) return ['Nobody is blocked by choice.'];
  const rows = items.map(({ contactId, identifiers, businessBlock: { blockedAt, wroteAt, reason } }) => [
    when(blockedAt, now),
    whoIs(identifiers),
    contactId,
    wroteAt === null ? '-' : when(wroteAt, now),
    plain(reason),
  ]);
  return [...table(['BLOCKED', 'WHO', 'CONTACT', 'WROTE SINCE', 'WHY'], rows), ...nextPage(command, nextCursor)];
}
