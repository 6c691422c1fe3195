import { createApiKey, openDatabase } from '@keyturn/store';
import { graphNumber, graphWorld, startGraphServer } from '@keyturn/testkit';
import { type Line, startLine } from '../chaos/line.ts';
import { type Parts, startParts } from '../chaos/parts.ts';
import { bodyOf, text } from '../e2e/payload.ts';
import { type Changes, KNOWN_HASH, raceChanges } from './changes.ts';
import { newOrder, type Order } from './order.ts';
import { OURS, type Sender, senderAt } from './sender.ts';
import { type Stop, stopEach } from './stops.ts';
import { watchBlocks } from './witness.ts';

const SCHEMA = 'races';
const SERVICES = ['contact', 'identity', 'consent', 'relay', 'ingress', 'gate'] as const;
/** Few connections to a platform that takes its time: a message waits for its turn after it was judged, and a block may come meanwhile. */
const CONNECTIONS = 8;
const PLATFORM_MS = 20;
/** How many people change: by itself, and as part of `npm test`. */
export const CHANGES = { long: 10_000, short: 300 } as const;

/** How many change, for how long, and to whom it is told. */
export type RacesOptions = {
  readonly seed: number;
  readonly long: boolean;
  readonly changes: number;
  readonly say: (line: string) => void;
};
/** What the races came to. `forwarded`, `overtaken`, `wrongHash`: messages that reached the platform, those that a block was overtaken by, and those that
 *  carried another hash than that of the person they were meant for. */
export type RacesResult = { readonly seed: number; readonly stops: readonly Stop[] } & Changes & Order['totals'];

/** Messages and questions against everything by which somebody turns out to be somebody else, and against everything by which that would not become known. */
export async function runRaces(options: RacesOptions): Promise<RacesResult> {
  const order = newOrder(KNOWN_HASH);
  const platform = await startGraphServer(graphWorld([graphNumber(OURS)]), order.platform);
  platform.fail({ kind: 'slow', delayMs: PLATFORM_MS });
  let parts: Parts | undefined;
  let line: Line | undefined;
  try {
    parts = await startParts();
    const ageMaxMs = options.long ? 5_000 : 3_000;
    line = await startLine(
      parts,
      SCHEMA,
      SERVICES,
      {},
      {
        GATE_GRAPH_URL: platform.url,
        GATE_GRAPH_CONNECTIONS_MAX: String(CONNECTIONS),
        GATE_STATE_AGE_MAX_MS: String(ageMaxMs),
      },
    );
    return await runOn(parts, line, order, ageMaxMs, options);
  } finally {
    await line?.stop();
    await platform.close();
    await parts?.remove();
  }
}

async function runOn(parts: Parts, line: Line, order: Order, ageMaxMs: number, options: RacesOptions): Promise<RacesResult> {
  const { seed, long, changes, say } = options;
  const sender = await senderOf(line, parts);
  const waIdOf = new Map<string, string>();
  const witness = await watchBlocks(line, parts.databaseUrl, SCHEMA, (contactId) => {
    const waId = waIdOf.get(contactId);
    if (waId !== undefined) order.blocked(waId);
  });
  try {
    say('everybody is made known');
    const raced = await raceChanges({ line, sender, order, waIdOf, seed, changes, atOnce: 24 });
    const totals = { ...order.totals };
    say(JSON.stringify({ ...raced, ...totals }));
    const fine = '491520000001';
    await line.post(bodyOf([text({ waId: fine }, 0, KNOWN_HASH)]));
    const stops = await stopEach({ line, parts, sender, fine, long, say, ageMaxMs, seenForMs: long ? 10_000 : 1_500 });
    return { seed, ...raced, ...totals, stops };
  } finally {
    sender.stop();
    await witness.stop();
  }
}

async function senderOf({ gateUrl }: Line, { databaseUrl }: Parts): Promise<Sender> {
  const settings = { DATABASE_URL: databaseUrl, DATABASE_SCHEMA: SCHEMA, DATABASE_CONNECTIONS_MAX: 2 };
  const database = openDatabase(settings, 'races');
  const { key } = await createApiKey(database.pool, { name: 'races', scopes: ['send'], expiresAt: null }, 'races', new Date());
  await database.close();
  return senderAt(gateUrl, key);
}

/** Without a hand, on a machine that gives the line the time it asks for. */
const RECOVERY_MS_MAX = 10_000;
/** Of the changes at least: with fewer, or with hardly a message that went out, nothing was raced. */
const RACING_SHARE_MIN = 0.1;

/** What of the promises did not hold, and where the run was none. */
export function faultsIn({
  changes,
  sends,
  racing,
  forwarded,
  overtaken,
  wrongHash,
  allowedAfter,
  deniedAtLast,
  stops,
}: RacesResult): string[] {
  return [
    ...(overtaken > 0 ? [`${overtaken} messages went out after a block that was committed before their last check`] : []),
    ...(allowedAfter > 0 ? [`${allowedAfter} were allowed although the block was there to be seen before they were asked about`] : []),
    ...(wrongHash > 0 ? [`${wrongHash} messages went out without the hash of the person they were meant for`] : []),
    ...(deniedAtLast < changes ? [`only ${deniedAtLast} of ${changes} are denied once all is over`] : []),
    ...(racing < changes * RACING_SHARE_MIN || forwarded < changes * RACING_SHARE_MIN
      ? [`no race: ${racing} of ${sends} under way, ${forwarded} forwarded`]
      : []),
    ...stops.flatMap(({ what, lateAllows, lateDenials, recoveredMs, starvedMs }) => [
      ...(lateAllows > 0 ? [`${what}: ${lateAllows} were allowed later than the bound`] : []),
      ...(lateDenials === 0 ? [`${what}: nobody was asked about later than the bound`] : []),
      ...(recoveredMs - starvedMs >= RECOVERY_MS_MAX ? [`${what}: allowed again only after ${recoveredMs} ms`] : []),
    ]),
  ];
}
