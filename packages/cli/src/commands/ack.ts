import {
  AcknowledgementJson,
  type AcknowledgementRequest,
  ContactId,
  type ContactJson,
  DecisionPreviewJson,
  IdentityView,
  RunbookForJson,
  type Verdict,
} from '@keyturn/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { findContact } from '../console/find-contact.ts';
import { type Named, namedActors } from '../console/named-actors.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Failure, failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { identityText } from '../text/contact.ts';
import { plain } from '../text/plain.ts';
import { consequences, previewText } from '../text/preview.ts';
import { runbookText } from '../text/runbook.ts';
import { evidenceLine } from '../text/words.ts';
import { type Context, contextOf } from './context.ts';
import { verdictOf } from './verdict-options.ts';

type Options = {
  samePerson?: true;
  differentPerson?: true;
  reason: string;
  note?: string;
  evidenceUrl?: string;
  keyHash?: string;
  version?: number;
  yes?: true;
};
const HELP = `
The decision is on exactly what was seen. Without --key-hash and --version the contact is read, shown with its evidence, and you are asked; in a
script --yes stands for your answer. With both, as for a program whose key may only decide, nothing is read: if something newer came in meanwhile, nothing is decided (exit code 4).

Examples:
  keyturn ack +966501234567 --same-person --reason "called the number in the core system"
  keyturn ack 01900000-0000-7000-8000-000000000001 --different-person --reason "old holder has a new number" --note "ticket 4711"
  keyturn ack 01900000-0000-7000-8000-000000000001 --same-person --reason branch --key-hash "Yw...=" --version 3 --json`;

/** `keyturn ack`: decides on exactly the change that was seen. */
export function addAck(program: Command, io: Io): void {
  program
    .command('ack')
    .description('decide on an identity change: the same person, or a different one')
    .argument('<who>', 'contactId, number in any spelling, or BSUID')
    .option('--same-person', 'the person we knew: sending is allowed again')
    .option('--different-person', 'somebody else: the number starts afresh as a new contact')
    .requiredOption('--reason <why>', 'what was verified, and how')
    .option('--note <text>', 'anything else to remember')
    .option('--evidence-url <url>', 'where the proof is')
    .option('--key-hash <hash>', "the keyHash that was seen; '' where none was known")
    .option('--version <number>', 'the version that was seen', versionOf)
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(async (who: string, options: Options, command: Command) => {
      const context = contextOf(command, io);
      const verdict = verdictOf(options);
      const { contactId, keyHash, version } = await seenOf(context, who, verdict, options);
      const { reason, note, evidenceUrl } = options;
      const more = { ...(note === undefined ? {} : { note }), ...(evidenceUrl === undefined ? {} : { evidenceUrl }) };
      const body: AcknowledgementRequest = { keyHash, version, verdict, reason, ...more };
      const raw = await context.call('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, body).catch((error: Failure) => {
        for (const line of newsOf(error, io)) io.err(line);
        throw error;
      });
      const named = await namedActors(context.call);
      context.print(raw, () => linesOf(AcknowledgementJson.parse(raw), named));
    });
}

type Seen = { readonly contactId: string; readonly keyHash: string | null; readonly version: number };
/** What the decision is on: as given, or as read just now and confirmed. */
async function seenOf(context: Context, who: string, verdict: Verdict, { keyHash, version, yes }: Options): Promise<Seen> {
  if ((keyHash === undefined) !== (version === undefined)) {
    throw failure(exitCodes.usage, 'Give both --key-hash and --version as they were seen, or neither.');
  }
  if (keyHash !== undefined && version !== undefined) {
    const contactId = ContactId.safeParse(who).data ?? (await findContact(context.call, who)).contact.contactId; // a key may decide and not read
    return { contactId, keyHash: keyHash === '' ? null : keyHash, version };
  }
  const { contact } = await findContact(context.call, who);
  const { contactId, identity } = contact;
  if (identity.status !== 'blocked') {
    throw failure(exitCodes.conflict, `${contactId} is not blocked (${identity.status}): there is nothing to decide.`);
  }
  if (!yes) await confirm(context, contact, verdict);
  return { contactId, keyHash: identity.keyHash, version: identity.version };
}

async function confirm({ io, call, colors }: Context, contact: ContactJson, verdict: Verdict): Promise<void> {
  if (!io.interactive) {
    throw failure(
      exitCodes.usage,
      'Nobody can be asked here. Give --yes, or --key-hash and --version for a decision on what was seen before.',
    );
  }
  const { contactId, identity } = contact;
  const raw = await call('POST', `/v1/contacts/${contactId}/identity/preview`, { keyHash: identity.keyHash, version: identity.version });
  const preview = previewText(DecisionPreviewJson.parse(raw), verdict);
  const runbook = runbookText(RunbookForJson.parse(await call('GET', `/v1/contacts/${contactId}/identity/runbook`)));
  for (const line of [...identityText(contact, io.now(), colors), '', ...runbook, ...preview]) io.err(line);
  const answer = await io.ask('Decide so? [y/N] ');
  if (!/^y(es)?$/i.test(answer.trim())) throw failure(exitCodes.usage, 'Nothing was decided.');
}

const Moved = z.object({ code: z.literal('identity.conflict'), identity: IdentityView });
/** What there is now, where a decision was refused because that is not what it saw. */
function newsOf({ problem }: Failure, { now }: Io): string[] {
  const moved = Moved.safeParse(problem);
  if (!moved.success) return [];
  const { status, version, keyHash, evidence } = moved.data.identity;
  return [
    plain(`Now it is ${status}, version ${version}, key ${keyHash ?? '(none known)'}.`),
    ...evidence.map((one) => `  ${evidenceLine(one, now())}`),
  ];
}

function linesOf({ contactId, decision, identity }: AcknowledgementJson, named: Named): string[] {
  const { verdict, actor, newContactId } = decision;
  const holder = newContactId === undefined ? [] : [`Whoever has the number now is contact ${newContactId}.`];
  return [
    plain(`Acknowledged by ${named(actor)}. ${consequences[verdict]}`),
    ...holder,
    `${contactId} is ${identity.status} (version ${identity.version}).`,
  ];
}

function versionOf(text: string): number {
  const version = Number(text);
  if (Number.isInteger(version) && version >= 1) return version;
  throw new InvalidArgumentError('It is a whole number from 1 on.');
}
