import { ApiKeyCreatedJson, ApiKeyJson, Scope } from '@keyturn/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import type { Io } from '../io.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { when } from '../text/when.ts';
import { contextOf } from './context.ts';
import { instantOf } from './instant-option.ts';

const Keys = z.object({ items: z.array(ApiKeyJson) });
const SCOPES_HELP = `
Scopes:
  read             see changes, contacts, timelines and dead letters
  identity:decide  acknowledge; also for your own verification service
  consent:write    record opt-ins and opt-outs
  contact:write    block a person by choice, and lift that
  send             ask the send gate, and send through it
  admin            all of these, keys, and what becomes of dead letters`;

/** `keyturn keys …`: who may use the API. */
export function addKeys(program: Command, io: Io): void {
  const keys = program.command('keys').description('the API keys: create, list, revoke (scope admin)');
  addCreate(keys, io);
  keys
    .command('list')
    .description('all keys, the newest first; never the keys themselves')
    .addHelpText('after', '\nExamples:\n  keyturn keys list\n  keyturn keys list --json')
    .action(async (_options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('GET', '/v1/keys');
      print(raw, () => linesOf(Keys.parse(raw).items, io.now()));
    });
  keys
    .command('revoke')
    .description('make a key useless at once')
    .argument('<keyId>', 'as `keyturn keys list` shows it; it is also in the key: kt_<keyId>_…')
    .addHelpText('after', '\nExamples:\n  keyturn keys revoke 0123456789abcdef')
    .action(async (keyId: string, _options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      await call('DELETE', `/v1/keys/${encodeURIComponent(keyId)}`);
      print({ keyId, revoked: true }, () => [`${keyId} is revoked.`]);
    });
}

function addCreate(keys: Command, io: Io): void {
  keys
    .command('create')
    .description('make a key; it is shown this once')
    .requiredOption('--name <name>', 'who or what it is for')
    .requiredOption('--scope <scope...>', `what it may do: ${Scope.options.join(', ')}`, scopesOf)
    .option('--expires <instant>', 'when it stops to work, e.g. 2027-01-01T00:00:00Z; without it, when it is revoked', instantOf)
    .addHelpText(
      'after',
      `${SCOPES_HELP}\n\nExamples:\n  keyturn keys create --name "on-call" --scope read identity:decide\n  keyturn keys create --name "branch app" --scope identity:decide --expires 2027-01-01T00:00:00Z --json`,
    )
    .action(async ({ name, scope, expires }: { name: string; scope: Scope[]; expires?: string }, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('POST', '/v1/keys', { name, scopes: scope, ...(expires === undefined ? {} : { expiresAt: expires }) });
      print(raw, () => {
        const { key, keyId, scopes } = ApiKeyCreatedJson.parse(raw);
        return [
          key,
          '',
          `Key ${keyId} may: ${scopes.join(', ')}. It is shown this once: store it now, and give it to programs as KEYTURN_API_KEY_FILE.`,
        ];
      });
    });
}

function linesOf(keys: readonly ApiKeyJson[], now: Date): string[] {
  if (keys.length === 0) return ['There is no key yet but the bootstrap key (KEYTURN_ADMIN_API_KEY).'];
  const rows = keys.map((key) => [key.keyId, stateOf(key, now), key.scopes.join(','), when(key.createdAt, now), plain(key.name)]);
  return table(['KEY', 'STATE', 'SCOPES', 'CREATED', 'NAME'], rows);
}

function stateOf({ revokedAt, expiresAt }: ApiKeyJson, now: Date): string {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt === null) return 'good';
  return Date.parse(expiresAt) <= now.getTime() ? 'expired' : `good, ends ${when(expiresAt, now)}`;
}

function scopesOf(text: string, before: readonly Scope[] = []): Scope[] {
  const scopes = text.split(',').map((one) => {
    const parsed = Scope.safeParse(one.trim());
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`It is one of ${Scope.options.join(', ')}.`);
  });
  return [...before, ...scopes];
}
