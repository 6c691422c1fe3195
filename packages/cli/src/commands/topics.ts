import { allTopics } from '@keyturn/contracts';
import type { TopicReport } from '@keyturn/runtime';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import { withInfrastructure } from '../infrastructure.ts';
import type { Io } from '../io.ts';
import { printerOf } from './printer.ts';

const HELP = `
It speaks with KAFKA_BROKERS as the KAFKA_… variables say (each also as NAME_FILE), and KAFKA_PREFIX stands before every name. --apply needs a user that
may make topics (CREATE on the cluster or on the prefix); the services need none: start them with MIGRATE_ON_START=false.

A topic that is there stays as it is. What keyturn can't work with is named, with the command that mends it.

Examples:
  keyturn topics --check      what is missing or wrong; exit code 7 where something is
  keyturn topics --apply      make what is missing; a second run changes nothing`;

type Options = { check?: boolean; apply?: boolean };

/** `keyturn topics`: the topics, by credentials of its own. */
export function addTopics(program: Command, io: Io): void {
  program
    .command('topics')
    .description('look at the topics, or make those that are missing (KAFKA_BROKERS, not the console)')
    .option('--check', 'say what is missing or wrong, and change nothing')
    .option('--apply', 'make what is missing')
    .addHelpText('after', HELP)
    .action((options: Options, command: Command) => withInfrastructure(() => run(options, command, io)));
}

async function run({ check = false, apply = false }: Options, command: Command, io: Io): Promise<void> {
  if (check === apply) throw failure(exitCodes.usage, 'Say --check to look, or --apply to make what is missing.');
  const { connectKafka, createLog, ensureTopics, inspectTopics, kafkaConfig } = await import('@keyturn/runtime'); // loaded for this command alone
  const config = kafkaConfig(io.env);
  const kafka = connectKafka(config, createLog('topics', { level: 'silent' }));
  const { KAFKA_PREFIX: prefix, KAFKA_REPLICATION: replication } = config;
  const before = await inspectTopics(kafka, prefix, allTopics);
  if (apply) await ensureTopics(kafka, prefix, allTopics, { replication });
  const reports = apply ? await inspectTopics(kafka, prefix, allTopics) : before;
  const made = apply ? before.filter(({ state }) => state === 'missing').map(({ name }) => name) : [];
  printerOf(command, io)({ topics: reports, made }, () => reports.flatMap((report) => linesOf(report, made)));
  const bad = reports.filter(({ state }) => state !== 'right');
  if (bad.length > 0) throw failure(exitCodes.behind, `${bad.length} of ${reports.length} topics are missing or wrong.`);
}

function linesOf({ name, state, faults, notes }: TopicReport, made: readonly string[]): string[] {
  const word = made.includes(name) ? 'made' : state === 'right' ? 'there' : state;
  return [`  ${word.padEnd(8)} ${name}`, ...faults.map((fault) => `           ${fault}`), ...notes.map((note) => `           (${note})`)];
}
