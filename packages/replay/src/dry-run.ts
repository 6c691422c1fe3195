import { headers, inbound } from '@keyturn/contracts';
import { eventRecord, type Normalized } from '@keyturn/normalize';
import { type Candidate, rehearse } from '@keyturn/store';
import { byPerson } from './by-person.ts';
import { type Differences, startDifferences } from './differences.ts';
import { findUnrecognized } from './find-unrecognized.ts';
import { liveFirst } from './live-first.ts';
import { type Order, planOf, recordsOf } from './plan.ts';
import type { Watch } from './replay.ts';
import { type Missing, startSeen } from './seen.ts';
import { count, startTally, type Tally } from './tally.ts';
import { walk } from './walk.ts';
import type { World } from './world.ts';

/** What a replay would come to. */
export type DryReport = Tally & Missing & Differences;

/** So many events are gathered, and those of one person put together. */
const WINDOW = 5_000;
/** So many are rehearsed at once, more only where they are one person's: rows of theirs are held meanwhile. */
const CHUNK = 25;

/** Says what a replay would change, and changes nothing: the consumers apply its events to the present state, some at a time, in transactions that are
 *  rolled back. Each is compared with what is there now, so where one person's events are far apart, or named by different identifiers, what would
 *  follow from both is not seen. Live webhooks go first, as in `replay`. Throws the same. */
export async function dryRun(world: World, order: Order, differencesMax: number, watch: Watch): Promise<DryReport> {
  const plan = await planOf(world, order);
  const { replayId } = plan.replay;
  const unrecognized = plan.selection.unrecognized ? await findUnrecognized(world, replayId, plan.selection) : null;
  watch.began(recordsOf(plan.spans), null);
  const [tally, seen, mayGo] = [startTally(), startSeen(plan, unrecognized), liveFirst(world, order.rate, watch.waits)];
  const differences = startDifferences(differencesMax);
  let [gathered, read]: [Normalized[], number] = [[], 0];
  const rehearseAll = async () => {
    for (const chunk of byPerson(gathered, CHUNK)) {
      await mayGo(chunk.length);
      const candidates = chunk.map((one) => candidateOf(one, replayId));
      differences.add(await rehearse(world.database.pool, candidates, replayId, world.now));
    }
    gathered = [];
  };
  await walk(world, { replayId, selection: plan.selection, spans: plan.spans, unrecognized }, tally, {
    async webhook(found) {
      seen.add(found);
      count(tally, found.chosen);
      gathered.push(...found.chosen.filter(({ topic }) => topic === inbound));
      if (gathered.length >= WINDOW) await rehearseAll();
    },
    async upTo(_partition, _upTo, records) {
      read += records;
      watch.read(read);
    },
  });
  await rehearseAll();
  return { ...tally, ...seen.missing(), ...differences.sum() };
}

function candidateOf(one: Normalized, replayId: string): Candidate {
  const { key, value, headers: said } = eventRecord(one);
  return { key, value: Buffer.from(value), headers: { ...said, [headers.replayId]: replayId } };
}
