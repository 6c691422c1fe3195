import { PhoneNumberDetailJson, PhoneNumberJson } from '@keyturn/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Io } from '../io.ts';
import { numbersText, numberText } from '../text/number.ts';
import { contextOf } from './context.ts';
import { limitOf } from './list.ts';
import { nextPage } from './next-page.ts';

const Page = z.object({ items: z.array(PhoneNumberJson), nextCursor: z.string().nullable() });
const HELP = `
CHECK says whether the identity check is on, by the newest messages: on, partly, off (a stranger on a known number can't be seen), or unknown (too few
came). keyturn doctor --fix switches it on.

Examples:
  keyturn numbers                     all numbers of ours that were heard of
  keyturn numbers 106540352242922     one of them, by its phoneNumberId, with history and coverage
  keyturn numbers --json | jq -r '.items[] | select(.identityCheck.status == "off").phoneNumberId'`;

/** `keyturn numbers`: what the platform says of our own numbers, and whether the identity check is on. */
export function addNumbers(program: Command, io: Io): void {
  program
    .command('numbers')
    .description('our own numbers: name, quality, limit, restrictions, and whether the identity check is on')
    .argument('[phoneNumberId]', 'one of them, with its history and its coverage by day')
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 200)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText('after', HELP)
    .action(async (phoneNumberId: string | undefined, { limit, cursor }: { limit: number; cursor?: string }, command: Command) => {
      const { call, print, colors } = contextOf(command, io);
      if (phoneNumberId !== undefined) {
        const one = await call('GET', `/v1/phone-numbers/${encodeURIComponent(phoneNumberId)}`);
        return print(one, () => numberText(PhoneNumberDetailJson.parse(one), io.now(), colors));
      }
      const query = new URLSearchParams({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
      const raw = await call('GET', `/v1/phone-numbers?${query}`);
      const { items, nextCursor } = Page.parse(raw);
      print(raw, () => [...numbersText(items, io.now(), colors), ...nextPage(command, nextCursor)]);
    });
}
