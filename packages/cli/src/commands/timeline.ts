import { DecisionRecord, TimelineEntryJson } from '@keyturn/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { findContact } from '../console/find-contact.ts';
import { type Naming, namedActors } from '../console/named-actors.ts';
import type { Io } from '../io.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { when } from '../text/when.ts';
import { contextOf } from './context.ts';
import { limitOf } from './list.ts';
import { nextPage } from './next-page.ts';

const Page = z.object({ items: z.array(TimelineEntryJson), nextCursor: z.string().nullable() });
const Decided = z.object({ decision: DecisionRecord });

/** `keyturn timeline`: the journal of one contact. */
export function addTimeline(program: Command, io: Io): void {
  program
    .command('timeline')
    .description('what happened to a contact: what, when, why and who, newest first')
    .argument('<who>', 'contactId, number in any spelling, or BSUID')
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText(
      'after',
      '\nExamples:\n  keyturn timeline +966501234567\n  keyturn timeline 01900000-0000-7000-8000-000000000001 --limit 5 --json',
    )
    .action(async (who: string, { limit, cursor }: { limit: number; cursor?: string }, command: Command) => {
      const { call, print } = contextOf(command, io);
      const { contact } = await findContact(call, who);
      const query = new URLSearchParams({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
      const raw = await call('GET', `/v1/contacts/${contact.contactId}/timeline?${query}`);
      const named = await namedActors(call);
      print(raw, () => {
        const { items, nextCursor } = Page.parse(raw);
        return [...timelineTable(items, contact.contactId, { ...io, named }), ...nextPage(command, nextCursor, [contact.contactId])];
      });
    });
}

/** Journal entries as a table, of the contact that is shown and of those merged into it. */
export function timelineTable(entries: readonly TimelineEntryJson[], contactId: string, { now, columns, named }: Naming): string[] {
  const rows = entries.map((entry) => [
    when(entry.occurredAt, now()),
    entry.type,
    plain(named(entry.actor)),
    plain(whyOf(entry, contactId)),
  ]);
  return table(['WHEN', 'WHAT', 'WHO', 'WHY'], rows, columns);
}

/** The decision with its reason, else the event behind it; and of a merged contact which one it was. */
function whyOf({ contactId, cause, detail }: TimelineEntryJson, shown: string): string {
  const decided = Decided.safeParse(detail);
  const why = decided.success
    ? `${decided.data.decision.verdict}: ${decided.data.decision.reason}`
    : (cause.reason ?? cause.eventType ?? '');
  return contactId === shown ? String(why) : `${why} (as ${contactId}, since merged)`;
}
