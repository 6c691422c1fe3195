import { ExposureJson } from '@keyturn/contracts';
import type { Command } from 'commander';
import { findContact } from '../console/find-contact.ts';
import type { Io } from '../io.ts';
import { exposureText } from '../text/exposure.ts';
import { contextOf } from './context.ts';
import { limitOf } from './list.ts';
import { nextPage } from './next-page.ts';

/** `keyturn exposure`: what may have gone to somebody else. */
export function addExposure(program: Command, io: Io): void {
  program
    .command('exposure')
    .description('what went to a contact after the holder whom we knew last showed, before the block and since, newest first')
    .argument('<who>', 'contactId, number in any spelling, or BSUID')
    .option('--limit <count>', 'how many messages at most (200 at once)', limitOf, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText(
      'after',
      '\nExamples:\n  keyturn exposure +966501234567\n  keyturn exposure 01900000-0000-7000-8000-000000000001 --json | jq .beforeBlock',
    )
    .action(async (who: string, { limit, cursor }: { limit: number; cursor?: string }, command: Command) => {
      const { call, print } = contextOf(command, io);
      const { contact } = await findContact(call, who);
      const query = new URLSearchParams({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
      const raw = await call('GET', `/v1/contacts/${contact.contactId}/identity/exposure?${query}`);
      const exposure = ExposureJson.parse(raw);
      const more = nextPage(command, exposure.nextCursor, [contact.contactId]);
      print(raw, () => [...exposureText(exposure, io.now()), ...more]);
    });
}
