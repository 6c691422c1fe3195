import { AppError, webhooks } from '@keyturn/contracts';
import type { LogSpan } from '@keyturn/runtime';
import { type Replay, readReplay } from '@keyturn/store';
import { v7 as uuidv7 } from 'uuid';
import { Selection } from './selection.ts';
import { spansOf } from './spans-of.ts';
import type { World } from './world.ts';

/** What is asked for: webhooks, or to go on with a replay that was interrupted. */
export type Ask = { readonly selection: Selection } | { readonly resume: string };
/** Who asks, why (null: for the reason that the interrupted one had), and how fast it may go, in events a second. */
export type Order = { readonly ask: Ask; readonly actor: string; readonly reason: string | null; readonly rate: number };
/** A replay as it is recorded, and what it reads. `cut`: the partitions whose log begins later than was asked for, perhaps. */
export type Plan = {
  readonly replay: Replay;
  readonly selection: Selection;
  readonly spans: readonly LogSpan[];
  readonly cut: ReadonlySet<number>;
};

/** Finds what an order means in the log as it is now. Changes nothing. Throws `replay.not_found`, `kafka.unavailable`, `store.…`. */
export async function planOf(world: World, { ask, actor, reason }: Order): Promise<Plan> {
  const own = { replayId: uuidv7(), actor, requestedAt: world.now().toISOString() };
  if ('resume' in ask) {
    const before = await readReplay(world.database.pool, ask.resume);
    if (before.endedAt !== null)
      throw new AppError('replay.not_found', `nothing of replay ${ask.resume} is left to do: it ended at ${before.endedAt}`);
    const spans = before.spans.map(({ partition, from, to }) => ({ partition, from: BigInt(from), to: BigInt(to) }));
    const continued = { ...own, continues: ask.resume, reason: reason ?? before.reason, spans: before.spans };
    const selection = Selection.parse(before.selection);
    return { replay: { ...continued, selection }, selection, spans, cut: new Set() };
  }
  const { selection } = ask;
  const found = await spansOf(world, webhooks, selection);
  const spans = found.map(({ partition, from, to }) => ({ partition, from: String(from), to: String(to) }));
  return {
    replay: { ...own, continues: null, reason: reason ?? '', selection, spans },
    selection,
    spans: found,
    cut: new Set(found.filter(({ cut }) => cut).map(({ partition }) => partition)),
  };
}

/** How many records these are. */
export const recordsOf = (spans: readonly LogSpan[]): number =>
  Number(spans.reduce((sum, { from, to }) => sum + (to > from ? to - from : 0n), 0n));
