import { type ContactJson, ContactSearchJson, TimelineEntryJson } from '@keyturn/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { namedActors } from '../console/named-actors.ts';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { contactText } from '../text/contact.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { whoIs } from '../text/words.ts';
import { contextOf } from './context.ts';
import { timelineTable } from './timeline.ts';

const Entries = z.object({ items: z.array(TimelineEntryJson) });
const SHOWN_ENTRIES = 10;

/** `keyturn contact`: whoever somebody means, by whatever they typed. */
export function addContact(program: Command, io: Io): void {
  program
    .command('contact')
    .description('find a person by number, BSUID, contactId or how a name begins, and show all of it; of several, who they are')
    .argument('<q...>', 'what you have')
    .addHelpText(
      'after',
      '\nExamples:\n  keyturn contact +966 50 123 4567\n  keyturn contact Rania\n  keyturn contact rania --json | jq -r ".items[].contactId"',
    )
    .action(async (words: string[], _options: unknown, command: Command) => {
      const { call, print, colors } = contextOf(command, io);
      const raw = await call('POST', '/v1/contacts/search', { q: words.join(' ') });
      const { items, more } = ContactSearchJson.parse(raw);
      const [only] = items;
      if (only === undefined)
        throw failure(exitCodes.notFound, 'Nobody is known by this: no number, BSUID, contactId, and no name begins so.');
      if (items.length > 1)
        return print(raw, () => [...listed(items, io.columns), ...(more ? ['', 'There are more: type more of the name.'] : [])]);
      const { items: entries } = Entries.parse(await call('GET', `/v1/contacts/${only.contactId}/timeline?limit=${SHOWN_ENTRIES}`));
      const named = await namedActors(call);
      print(raw, () => [...contactText(only, io.now(), colors, named), '', ...timelineTable(entries, only.contactId, { ...io, named })]);
    });
}

function listed(items: readonly ContactJson[], columns: number | undefined): string[] {
  const rows = items.map(({ identifiers, profileName, identity, businessBlocked, contactId }) => [
    whoIs(identifiers),
    plain(profileName ?? ''),
    `${identity.status}${businessBlocked ? ', blocked by choice' : ''}`,
    contactId,
  ]);
  return table(['WHO', 'NAME', 'IDENTITY', 'CONTACT'], rows, columns);
}
