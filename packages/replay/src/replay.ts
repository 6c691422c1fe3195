import type { Normalized } from '@keyturn/normalize';
import { startPublisher } from '@keyturn/runtime';
import { beginReplay, moveReplay } from '@keyturn/store';
import type { Behind } from './behind.ts';
import { findUnrecognized } from './find-unrecognized.ts';
import { liveFirst } from './live-first.ts';
import { type Order, planOf, recordsOf } from './plan.ts';
import { publishAgain } from './publish-again.ts';
import { type Missing, startSeen } from './seen.ts';
import { count, startTally, type Tally } from './tally.ts';
import { walk } from './walk.ts';
import type { World } from './world.ts';

/** Told how it goes. */
export type Watch = {
  /** It reads so many records of the log. With an id, it is recorded and can be gone on with. */
  began(records: number, replayId: string | null): void;
  /** So many of them were read. */
  read(records: number): void;
  waits(behind: Behind): void;
};
/** What it came to, and what was missing. */
export type Report = Tally & Missing & { readonly replayId: string };

/** So many events are published at once. */
const CHUNK = 100;

/** Normalizes webhooks again with today's code and publishes the events, each with the id, the times and the key that it had then: who has applied
 *  one does nothing. Recorded before it begins, with who asked and why, and as it goes, so that it can be gone on with after any end. Throws
 *  `replay.not_found`, `replay.stalled`, `kafka.unavailable`, `store.…`. */
export async function replay(world: World, order: Order, watch: Watch): Promise<Report> {
  const plan = await planOf(world, order);
  const { replayId, actor } = plan.replay;
  const unrecognized = plan.selection.unrecognized ? await findUnrecognized(world, replayId, plan.selection) : null;
  const { pool } = world.database;
  await beginReplay(pool, plan.replay);
  watch.began(recordsOf(plan.spans), replayId);
  const [tally, seen, mayGo] = [startTally(), startSeen(plan, unrecognized), liveFirst(world, order.rate, watch.waits)];
  const next: Record<number, string> = {};
  const move = (ended: boolean) => moveReplay(pool, replayId, { next, counts: tally }, ended);
  const publisher = await startPublisher({ kafka: world.kafka, prefix: world.prefix, log: world.log });
  let [gathered, read]: [readonly Normalized[], number] = [[], 0];
  /** So many at a time, until fewer than `left` are left. */
  const publish = async (left: number) => {
    while (gathered.length >= left) {
      const chunk = gathered.slice(0, CHUNK);
      await mayGo(chunk.length);
      tally.tooLarge += await publishAgain(publisher, chunk, { replayId, actor });
      count(tally, chunk);
      gathered = gathered.slice(CHUNK);
    }
  };
  try {
    await walk(world, { replayId, selection: plan.selection, spans: plan.spans, unrecognized }, tally, {
      async webhook(found) {
        seen.add(found);
        gathered = [...gathered, ...found.chosen];
        await publish(CHUNK);
      },
      async upTo(partition, upTo, records) {
        await publish(1);
        next[partition] = String(upTo);
        await move(false);
        read += records;
        watch.read(read);
      },
    });
    await move(true);
  } finally {
    await publisher.stop();
  }
  return { replayId, ...tally, ...seen.missing() };
}
