import { AppError } from '@keyturn/contracts';
import type { Graph } from '@keyturn/runtime';
import type { Command } from 'commander';
import pc from 'picocolors';
import { z } from 'zod';
import { connect as connectConsole } from '../console/connect.ts';
import type { Doors, Finding } from '../doctor/finding.ts';
import { lookAtAll } from '../doctor/look.ts';
import { findingsText } from '../doctor/text.ts';
import { lookAtToken } from '../doctor/token.ts';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import { withInfrastructure } from '../infrastructure.ts';
import type { Io } from '../io.ts';
import { printerOf } from './printer.ts';

const HELP = `
It asks the platform's Graph API itself, as WHATSAPP_ACCESS_TOKEN (or the file that WHATSAPP_ACCESS_TOKEN_FILE names) may, and never shows the token. With
WHATSAPP_APP_SECRET it can also see which fields the app is subscribed to, with WHATSAPP_VERIFY_TOKEN subscribe it to more. What the platform does not show is
said to be so. What our numbers send past the gate it asks the console, as KEYTURN_API_KEY may.

--fix says what it would do and asks before it does anything; --yes stands for your answer.

Examples:
  keyturn doctor                          the accounts that the token is for
  keyturn doctor --waba 102290129340398   this account
  keyturn doctor --fix                    switch on what is off`;

type Options = { waba?: string[]; fix?: true; yes?: true };

/** `keyturn doctor`: what is not switched on at the platform, and, asked to, the switching on. */
export function addDoctor(program: Command, io: Io): void {
  program
    .command('doctor')
    .description('what is not switched on at the platform for our numbers, and what they send past the gate; --fix switches it on')
    .option('--waba <id...>', 'these accounts; else those that the token is for')
    .option('--fix', 'switch on what is off, after showing it')
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP)
    .action((options: Options, command: Command) => withInfrastructure(() => run(options, command, io)));
}

async function run(options: Options, command: Command, io: Io): Promise<void> {
  const { connectGraph, graphEnv, parseEnv, secretsEnv } = await import('@keyturn/runtime'); // loaded for this command alone
  const { WHATSAPP_APP_SECRET, WHATSAPP_VERIFY_TOKEN } = secretsEnv;
  const Env = z.object({
    ...graphEnv,
    WHATSAPP_ACCESS_TOKEN: graphEnv.WHATSAPP_ACCESS_TOKEN.unwrap(),
    WHATSAPP_APP_SECRET: WHATSAPP_APP_SECRET.optional(),
    WHATSAPP_VERIFY_TOKEN: WHATSAPP_VERIFY_TOKEN.optional(),
  });
  const env = parseEnv(Env, io.env);
  const at = { url: env.WHATSAPP_GRAPH_URL, version: env.WHATSAPP_GRAPH_VERSION };
  const [secret] = [env.WHATSAPP_APP_SECRET ?? []].flat();
  const proof = secret === undefined ? {} : { appSecret: secret };
  const open: Graph[] = [];
  const connect = (accessToken: string) => {
    const graph = connectGraph({ ...at, ...proof, accessToken });
    open.push(graph);
    return graph;
  };
  try {
    const graph = connect(env.WHATSAPP_ACCESS_TOKEN);
    const token = await lookAtToken(graph, env.WHATSAPP_ACCESS_TOKEN, io.now());
    const asApp = secret === undefined || token.appId === null ? null : connect(`${token.appId}|${secret}`);
    const doors: Doors = { graph, asApp, verifyToken: env.WHATSAPP_VERIFY_TOKEN ?? null };
    const { url } = command.optsWithGlobals<{ url?: string }>();
    const askConsole = connectConsole(url === undefined ? {} : { url }, io);
    const wabaIds = options.waba ?? token.wabaIds;
    if (wabaIds.length === 0) throw failure(exitCodes.usage, 'The token does not say which accounts it is for. Name them: --waba <id>.');
    const findings = [...token.findings, ...(await lookAtAll(doors, token, wabaIds, askConsole, io.progress))];
    await report(options, findings, command, io);
  } finally {
    for (const graph of open) await graph.close();
  }
}

type Done = { readonly finding: Finding; readonly failed: string | null };

async function report(
  { fix = false, yes = false }: Partial<Record<'fix' | 'yes', boolean>>,
  findings: readonly Finding[],
  command: Command,
  io: Io,
) {
  const print = printerOf(command, io);
  const colors = pc.createColors(io.colors);
  const fixable = findings.filter((finding) => finding.fix !== undefined);
  if (fix && fixable.length > 0 && !yes) await confirm(findings, fixable, io);
  const done: Done[] = [];
  if (fix) for (const finding of fixable) done.push({ finding, failed: await apply(finding) });
  print({ findings: findings.map((finding) => jsonOf(finding, done)) }, () => [
    ...(fix ? [] : findingsText(findings, colors)),
    ...done.map(doneText),
  ]);
  const left =
    findings.filter(({ state }) => state === 'bad').length -
    done.filter(({ finding, failed }) => finding.state === 'bad' && failed === null).length;
  const failed = done.filter((one) => one.failed !== null).length;
  if (failed > 0) throw failure(exitCodes.unexpected, `${failed} of ${done.length} changes were not made.`);
  if (left > 0)
    throw failure(
      exitCodes.behind,
      `${left} ${left === 1 ? 'thing is' : 'things are'} not as keyturn needs it.${fix ? '' : ' Nothing was changed.'}`,
    );
}

/** Null where it is done, else why not: what one change meets is no reason to leave the others. */
const apply = async ({ fix }: Finding): Promise<string | null> =>
  (await fix?.run().catch((error: unknown) => {
    if (error instanceof AppError) return error.message;
    throw error;
  })) ?? null;

async function confirm(findings: readonly Finding[], fixable: readonly Finding[], io: Io): Promise<void> {
  if (!io.interactive) throw failure(exitCodes.usage, 'Nobody can be asked here. Look at it without --fix, then give --fix --yes.');
  for (const line of findingsText(findings, pc.createColors(io.colors))) io.err(line);
  for (const { fix } of fixable) io.err(`Will ${fix?.says}.`);
  const answer = await io.ask('Do this? [y/N] ');
  if (!/^y(es)?$/i.test(answer.trim())) throw failure(exitCodes.usage, 'Nothing was changed.');
}

const doneText = ({ finding, failed }: Done) =>
  failed === null ? `done: ${finding.fix?.says}` : `not done: ${finding.fix?.says}: ${failed}`;

function jsonOf({ fix, ...finding }: Finding, done: readonly Done[]) {
  const one = done.find(({ finding: of }) => of.about === finding.about && of.check === finding.check);
  return { ...finding, fix: fix?.says ?? null, fixed: one === undefined ? null : one.failed === null, refused: one?.failed ?? null };
}
