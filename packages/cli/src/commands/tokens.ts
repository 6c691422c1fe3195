import { PlatformTokenJson, PlatformTokensPage, PlatformTokensResealedJson } from '@keyturn/contracts';
import type { Command } from 'commander';
import { type Named, namedActors } from '../console/named-actors.ts';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { when } from '../text/when.ts';
import { contextOf } from './context.ts';

const SET_HELP = `
The token is asked for, and not shown, or read from standard input; it is never given on the command line, where others could read it.
Once it is held, a sender needs no token of the platform: its bearer at the gate is a key of keyturn with the scope send.

Examples:
  keyturn tokens set --number 106540352242922
  keyturn tokens set --waba 102290129340398 < token.txt`;
const RESEAL_HELP = `
To change KEYTURN_TOKEN_KEY: set it to 'new,old' at the console and at the gate, run this, then leave the old one out.

Examples:
  keyturn tokens reseal`;

/** `keyturn tokens …`: the platform's tokens that the gate sends with. */
export function addTokens(program: Command, io: Io): void {
  const tokens = program
    .command('tokens')
    .description('the platform’s tokens that the gate holds: set, list, remove, reseal (scope admin)');
  addSet(tokens, io);
  tokens
    .command('list')
    .description('whose tokens are held or were, and who set and removed them; never the tokens themselves')
    .addHelpText('after', '\nExamples:\n  keyturn tokens list')
    .action(async (_options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('GET', '/v1/platform-tokens');
      const named = await namedActors(call);
      print(raw, () => linesOf(PlatformTokensPage.parse(raw).items, named, io.now()));
    });
  tokens
    .command('remove')
    .description('erase a token: within a second nothing is sent with it')
    .argument('<tokenId>', 'as `keyturn tokens list` shows it')
    .addHelpText('after', '\nExamples:\n  keyturn tokens remove 01900000-0000-7000-8000-000000000001')
    .action(async (tokenId: string, _options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      await call('DELETE', `/v1/platform-tokens/${encodeURIComponent(tokenId)}`);
      print({ tokenId, removed: true }, () => [`${plain(tokenId)} is erased. It is still good at the platform: revoke it there as well.`]);
    });
  tokens
    .command('reseal')
    .description('encrypt every token with the current key')
    .addHelpText('after', RESEAL_HELP)
    .action(async (_options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('POST', '/v1/platform-tokens/reseal');
      print(raw, () => resealedText(PlatformTokensResealedJson.parse(raw)));
    });
}

function addSet(tokens: Command, io: Io): void {
  tokens
    .command('set')
    .description('give the gate the token of a number or WABA, in place of the one before')
    .option('--number <phoneNumberId>', 'for one number of ours, as `keyturn numbers` shows it')
    .option('--waba <wabaId>', 'for all numbers of a WABA that have none of their own')
    .addHelpText('after', SET_HELP)
    .action(async ({ number, waba }: { number?: string; waba?: string }, command: Command) => {
      if ((number === undefined) === (waba === undefined)) throw failure(exitCodes.usage, 'Give --number or --waba, one of the two.');
      const { call, print } = contextOf(command, io);
      const token = (await io.ask('The platform’s token (it is not shown): ', { hidden: true })).trim();
      if (token === '') throw failure(exitCodes.usage, 'There is no token on standard input.');
      const of = number === undefined ? { wabaId: waba } : { phoneNumberId: number };
      const raw = await call('POST', '/v1/platform-tokens', { ...of, token });
      print(raw, () => {
        const { tokenId } = PlatformTokenJson.parse(raw);
        return [`The gate holds it as ${tokenId}, encrypted, and sends with it for whoever has a key with the scope send.`];
      });
    });
}

const states = { current: 'held', previous: 'held, under the previous key', unreadable: 'unreadable: set it again' } as const;
const holderOf = ({ phoneNumberId, wabaId }: PlatformTokenJson) =>
  phoneNumberId === null ? `WABA ${plain(wabaId ?? '')}` : `number ${plain(phoneNumberId)}`;

function linesOf(tokens: readonly PlatformTokenJson[], named: Named, now: Date): string[] {
  if (tokens.length === 0) return ['The gate holds no token: senders bring the platform’s, and a key as X-Keyturn-Key.'];
  const rows = tokens.map((token) => [
    ...[token.tokenId, holderOf(token), token.seal === null ? 'erased' : states[token.seal]],
    ...[`${when(token.setAt, now)} ${plain(named(token.setBy))}`],
    token.removedAt === null ? '-' : `${when(token.removedAt, now)} ${plain(token.removedBy === null ? '' : named(token.removedBy))}`,
  ]);
  return table(['TOKEN', 'OF', 'STATE', 'SET', 'REMOVED'], rows);
}

const resealedText = ({ resealed, unreadable }: PlatformTokensResealedJson): string[] => [
  `${resealed} tokens are under the current key now.`,
  ...(unreadable === 0
    ? []
    : [`${unreadable} could be opened by no key of the console: \`keyturn tokens list\` has them; set them again.`]),
];
