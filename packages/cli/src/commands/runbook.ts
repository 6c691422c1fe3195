import { RunbookJson } from '@keyturn/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { namedActors } from '../console/named-actors.ts';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { plain } from '../text/plain.ts';
import { runbookLines, writtenLines } from '../text/runbook.ts';
import { type Context, contextOf } from './context.ts';
import { textFrom } from './input.ts';
import { jsonOf } from './json-option.ts';

const RULE = 'the name of a rule; left out: what holds in general';
const SET_HELP = `
The text is plain text, read from --file or from standard input. A rule that is not there is put last; of one that is, --when stays as it is where it is left
out. --when takes what a rule of the page has: evidence, phoneNumberIds, optedInTo (docs/console.md). What somebody else wrote meanwhile is not overwritten.

Examples:
  keyturn runbook set < how-we-verify.txt
  keyturn runbook set "New phone" --when '{"evidence":["hash"]}' --file new-phone.txt
  keyturn runbook show "New phone" --json | jq -r .text > new-phone.txt`;
type Options = { readonly file: string; readonly when?: object; readonly version?: number };
type Wanted = Pick<RunbookJson, 'general' | 'rules'>;

/** `keyturn runbook …`: how people are verified, in the business's own words. */
export function addRunbook(program: Command, io: Io): void {
  const runbook = program.command('runbook').description('how people are verified, in your own words: list, show, set, remove');
  runbook
    .command('list')
    .description('the rules in their order, when each is shown, and how its text begins; and who wrote it last')
    .addHelpText('after', '\nExamples:\n  keyturn runbook list')
    .action(async (_options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const raw = await call('GET', '/v1/runbook');
      const named = await namedActors(call);
      print(raw, () => runbookLines(RunbookJson.parse(raw), { ...io, named }));
    });
  runbook
    .command('show')
    .description('one text, as it was written')
    .argument('[rule]', RULE)
    .addHelpText('after', '\nExamples:\n  keyturn runbook show\n  keyturn runbook show "New phone"')
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const { call, print } = contextOf(command, io);
      const now = RunbookJson.parse(await call('GET', '/v1/runbook'));
      const rule = name === undefined ? null : ruleOf(now, name);
      const text = rule === null ? now.general : rule.text;
      if (text === null)
        throw failure(exitCodes.notFound, 'It says nothing in general: keyturn runbook set writes it, keyturn runbook list has its rules.');
      print(rule ?? { general: text }, () => writtenLines(text));
    });
  addSet(runbook, io);
  addRemove(runbook, io);
}

function addSet(runbook: Command, io: Io): void {
  runbook
    .command('set')
    .description('write a text, which is shown from then on (scope admin)')
    .argument('[rule]', RULE)
    .option('--file <file>', 'where the text is; -: on standard input', '-')
    .option('--when <json>', 'of which blocks the rule is shown', jsonOf)
    .option('--version <number>', 'only in place of this version, as `keyturn runbook list` shows it', versionOf)
    .addHelpText('after', SET_HELP)
    .action(async (name: string | undefined, { file, when, version }: Options, command: Command) => {
      if (name === undefined && when !== undefined)
        throw failure(exitCodes.usage, '--when is of a rule: name it. What holds in general holds always.');
      const text = io.interactive && file === '-' ? '' : (await textFrom(io, file)).trim();
      if (text === '')
        throw failure(exitCodes.usage, 'There is no text: give it in --file, or on standard input. keyturn runbook remove takes one away.');
      await write(
        contextOf(command, io),
        ({ general, rules }) => {
          if (name === undefined) return { general: text, rules };
          const there = rules.find((rule) => rule.name === name);
          const rule = { name, when: (when ?? there?.when ?? {}) as RunbookJson['rules'][number]['when'], text };
          return { general, rules: there === undefined ? [...rules, rule] : rules.map((one) => (one === there ? rule : one)) };
        },
        version,
      );
    });
}

function addRemove(runbook: Command, io: Io): void {
  runbook
    .command('remove')
    .description('take a text away; it stays on record, and the next that fits is shown (scope admin)')
    .argument('[rule]', RULE)
    .addHelpText('after', '\nExamples:\n  keyturn runbook remove "New phone"')
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      await write(contextOf(command, io), (now) => {
        if (name === undefined) return { ...now, general: null };
        const gone = ruleOf(now, name);
        return { ...now, rules: now.rules.filter((rule) => rule !== gone) };
      });
    });
}

/** Puts another runbook in the place of the one that was seen (`version`), or is now: whatever comes in between is a conflict. */
async function write({ call, print, io }: Context, change: (now: RunbookJson) => Wanted, version?: number): Promise<void> {
  const now = RunbookJson.parse(await call('GET', '/v1/runbook'));
  const { general, rules } = change(now);
  const raw = await call('PUT', '/v1/runbook', { version: version ?? now.version, general, rules });
  const named = await namedActors(call);
  print(raw, () => runbookLines(RunbookJson.parse(raw), { ...io, named }));
}

function versionOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number.');
}

function ruleOf({ rules }: RunbookJson, name: string): RunbookJson['rules'][number] {
  const found = rules.find((rule) => rule.name === name);
  if (found !== undefined) return found;
  throw failure(exitCodes.notFound, `No rule is called ${plain(name)}: keyturn runbook list has them all.`);
}
