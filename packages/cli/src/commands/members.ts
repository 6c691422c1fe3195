import { InvitationJson, MemberCreatedJson, MemberJson, Role } from '@keyturn/contracts';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { when } from '../text/when.ts';
import { type Context, contextOf } from './context.ts';

const Members = z.object({ items: z.array(MemberJson) });
const WHO = 'their e-mail address or id';

/** `keyturn members …`: who may sign in to the console, and as what. */
export function addMembers(program: Command, io: Io): void {
  const members = program.command('members').description('who may sign in: list, add, invite, role, disable, enable (scope admin)');
  members
    .command('list')
    .description('all members, by name')
    .addHelpText('after', '\nExamples:\n  keyturn members list\n  keyturn members list --json')
    .action(async (_options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('GET', '/v1/members');
      print(raw, () => linesOf(Members.parse(raw).items, io.now()));
    });
  addAdd(members, io);
  members
    .command('invite')
    .description('make a new link by which a member sets a password; the one before is of no use any more')
    .argument('<member>', WHO)
    .addHelpText('after', '\nExamples:\n  keyturn members invite huda@example.org')
    .action(async (who: string, _options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const { memberId } = await find(call, who);
      const raw = await call('POST', `/v1/members/${memberId}/invitation`);
      print(raw, () => invitationLines(InvitationJson.parse(raw), io.now()));
    });
  addChanges(members, io);
}

function addAdd(members: Command, io: Io): void {
  members
    .command('add')
    .description('make a member; the link by which they set a password is shown this once')
    .requiredOption('--name <name>', 'who it is')
    .requiredOption('--email <address>', 'by which they sign in')
    .addOption(new Option('--role <role>', 'what they may do').choices(Role.options).makeOptionMandatory())
    .addHelpText('after', '\nExamples:\n  keyturn members add --name "Huda" --email huda@example.org --role operator')
    .action(async (wanted: { name: string; email: string; role: Role }, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('POST', '/v1/members', wanted);
      print(raw, () => {
        const { member, invitation } = MemberCreatedJson.parse(raw);
        const how = invitation === null ? ['They come in by your organisation’s login.'] : invitationLines(invitation, io.now());
        return [`${plain(member.name)} is a member, as ${member.role}.`, ...how];
      });
    });
}

function addChanges(members: Command, io: Io): void {
  const changing = (change: (role: string) => object) => async (who: string, role: unknown, _options: unknown, command?: Command) => {
    const { call, print } = contextOf((command ?? _options) as Command, io);
    const { memberId } = await find(call, who);
    const raw = await call('PATCH', `/v1/members/${memberId}`, change(String(role)));
    print(raw, () => linesOf([MemberJson.parse(raw)], io.now()));
  };
  members
    .command('role')
    .description('give a member another role, from their next request on')
    .argument('<member>', WHO)
    .addArgument(members.createArgument('<role>', 'none: they may do nothing').choices([...Role.options, 'none']))
    .addHelpText('after', '\nExamples:\n  keyturn members role huda@example.org viewer')
    .action(changing((role) => ({ role: role === 'none' ? null : role })));
  members
    .command('disable')
    .description('sign a member out, and let them in no more')
    .argument('<member>', WHO)
    .addHelpText('after', '\nExamples:\n  keyturn members disable huda@example.org')
    .action(changing(() => ({ disabled: true })));
  members
    .command('enable')
    .description('let a member in again')
    .argument('<member>', WHO)
    .addHelpText('after', '\nExamples:\n  keyturn members enable huda@example.org')
    .action(changing(() => ({ disabled: false })));
}

async function find(call: Context['call'], who: string): Promise<MemberJson> {
  const { items } = Members.parse(await call('GET', '/v1/members'));
  const found = items.find(({ memberId, email }) => memberId === who.toLowerCase() || email === who.toLowerCase());
  if (found !== undefined) return found;
  throw failure(exitCodes.notFound, 'No member has this e-mail address or id: keyturn members list has them all.');
}

const invitationLines = ({ url, expiresAt }: InvitationJson, now: Date): string[] => [
  url,
  `They set a password there, once, until ${when(expiresAt, now)}. It is shown this once: give it to nobody else.`,
];

function linesOf(members: readonly MemberJson[], now: Date): string[] {
  if (members.length === 0) return ['Nobody may sign in yet: keyturn members add.'];
  const rows = members.map(({ memberId, name, email, role, disabledAt, lastLoginAt }) => [
    memberId,
    disabledAt === null ? (role ?? 'no role') : 'disabled',
    lastLoginAt === null ? 'never' : when(lastLoginAt, now),
    email ?? '–',
    plain(name),
  ]);
  return table(['MEMBER', 'ROLE', 'SIGNED IN', 'E-MAIL', 'NAME'], rows);
}
