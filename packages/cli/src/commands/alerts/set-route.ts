import { AlertLanguage, AlertRouteJson, AlertRoutesPage } from '@keyturn/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { exitCodes } from '../../exit-codes.ts';
import { failure } from '../../failure.ts';
import type { Io } from '../../io.ts';
import { plain } from '../../text/plain.ts';
import { type Context, contextOf } from '../context.ts';
import { putRoute } from './put-route.ts';

type Kind = AlertRouteJson['route']['kind'];
type Options = { kind?: Kind; to?: string[]; language?: AlertLanguage; secretVersion?: number; newSecret?: boolean };
const KINDS: readonly Kind[] = ['slack', 'pagerduty', 'email', 'webhook'];
/** What is asked for, and how the API calls it. */
const SECRETS: { readonly [Of in Kind]?: { readonly field: string; readonly question: string } } = {
  slack: { field: 'url', question: 'The URL of the incoming webhook (it is not shown): ' },
  pagerduty: { field: 'routingKey', question: 'The integration key, Events API v2 (it is not shown): ' },
};
const HELP = `
The URL of a Slack webhook and the key of PagerDuty are secrets: they are asked for, and not shown, or read from standard input; never given on the
command line, where others could read them. Of a route that is there, what is not named stays as it is.

Examples:
  keyturn alert-routes set on-call --kind slack < slack-url.txt
  keyturn alert-routes set pager --kind pagerduty --to https://events.eu.pagerduty.com/v2/enqueue
  keyturn alert-routes set team --kind email --to lead@example.com desk@example.com --language ar
  keyturn alert-routes set desk --kind webhook --to https://desk.example.com/alerts`;

/** `keyturn alert-routes set`: makes a route, or changes it. */
export function addRouteSet(routes: Command, io: Io): void {
  routes
    .command('set')
    .description('make a route, or change it')
    .argument('<name>', 'lower-case letters, digits and dashes; for good')
    .addOption(new Option('--kind <kind>', 'what it is; for good').choices(KINDS))
    .option('--to <where...>', 'e-mail: who gets it; webhook: its URL; PagerDuty: the URL of its service region')
    .addOption(new Option('--language <language>', 'in which language').choices(AlertLanguage.options))
    .option('--secret-version <number>', 'webhook: one more makes another secret; both sign', wholeOf)
    .option('--new-secret', 'Slack, PagerDuty: put another in the place of the one that is kept')
    .addHelpText('after', HELP)
    .action(async (name: string, options: Options, command: Command) => {
      const context = contextOf(command, io);
      const raw = await set(context, name, options);
      context.print(raw, () => {
        const { route, isComplete } = AlertRouteJson.parse(raw);
        const lacking = isComplete ? [] : ['It has no secret that can be read yet: give --new-secret.'];
        return [`${plain(route.name)} is set. keyturn alert-routes test ${plain(route.name)} tries it.`, ...lacking];
      });
    });
}

async function set({ call, io }: Context, name: string, { newSecret, to, ...wanted }: Options): Promise<unknown> {
  const { items } = AlertRoutesPage.parse(await call('GET', '/v1/alert-routes'));
  const there = items.find(({ route }) => route.name === name);
  const kind = wanted.kind ?? there?.route.kind;
  const where = to === undefined ? {} : addressOf(kind, to);
  const secret = kind === undefined ? undefined : SECRETS[kind];
  if (secret === undefined || (there !== undefined && newSecret !== true)) return putRoute(call, name, { ...wanted, ...where });
  const answer = (await io.ask(secret.question, { hidden: true })).trim();
  if (answer === '') throw failure(exitCodes.usage, 'There is no secret on standard input.');
  return putRoute(call, name, { ...wanted, ...where, [secret.field]: answer });
}

function addressOf(kind: Kind | undefined, to: readonly string[]): object {
  if (kind === 'email') return { to };
  if (kind === 'slack')
    throw failure(exitCodes.usage, 'The URL of a Slack webhook is a secret: leave --to out, and give it when asked, or on standard input.');
  if (to.length > 1) throw failure(exitCodes.usage, 'A route of this kind has one URL: give --to once.');
  return { url: to[0] };
}

function wholeOf(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1 on.');
}
