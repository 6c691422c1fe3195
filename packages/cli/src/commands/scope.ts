import { ScopeMoveJson, type ScopeMoveRequest, ScopesPage } from '@keyturn/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { type Context, contextOf } from './context.ts';

const MOVE_TIMEOUT_MS = 3_600_000;
const HELP = `
A scope is as a rule one business portfolio: within it a number is one person, and so is a BSUID. Every WABA begins in the scope default, where BSUIDs are
compared within their WABA only. First you are shown what would follow, and asked. While people are moved, and while that is worked out, nothing else is
applied: webhooks wait in Kafka.

Examples:
  keyturn scope move 102290129340398 acme --reason "portfolio of its own"
  keyturn scope move 102290129340398 acme --reason "portfolio of its own" --preview
  keyturn scope move 102290129340398 acme --reason "portfolio of its own" --yes`;
type Options = { reason: string; preview?: true; yes?: true };

/** `keyturn scope …`: which WABA is in which scope (scope `read`), and moving one (scope `admin`). */
export function addScope(program: Command, io: Io): void {
  const scope = program.command('scope').description('which WABA is in which scope: list, move');
  scope
    .command('list')
    .description('every WABA that is known, its scope, and its numbers')
    .addHelpText('after', '\nExamples:\n  keyturn scope list')
    .action(async (_options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('GET', '/v1/scopes');
      print(raw, () => linesOf(ScopesPage.parse(raw)));
    });
  scope
    .command('move')
    .description('move a WABA to another scope, with everybody whom it knows')
    .argument('<wabaId>', 'as `keyturn scope list` shows it')
    .argument('<scope>', 'up to 63 lower-case letters, digits, - and _')
    .requiredOption('--reason <why>', 'why')
    .option('--preview', 'only show what would follow')
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(async (wabaId: string, to: string, { reason, preview, yes }: Options, command: Command) => {
      const context = contextOf(command, io);
      const asked = { wabaId, scope: to, reason };
      if (preview || !yes) {
        const raw = await post(context, { ...asked, preview: true });
        if (preview) return context.print(raw, () => textOf(ScopeMoveJson.parse(raw)));
        await confirm(context, ScopeMoveJson.parse(raw));
      }
      const raw = await post(context, { ...asked, preview: false });
      context.print(raw, () => textOf(ScopeMoveJson.parse(raw)));
    });
}

const post = ({ call }: Context, body: z.input<typeof ScopeMoveRequest>) =>
  call('POST', '/v1/scope-moves', body, { timeoutMs: MOVE_TIMEOUT_MS });

async function confirm({ io }: Context, preview: ScopeMoveJson): Promise<void> {
  if (!io.interactive)
    throw failure(exitCodes.usage, 'Nobody can be asked here. Give --preview to see what would follow, and --yes to do it.');
  for (const line of textOf(preview)) io.err(line);
  const answer = await io.ask('Move it so? [y/N] ');
  if (!/^y(es)?$/i.test(answer.trim())) throw failure(exitCodes.usage, 'Nothing was moved.');
}

function textOf({ wabaId, from, to, phoneNumberIds, preview, moved, copied, merged, identifiers }: ScopeMoveJson): string[] {
  const numbers = phoneNumberIds.length === 0 ? 'none of its numbers is known yet' : `its numbers: ${phoneNumberIds.join(', ')}`;
  return [
    `WABA ${wabaId} ${preview ? 'would go' : 'went'} from scope ${from} to ${to} (${numbers}).`,
    `  ${moved} contacts ${preview ? 'would go' : 'went'} along: nobody else knows them`,
    `  ${copied} ${preview ? 'would stay and be' : 'stayed and are'} known in ${to} as well: other WABAs know them too`,
    `  ${merged} ${preview ? 'would become' : 'became'} one with another contact in ${to}`,
    `  ${identifiers} identifiers in all`,
  ];
}

function linesOf({ items }: z.infer<typeof ScopesPage>): string[] {
  if (items.length === 0) return ['No webhook has come in yet.'];
  const rows = items.map(({ wabaId, scope, phoneNumberIds }) => [plain(scope), plain(wabaId), phoneNumberIds.map(plain).join(', ') || '-']);
  return table(['SCOPE', 'WABA', 'NUMBERS'], rows);
}
