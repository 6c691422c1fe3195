import { GateDecisionJson } from '@keyturn/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { findContact } from '../console/find-contact.ts';
import { type Named, namedActors } from '../console/named-actors.ts';
import type { Io } from '../io.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { when } from '../text/when.ts';
import { contextOf } from './context.ts';
import { limitOf } from './list.ts';
import { nextPage } from './next-page.ts';

const Page = z.object({ items: z.array(GateDecisionJson), nextCursor: z.string().nullable() });

/** `keyturn decisions`: why something was not sent. */
export function addDecisions(program: Command, io: Io): void {
  program
    .command('decisions')
    .description('what the gate denied to a contact, or to anybody, with all reasons, newest first; of what it allowed a sample')
    .argument('[who]', 'contactId, number in any spelling, or BSUID; left out: anybody')
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText(
      'after',
      '\nExamples:\n  keyturn decisions +966501234567\n  keyturn decisions --json | jq -r ".items[].reasons[].code" | sort | uniq -c',
    )
    .action(async (who: string | undefined, { limit, cursor }: { limit: number; cursor?: string }, command: Command) => {
      const { call, print } = contextOf(command, io);
      const contactId = who === undefined ? undefined : (await findContact(call, who)).contact.contactId;
      const query = new URLSearchParams({
        ...(contactId === undefined ? {} : { contactId }),
        ...{ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) },
      });
      const raw = await call('GET', `/v1/decisions?${query}`);
      const named = await namedActors(call);
      print(raw, () => linesOf(Page.parse(raw), contactId, named, io.now(), command));
    });
}

function linesOf(
  { items, nextCursor }: z.infer<typeof Page>,
  contactId: string | undefined,
  named: Named,
  now: Date,
  command: Command,
): string[] {
  if (items.length === 0) return ['The gate has denied nothing here.'];
  const rows = items.map((one) => [
    when(one.decidedAt, now),
    one.decision,
    ...[one.category ?? '?', one.template ?? '', one.phoneNumberId, named(one.actor)].map(plain),
    ...(contactId === undefined ? [one.contactId ?? 'nobody known'] : []),
    whyOf(one),
  ]);
  const more = nextPage(command, nextCursor, contactId === undefined ? [] : [contactId]);
  const heading = ['WHEN', 'WHAT', 'CATEGORY', 'TEMPLATE', 'NUMBER', 'WHO', ...(contactId === undefined ? ['CONTACT'] : []), 'WHY'];
  return [...table(heading, rows), ...wordsOf(items), ...more];
}

/** The codes, and behind them, in brackets, those that would have denied it were they enforced. */
function whyOf({ reasons, shadowed }: GateDecisionJson): string {
  const codes = reasons.map(({ code }) => code).join(', ');
  return shadowed.length === 0 ? codes : `${codes} (${shadowed.map(({ code }) => code).join(', ')})`.trimStart();
}

/** What the codes mean, each once. */
function wordsOf(items: readonly GateDecisionJson[]): string[] {
  const words = new Map(items.flatMap(({ reasons }) => reasons.map(({ code, message, wayOut }) => [code, `${message.en} ${wayOut.en}`])));
  return words.size === 0 ? [] : ['', ...[...words].map(([code, text]) => plain(`${code}: ${text}`))];
}
