import { setTimeout as pause } from 'node:timers/promises';
import type { Normalized } from '@keyturn/normalize';
import { startPublisher } from '@keyturn/runtime';
import { beginReplay, moveReplay } from '@keyturn/store';
import { type Behind, mostBehind } from './behind.ts';
import { findUnrecognized } from './find-unrecognized.ts';
import { createPace } from './pace.ts';
import { type Order, type Plan, planOf, recordsOf } from './plan.ts';
import { publishAgain } from './publish-again.ts';
import type { Unrecognized } from './selection.ts';
import { count, startTally, type Tally } from './tally.ts';
import { type Found, walk } from './walk.ts';
import type { World } from './world.ts';

/** Told how it goes. */
export type Watch = {
  /** It is recorded, and reads so many records of the log. */
  began(replayId: string, records: number): void;
  /** So many of them were read. */
  read(records: number): void;
  waits(behind: Behind): void;
};
/** What it came to, and what of it is no longer in Kafka. */
export type Report = Tally & {
  readonly replayId: string;
  /** The log had more before, in the times asked for, perhaps: this is when the first webhook came in that it still has of every partition. */
  readonly cutBefore: string | null;
  /** Of the webhooks in which something was unrecognized: those of which still nothing is known, and those whose bodies Kafka no longer has. */
  readonly unrecognized: { readonly still: number; readonly gone: number } | null;
};

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
  watch.began(replayId, recordsOf(plan.spans));
  const [tally, seen] = [startTally(), startSeen(plan, unrecognized)];
  const next: Record<number, string> = {};
  const move = (ended: boolean) => moveReplay(pool, replayId, { next, counts: tally }, ended);
  const mayGo = createPace({
    rate: order.rate,
    behind: () => mostBehind(world),
    nowMs: () => performance.now(),
    pause,
    onWait: watch.waits,
  });
  const publisher = await startPublisher({ kafka: world.kafka, prefix: world.prefix, log: world.log });
  let read = 0;
  try {
    await walk(world, { replayId, selection: plan.selection, spans: plan.spans, unrecognized }, tally, {
      async webhook(found) {
        seen.add(found);
        for (const chunk of chunksOf(found.chosen)) {
          await mayGo(chunk.length);
          tally.tooLarge += await publishAgain(publisher, chunk, { replayId, actor });
          count(tally, chunk);
        }
      },
      async upTo(partition, upTo, records) {
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
  return { replayId, ...tally, ...seen.report() };
}

function* chunksOf(events: readonly Normalized[]): Generator<readonly Normalized[]> {
  for (let i = 0; i < events.length; i += CHUNK) yield events.slice(i, i + CHUNK);
}

/** Keeps what was there, to say what was not. */
function startSeen({ cut, replay: { continues } }: Plan, unrecognized: Unrecognized | null) {
  const firsts = new Map<number, number>();
  const [known, still] = [new Set<string>(), new Set<string>()];
  return {
    add({ partition, webhookId, receivedAt, chosen }: Found): void {
      if (cut.has(partition) && !firsts.has(partition)) firsts.set(partition, receivedAt.getTime());
      if (unrecognized?.has(webhookId)) (chosen.length > 0 ? known : still).add(webhookId);
    },
    report(): Pick<Report, 'cutBefore' | 'unrecognized'> {
      const cutBefore = firsts.size === 0 ? null : new Date(Math.max(...firsts.values())).toISOString();
      const gone = unrecognized === null || continues !== null ? 0 : unrecognized.size - known.size - still.size;
      return { cutBefore, unrecognized: unrecognized === null ? null : { still: still.size, gone } };
    },
  };
}
