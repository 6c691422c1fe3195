import { AlertRule, AlertRuleJson, AlertRulesPage, AlertSeverity } from '@keyturn/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { namedActors } from '../../console/named-actors.ts';
import type { Io } from '../../io.ts';
import { rulesText } from '../../text/alert-rule.ts';
import { plain } from '../../text/plain.ts';
import { contextOf } from '../context.ts';
import { jsonOf } from '../json-option.ts';
import { putRule } from './put-rule.ts';

const KINDS = AlertRule.options.map(({ shape }) => shape.kind.value);
const HELP = `
Of a rule that is there, what is not named stays as it is. docs/alerts.md has what each kind tells, and what stands in --when.

Examples:
  keyturn alert-rules set strangers --kind identity_changes --routes on-call --when '{"optedInTo":["marketing"]}' --escalate 15:boss
  keyturn alert-rules set late --kind late --routes on-call pager --wait-seconds 120
  keyturn alert-rules set strangers --off`;
type Step = { afterMinutes: number; routes: string[] };
type Options = {
  readonly kind?: string;
  readonly routes?: string[];
  readonly when?: object;
  readonly severity?: AlertSeverity;
  readonly waitSeconds?: number;
  readonly updateMinutes?: number;
  readonly repageMinutes?: number;
  readonly escalate?: Step[];
  readonly at?: string;
  readonly timeZone?: string;
  readonly on?: true;
  readonly off?: true;
};

/** `keyturn alert-rules …`: what is looked for, and whom it is told. */
export function addAlertRules(program: Command, io: Io): void {
  const rules = program.command('alert-rules').description('what is looked for, and whom it is told: list, set, remove (scope admin)');
  rules
    .command('list')
    .description('all rules, by name')
    .addHelpText('after', '\nExamples:\n  keyturn alert-rules list')
    .action(async (_options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('GET', '/v1/alert-rules');
      const named = await namedActors(call);
      print(raw, () => rulesText(AlertRulesPage.parse(raw).items, { ...io, named }));
    });
  addSet(rules, io);
  rules
    .command('remove')
    .description('take a rule away; what it had open ends')
    .argument('<name>', 'as `keyturn alert-rules list` shows it')
    .addHelpText('after', '\nExamples:\n  keyturn alert-rules remove strangers')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      await call('DELETE', `/v1/alert-rules/${encodeURIComponent(name)}`);
      print({ name, removed: true }, () => [`${plain(name)} is gone, and what it had open is over.`]);
    });
}

function addSet(rules: Command, io: Io): void {
  rules
    .command('set')
    .description('make a rule, or change it')
    .argument('<name>', 'lower-case letters, digits and dashes; for good')
    .addOption(new Option('--kind <kind>', 'what is looked for').choices(KINDS))
    .option('--routes <name...>', 'who is told first')
    .option('--when <json>', 'on which condition', jsonOf)
    .addOption(new Option('--severity <severity>', 'how bad it is').choices(AlertSeverity.options))
    .option('--wait-seconds <count>', 'for so long it must last before anybody is told', countOf)
    .option('--update-minutes <count>', 'while nobody has taken it, news of it comes this often at most', countOf)
    .option('--repage-minutes <count>', 'after a page, the next of the same cause comes this much later', countOf)
    .option('--escalate <step...>', 'minutes:route,route; who else is told if nobody has taken it', stepsOf)
    .option('--at <time>', 'digest: when, such as 08:00')
    .option('--time-zone <zone>', 'digest: by which clock, such as Asia/Riyadh')
    .option('--on', 'look for it (again)')
    .addOption(new Option('--off', 'look for it no more, and end what is open').conflicts('on'))
    .addHelpText('after', HELP)
    .action(async (name: string, { on, off, ...wanted }: Options, command: Command) => {
      const { call, print } = contextOf(command, io);
      const isOn = on || off ? { isOn: on === true } : {};
      const raw = await putRule(call, name, { ...wanted, ...isOn });
      const named = await namedActors(call);
      print(raw, () => rulesText([AlertRuleJson.parse(raw)], { ...io, named }));
    });
}

function countOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 0 on.');
}

function stepsOf(text: string, before: readonly Step[] = []): Step[] {
  const [, minutes = '', routes = ''] = /^(\d{1,5}):(.+)$/.exec(text) ?? [];
  if (minutes === '') throw new InvalidArgumentError('It is minutes:route,route, such as 15:boss.');
  return [...before, { afterMinutes: Number(minutes), routes: routes.split(',') }];
}
