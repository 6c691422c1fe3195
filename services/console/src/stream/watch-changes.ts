import type { StreamAsOf, StreamChange } from '@keyturn/contracts';
import { backlogOfChanges, type Database } from '@keyturn/store';
import { followMoves, type Moved } from './follow-moves.ts';

const LOOK_EVERY_MS = 1_000;
/** A stream in which nothing happens says so every so many looks. */
const QUIET_LOOKS = 3;

/** An event of the stream. `id`: with which somebody who comes again says how far they are. */
export type StreamEvent =
  | { readonly id: string; readonly event: 'change'; readonly data: StreamChange }
  | { readonly id: string; readonly event: 'as-of' | 'reset'; readonly data: StreamAsOf };
type Listener = (events: readonly StreamEvent[]) => void;
/** What all streams of a console share. */
export type ChangeWatch = {
  /** Answers how to end it. */
  follow(listener: Listener, onEnd: () => void): () => void;
  /** Ends every stream. */
  stop(): void;
};
type Deps = { readonly pool: Database['pool']; readonly now: () => Date; readonly onFault: (error: unknown) => void };

/** One look at the database a second, however many streams there are, and none while there is none. While a look fails nothing is told, so that nobody
 *  takes old news for new; the next that succeeds has everybody read anew. */
export function watchChanges({ pool, now, onFault }: Deps): ChangeWatch {
  const listeners = new Map<Listener, () => void>();
  let timer: NodeJS.Timeout | undefined;
  let look = lookAt(pool, now, false);
  let latest: StreamEvent | undefined;
  let isStopped = false;
  const turn = async () => {
    const events = await look().catch((error: unknown) => {
      onFault(error);
      look = lookAt(pool, now, true);
      latest = undefined;
      return [];
    });
    latest = events.at(-1) ?? latest;
    if (events.length > 0) for (const listener of listeners.keys()) listener(events);
    timer = listeners.size > 0 ? setTimeout(() => void turn(), LOOK_EVERY_MS) : undefined;
  };
  return {
    follow(listener, onEnd) {
      if (isStopped) {
        onEnd();
        return () => {};
      }
      listeners.set(listener, onEnd);
      if (timer === undefined) {
        look = lookAt(pool, now, false);
        latest = undefined;
        timer = setTimeout(() => void turn(), 0);
      } else if (latest?.event === 'as-of') listener([latest]);
      return () => listeners.delete(listener);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      for (const onEnd of listeners.values()) onEnd();
      listeners.clear();
    },
  };
}

function lookAt(pool: Database['pool'], now: () => Date, afterFault: boolean): () => Promise<StreamEvent[]> {
  const follow = followMoves(pool);
  let quiet = QUIET_LOOKS;
  let missed = afterFault;
  return async () => {
    const at = now().toISOString();
    const moved = await follow();
    quiet = moved.moves.length > 0 || moved.tooMany ? QUIET_LOOKS : quiet + 1;
    if (quiet < QUIET_LOOKS) return [];
    quiet = 0;
    const { open } = await backlogOfChanges(pool);
    const events = eventsOf({ ...moved, tooMany: moved.tooMany || missed }, open, at);
    missed = false;
    return events;
  };
}

function eventsOf({ moves, tooMany, newest }: Moved, openChanges: number, at: string): StreamEvent[] {
  const latest = new Map(moves.map((move) => [move.contactId, move]));
  const changes = [...latest.values()].map(({ place, contactId, version, status }): StreamEvent => {
    return { id: String(place), event: 'change', data: { contactId, version, status, openChanges } };
  });
  return [...changes, { id: String(newest), event: tooMany ? 'reset' : 'as-of', data: { at, openChanges } }];
}
