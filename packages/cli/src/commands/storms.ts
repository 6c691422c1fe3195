import { type ChangeGroupJson, IdentityChangeCountsJson } from '@keyturn/contracts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { when } from '../text/when.ts';
import { signalWords } from '../text/words.ts';
import { contextOf } from './context.ts';

/** `keyturn storms`: how many changes await a decision, and which of them share a cause. */
export function addStorms(program: Command, io: Io): void {
  program
    .command('storms')
    .description('how many changes await a decision, by cause and number; and the storms among them')
    .addHelpText(
      'after',
      '\nExamples:\n  keyturn storms\n  keyturn list --group <group>\n  keyturn storms --json | jq -r ".groups[0].group"',
    )
    .action(async (_options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('GET', '/v1/identity-changes/counts');
      print(raw, () => linesOf(IdentityChangeCountsJson.parse(raw), io));
    });
}

function linesOf({ open, bySignal, byPhoneNumber, byStake, groups }: IdentityChangeCountsJson, { now, columns }: Io): string[] {
  if (open === 0) return ['Nobody waits for a decision.'];
  const counted = (label: string, counts: readonly (readonly [string, number])[]) =>
    counts.length === 0 ? [] : [`${label.padEnd(10)} ${counts.map(([name, count]) => `${plain(name)} ${count}`).join(' · ')}`];
  const rows = groups.map((group) => [String(group.count), sharedWords(group), when(group.since, now()), group.group]);
  return [
    `${open} ${open === 1 ? 'waits' : 'wait'} for a decision.`,
    ...counted(
      'By cause',
      bySignal.map(({ signal, count }) => [signalWords(signal), count]),
    ),
    ...counted(
      'By number',
      byPhoneNumber.map(({ phoneNumberId, count }) => [phoneNumberId, count]),
    ),
    ...counted(
      'At stake',
      byStake.map(({ stake, count }) => [stake, count]),
    ),
    ...(rows.length === 0 ? [] : ['', ...table(['CHANGES', 'ALL', 'SINCE', 'GROUP'], rows, columns)]),
  ];
}

/** What the changes of a storm share: \`key changed on P1, +2010…\`. */
const sharedWords = ({ signal, phoneNumberId, numberPrefix }: ChangeGroupJson): string =>
  plain(
    `${signalWords(signal)}${phoneNumberId === null ? '' : ` on ${phoneNumberId}`}${numberPrefix === null ? ', without a number' : `, +${numberPrefix}…`}`,
  );
