import { ContactJson, StreamAsOf, StreamChange } from '@keyturn/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { follow, type StreamEvent } from '../console/follow.ts';
import type { Io } from '../io.ts';
import { plain } from '../text/plain.ts';
import { exact } from '../text/when.ts';
import { whatHappened, whoIs } from '../text/words.ts';
import { type Context, contextOf } from './context.ts';

const HELP = `
A line for each change as it happens: who is blocked now and why, and who no longer is (who changes twice within a second is said once). It goes on after the last one where the console was away, and ends with Ctrl-C, or
after --count changes. With --json each line is a JSON document of its own.

Examples:
  keyturn tail
  keyturn tail --json | jq -r 'select(.status == "blocked").contactId'
  keyturn tail --count 1 && notify-send "somebody is blocked"`;

/** `keyturn tail`: identity changes as they happen. */
export function addTail(program: Command, io: Io): void {
  program
    .command('tail')
    .description('identity changes as they happen: who is blocked, and who no longer is')
    .option('--count <count>', 'end after so many', countOf)
    .addHelpText('after', HELP)
    .action(async ({ count = Number.POSITIVE_INFINITY }: { count?: number }, command: Command) => {
      const context = contextOf(command, io);
      const { url, json } = command.optsWithGlobals<{ url?: string; json?: boolean }>();
      const onAway = (why: string) => io.err(`${exact(io.now().toISOString())}  ${why}`);
      let told = 0;
      let began = false;
      for await (const event of follow(url === undefined ? {} : { url }, io, onAway)) {
        const asOf = StreamAsOf.safeParse(event.data);
        if (!began && asOf.success && !json) io.err(`${asOf.data.openChanges} wait for a decision. What comes now:`);
        began ||= asOf.success;
        const line = await lineOf(context, event, json === true);
        if (line === null) continue;
        io.out(line);
        told += 1;
        if (told >= count) return;
      }
    });
}

/** What an event says; null: nothing that anybody waits for. */
async function lineOf({ call, io }: Context, { event, data }: StreamEvent, json: boolean): Promise<string | null> {
  if (event === 'reset')
    return json ? JSON.stringify({ reset: data }) : 'More happened than is told one by one: keyturn list shows what is open now.';
  const change = StreamChange.safeParse(data);
  if (event !== 'change' || !change.success) return null;
  if (json) return JSON.stringify(change.data);
  const { contactId, status, openChanges } = change.data;
  const contact = ContactJson.parse(await call('GET', `/v1/contacts/${contactId}`));
  const what = status === 'blocked' ? `blocked: ${whatHappened(contact.identity)}` : status;
  return plain(`${exact(io.now().toISOString())}  ${whoIs(contact.identifiers)}  ${what}  ${contactId}  (${openChanges} open)`);
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError('It is a whole number from 1 on.');
}
