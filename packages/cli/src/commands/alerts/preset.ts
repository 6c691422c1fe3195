import { AlertLanguage, AlertRouteJson, AlertRuleJson } from '@keyturn/contracts';
import { type Command, Option } from 'commander';
import type { Io } from '../../io.ts';
import { plain } from '../../text/plain.ts';
import { contextOf } from '../context.ts';
import { putRoute } from './put-route.ts';
import { putRule } from './put-rule.ts';

const NAME = 'daily-digest';
type Options = { mail: string[]; language: AlertLanguage; at: string; timeZone: string };

/** `keyturn alerts preset daily-digest`: what a team of one needs, in one command; again, it is set anew. */
export function addPreset(alerts: Command, io: Io): void {
  alerts
    .command('preset')
    .description('what a small team needs, in one command: a mail a day with all that awaits a decision (scope admin)')
    .addArgument(alerts.createArgument('<preset>', 'which').choices([NAME]))
    .requiredOption('--mail <address...>', 'who gets it')
    .addOption(new Option('--language <language>', 'in which language').choices(AlertLanguage.options).default('en'))
    .option('--at <time>', 'when, by the clock of --time-zone', '08:00')
    .option('--time-zone <zone>', 'such as Asia/Riyadh', Intl.DateTimeFormat().resolvedOptions().timeZone)
    .addHelpText('after', `\nExamples:\n  keyturn alerts preset ${NAME} --mail me@example.com --language ar --time-zone Asia/Riyadh`)
    .action(async (_preset: string, { mail, language, at, timeZone }: Options, command: Command) => {
      const { call, print } = contextOf(command, io);
      const route = await putRoute(call, NAME, { kind: 'email', to: mail, language });
      const rule = await putRule(call, NAME, { kind: 'digest', routes: [NAME], at, timeZone, isOn: true });
      print({ route, rule }, () => linesOf(AlertRouteJson.parse(route), AlertRuleJson.parse(rule)));
    });
}

const linesOf = ({ route }: AlertRouteJson, { rule }: AlertRuleJson): string[] => [
  `Each day at ${'at' in rule ? `${rule.at} (${rule.timeZone})` : ''} ${'to' in route ? plain(route.to.join(', ')) : ''} gets all that awaits a decision, each change with its link.`,
  `keyturn alert-routes test ${NAME} mails a test now; keyturn alert-rules remove ${NAME} ends it.`,
];
