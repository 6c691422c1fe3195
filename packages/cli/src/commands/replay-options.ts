import { Bsuid, WaId } from '@keyturn/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import { instantOf } from './instant-option.ts';

/** The options of `keyturn replay`, each of which can be used by itself. */
export type ReplayOptions = {
  from?: string;
  to?: string;
  all?: true;
  waId?: string[];
  bsuid?: string[];
  unrecognized?: true;
  resume?: string;
  reason?: string;
  by?: string;
  rate: number;
  dryRun?: true;
  limit: number;
};

/** Adds them to the command. */
export const addReplayOptions = (command: Command): Command =>
  command
    .option('--from <instant>', 'what came in from then on (ISO 8601); without it, from the oldest webhook there is', instantOf)
    .option('--to <instant>', 'what came in before; without it, up to now', instantOf)
    .option('--all', 'all there is')
    .option('--wa-id <numbers...>', 'only events that name these numbers, in any spelling', waIdsOf)
    .option('--bsuid <ids...>', 'only events that name these BSUIDs', bsuidsOf)
    .option('--unrecognized', 'only what was unrecognized, and is known to this release')
    .option('--dry-run', 'say what would change, and publish nothing')
    .option('--limit <count>', 'with --dry-run: how many differences are shown', limitOf, 20)
    .option('--resume <replay-id>', 'go on with a replay that was cut off')
    .option('--reason <why>', 'why; it is recorded')
    .option('--by <who>', 'who asks; it is recorded (default: USER)')
    .option('--rate <events>', 'so many events a second at most', rateOf, 200);

type Meant = { from: string | null; to: string; waIds: string[]; bsuids: string[]; unrecognized: boolean };
/** Which webhooks the options mean. Throws a failure where they contradict each other, or mean none in particular. */
export function meantBy({ from, to, all, waId, bsuid, unrecognized }: ReplayOptions, now: Date): Meant {
  const named = [from, to, waId, bsuid, unrecognized].some((option) => option !== undefined);
  if (named === (all === true))
    throw failure(exitCodes.usage, 'Say which webhooks: --all, or some of --from, --to, --wa-id, --bsuid, --unrecognized.');
  const until = to ?? now.toISOString();
  if (from !== undefined && from >= until) throw failure(exitCodes.usage, `--from is ${from}, and not before --to, ${until}.`);
  return { from: from ?? null, to: until, waIds: waId ?? [], bsuids: bsuid ?? [], unrecognized: unrecognized ?? false };
}

/** The id of the replay to go on with. Throws a failure where other webhooks are asked for beside it. */
export function resumedBy({ resume, from, to, all, waId, bsuid, unrecognized, dryRun }: ReplayOptions): string | undefined {
  if (resume !== undefined && [from, to, all, waId, bsuid, unrecognized, dryRun].some((option) => option !== undefined))
    throw failure(exitCodes.usage, '--resume goes on with the webhooks that were asked for: leave the other choices out.');
  return resume;
}

function waIdsOf(text: string, before: string[] = []): string[] {
  const waId = WaId.safeParse(text.replace(/[\s()+./-]/g, ''));
  if (!waId.success) throw new InvalidArgumentError('A number has 3 to 20 digits.');
  return [...before, waId.data];
}

function bsuidsOf(text: string, before: string[] = []): string[] {
  const bsuid = Bsuid.safeParse(text);
  if (!bsuid.success) throw new InvalidArgumentError('A BSUID has 1 to 200 characters.');
  return [...before, bsuid.data];
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (!(Number.isInteger(limit) && limit >= 0 && limit <= 10_000)) throw new InvalidArgumentError('It is a whole number up to 10000.');
  return limit;
}

function rateOf(text: string): number {
  const rate = Number(text);
  if (!(rate >= 1 && rate <= 100_000)) throw new InvalidArgumentError('It is a number from 1 to 100000.');
  return rate;
}
