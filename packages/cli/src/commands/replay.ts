import { AppError } from '@keyturn/contracts';
import type { Ask, Behind, Order, Report, Watch } from '@keyturn/replay';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import { withInfrastructure } from '../infrastructure.ts';
import type { Io } from '../io.ts';
import type { Progress } from '../text/progress.ts';
import { printerOf } from './printer.ts';
import { addReplayOptions, meantBy, type ReplayOptions, resumedBy } from './replay-options.ts';
import { dryRunText, replayText } from './replay-text.ts';

const HELP = `
WhatsApp's webhooks are kept for 7 days, byte for byte. This has them normalized again with the code of this release, and publishes the events, each with
the id and the times that it had: a consumer that has applied one does nothing, so nothing is applied twice. Use it after a gap in a log, and after an
upgrade that knows what was unrecognized.

It works on KAFKA_BROKERS and DATABASE_URL themselves, as the KAFKA_… and DATABASE_… variables say (each also as NAME_FILE), not on the console. Live
webhooks go first: while a consumer has more than 500 records to apply, or the relay as many to tell, it adds none. Who asked, why and for what stays in
the table replay; every event carries the headers replayed, replay-id and replayed-by. --dry-run lets the consumers apply the events in transactions that are
rolled back, says which answers would differ, and publishes nothing.

Examples:
  keyturn replay --dry-run --all                 what a replay of everything would change; best nothing
  keyturn replay --from 2026-11-23T08:00:00Z --to 2026-11-23T09:30:00Z --reason "log.gap on whatsapp.inbound.v1/3"
  keyturn replay --unrecognized --reason "1.5.0 knows message_type:hologram"
  keyturn replay --wa-id +966501234567 --reason "ticket 4711"
  keyturn replay --resume 01900000-0000-7000-8000-000000000001`;

/** `keyturn replay`: webhooks normalized again, by credentials of its own. */
export function addReplay(program: Command, io: Io): void {
  addReplayOptions(
    program
      .command('replay')
      .description('have webhooks normalized again with the code of this release (KAFKA_BROKERS and DATABASE_URL, not the console)'),
  )
    .addHelpText('after', HELP)
    .action((options: ReplayOptions, command: Command) => withInfrastructure(() => run(options, command, io)));
}

async function run(options: ReplayOptions, command: Command, io: Io): Promise<void> {
  const resume = resumedBy(options);
  const ask: Ask = resume === undefined ? { selection: meantBy(options, io.now()) } : { resume };
  const { reason = null, rate, dryRun: isDry = false, limit } = options;
  if (resume === undefined && !isDry && reason === null) throw failure(exitCodes.usage, 'Say why with --reason: it is recorded.');
  const order: Order = { ask, actor: isDry ? '' : actorOf(options, io), reason, rate };
  const { openWorld, replay, dryRun } = await import('@keyturn/replay'); // loaded for this command alone
  const world = await openWorld(io.env, io.now);
  const watch = watchOn(io);
  const print = printerOf(command, io);
  try {
    if (isDry) {
      const report = await dryRun(world, order, limit, watch);
      print(report, () => dryRunText(report));
      return;
    }
    const report: Report = await replay(world, order, watch).catch((error: unknown) => {
      throw watch.explained(error);
    });
    print(report, () => replayText(report));
  } finally {
    watch.stop();
    await world.close();
  }
}

function actorOf({ by }: ReplayOptions, io: Io): string {
  const who = by ?? io.env.USER ?? '';
  if (!/^[\w@. -]{1,64}$/.test(who)) throw failure(exitCodes.usage, 'Say who asks with --by: letters, digits, blanks, . _ @ -, up to 64.');
  return `cli:${who}`;
}

/** Shows how far it is, and says with what to go on where it ends early. */
function watchOn(io: Io): Watch & { explained(error: unknown): unknown; stop(): void } {
  let progress: Progress | null = null;
  let done = 0;
  let goOn = '';
  return {
    began(records, replayId) {
      goOn = replayId === null ? '' : `keyturn replay --resume ${replayId}`;
      if (replayId !== null) io.err(`Replay ${replayId}. Should it be cut off, go on with: ${goOn}`);
      if (records > 0) progress = io.progress('Webhooks read', records);
    },
    read(records) {
      done = records;
      progress?.update(done);
    },
    waits: ({ who }: Behind) => progress?.update(done, `waits, for ${who}`),
    explained: (error) =>
      error instanceof AppError && goOn !== ''
        ? new AppError(error.code, `${error.message}\nGo on with: ${goOn}`, { cause: error })
        : error,
    stop: () => progress?.stop(),
  };
}
