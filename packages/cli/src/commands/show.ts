import { ExposureJson, RunbookForJson } from '@keyturn/contracts';
import type { Command } from 'commander';
import { findContact } from '../console/find-contact.ts';
import { namedActors } from '../console/named-actors.ts';
import type { Io } from '../io.ts';
import { contactText } from '../text/contact.ts';
import { exposureLine, ungatedLines } from '../text/exposure.ts';
import { runbookText } from '../text/runbook.ts';
import { contextOf } from './context.ts';

/** `keyturn show`: one contact. */
export function addShow(program: Command, io: Io): void {
  program
    .command('show')
    .description('a contact: who it is, whether it is blocked and why, consent, windows')
    .argument('<who>', 'contactId, number in any spelling, or BSUID')
    .option('--at <instant>', 'who held the number or BSUID then, e.g. 2026-03-01T12:00:00Z')
    .addHelpText(
      'after',
      '\nExamples:\n  keyturn show +966501234567\n  keyturn show 966501234567 --at 2026-03-01T12:00:00Z\n  keyturn show 01900000-0000-7000-8000-000000000001 --json',
    )
    .action(async (who: string, { at }: { at?: string }, command: Command) => {
      const { call, colors, print } = contextOf(command, io);
      const { contact, raw } = await findContact(call, who, at);
      const blocked = contact.identity.status === 'blocked';
      const went = blocked
        ? exposed(ExposureJson.parse(await call('GET', `/v1/contacts/${contact.contactId}/identity/exposure?limit=1`)), io.now())
        : [];
      const runbook = blocked
        ? runbookText(RunbookForJson.parse(await call('GET', `/v1/contacts/${contact.contactId}/identity/runbook`)))
        : [];
      const next = blocked
        ? ['', ...went, ...runbook, `Decide: keyturn ack ${contact.contactId} --same-person | --different-person --reason <why>`]
        : [];
      const named = await namedActors(call);
      print(raw, () => [...contactText(contact, io.now(), colors, named), ...next]);
    });
}

const exposed = (exposure: ExposureJson, now: Date): string[] => [exposureLine(exposure), ...ungatedLines(exposure.ungated, now)];
