import { ConsentEntryJson, ConsentRecordedJson } from '@keyturn/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { findContact } from '../../console/find-contact.ts';
import { type Naming, namedActors } from '../../console/named-actors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { failure } from '../../failure.ts';
import type { Io } from '../../io.ts';
import { plain } from '../../text/plain.ts';
import { table } from '../../text/table.ts';
import { when } from '../../text/when.ts';
import { consentWords } from '../../text/words.ts';
import { contextOf } from '../context.ts';
import { jsonOf } from '../json-option.ts';
import { limitOf } from '../list.ts';
import { nextPage } from '../next-page.ts';
import { addImport } from './import.ts';

const Page = z.object({ items: z.array(ConsentEntryJson), nextCursor: z.string().nullable() });

/** `keyturn consents …`: what people agreed to, and what shows it (scopes `read` and `consent:write`). */
export function addConsents(program: Command, io: Io): void {
  const consents = program.command('consents').description('what people agreed to hear, and what shows it: list, record, import');
  consents
    .command('list')
    .description('what somebody said about consent, newest first, with its evidence')
    .argument('<who>', 'contactId, number in any spelling, or BSUID')
    .option('--limit <count>', 'how many at most (200 at once)', limitOf, 50)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .addHelpText('after', '\nExamples:\n  keyturn consents list +966501234567')
    .action(async (who: string, { limit, cursor }: { limit: number; cursor?: string }, command: Command) => {
      const { call, print } = contextOf(command, io);
      const { contact } = await findContact(call, who);
      const query = new URLSearchParams({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
      const raw = await call('GET', `/v1/contacts/${contact.contactId}/consents?${query}`);
      const named = await namedActors(call);
      print(raw, () => {
        const { items, nextCursor } = Page.parse(raw);
        return [...linesOf(items, { ...io, named }), ...nextPage(command, nextCursor, [contact.contactId])];
      });
    });
  addRecord(consents, io);
  addImport(consents, io);
}

type Said = { optIn?: string; optOut?: string; source: string; evidence?: object; at?: string };
function addRecord(consents: Command, io: Io): void {
  consents
    .command('record')
    .description('record what a contact agreed to, or wants no more (scope consent:write)')
    .argument('<who>', 'contactId, number in any spelling, or BSUID')
    .option('--opt-in <categories>', 'marketing, utility, authentication, service: one or several, with commas')
    .option('--opt-out <categories>', 'the same, for what they want no more')
    .requiredOption('--source <source>', 'ad, link, qr, ivr, web_form, in_app_signup, import or api')
    .option('--evidence <json>', 'what shows it; an opt-in needs some', jsonOf)
    .option('--at <instant>', 'when they said so, e.g. 2026-03-01T12:00:00Z; without it, now')
    .addHelpText(
      'after',
      `\nExamples:\n  keyturn consents record +966501234567 --opt-in marketing --source ivr --evidence '{"call":"IVR-7781","key":1}'\n  keyturn consents record +966501234567 --opt-out marketing,utility --source api`,
    )
    .action(async (who: string, { optIn, optOut, source, evidence, at }: Said, command: Command) => {
      if ((optIn === undefined) === (optOut === undefined)) throw failure(exitCodes.usage, 'Say one of --opt-in and --opt-out.');
      const { call, print } = contextOf(command, io);
      const { contact } = await findContact(call, who);
      const raw = await call('POST', `/v1/contacts/${contact.contactId}/consents`, {
        ...{ kind: optIn === undefined ? 'stop' : 'explicit', categories: (optIn ?? optOut ?? '').split(',').map((one) => one.trim()) },
        ...{ source, evidence: evidence ?? {}, occurredAt: at ?? io.now().toISOString() },
      });
      print(raw, () => {
        const { contactId, outcome, consent } = ConsentRecordedJson.parse(raw);
        const now = Object.entries(consent).map(([category, status]) => `  ${category}: ${consentWords(status, io.now())}`);
        return [outcome === 'recorded' ? `Recorded of ${contactId}. Now:` : `Nothing new of ${contactId}. Now:`, ...now];
      });
    });
}

const kinds = { explicit: 'opt-in', stop: 'opt-out', thread: 'wrote' };
function linesOf(items: z.infer<typeof Page>['items'], { now, columns, named }: Naming): string[] {
  if (items.length === 0) return ['Nothing was said about consent.'];
  const rows = items.map(({ occurredAt, kind, categories, source, identifier, actor, evidence }) => [
    ...[when(occurredAt, now()), kinds[kind], categories.join(', '), source, identifier.value, plain(named(actor))],
    plain(JSON.stringify(evidence)),
  ]);
  return table(['SAID', 'WHAT', 'FOR', 'SOURCE', 'AS', 'RECORDED BY', 'EVIDENCE'], rows, columns);
}
