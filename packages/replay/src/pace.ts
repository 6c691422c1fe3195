import { AppError, MINUTE_MS, SECOND_MS } from '@keyturn/contracts';
import type { Behind } from './behind.ts';

/** How many records may wait, whoever wrote them, when more is published: a live one then waits for these and one chunk, and no more. */
export const WAITING_MAX = 500;
const LOOK_MS = 500;
const STALLED_MS = 2 * MINUTE_MS;

type Options = {
  /** Events a second, at most. */
  readonly rate: number;
  readonly behind: () => Promise<Behind>;
  readonly nowMs: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Told at each look while somebody has too much to do. */
  readonly onWait: (behind: Behind) => void;
};

/** Lets the next events go once the line has room for them: live ones go first, for while consumers or relay have more than `WAITING_MAX` to do
 *  nothing is added, and never more than `rate` a second. Throws `replay.stalled` where they do nothing for two minutes. */
export function createPace({ rate, behind, nowMs, pause, onWait }: Options): (events: number) => Promise<void> {
  let dueAt = 0;

  async function room(): Promise<void> {
    let [done, movedAt] = ['', nowMs()];
    for (let most = await behind(); most.records > WAITING_MAX; most = await behind()) {
      const now = `${most.who} ${most.done}`;
      if (now !== done) [done, movedAt] = [now, nowMs()];
      if (nowMs() - movedAt >= STALLED_MS) throw stalled(most);
      onWait(most);
      await pause(LOOK_MS);
    }
  }

  return async (events) => {
    const early = dueAt - nowMs();
    if (early > 0) await pause(early);
    await room();
    dueAt = Math.max(dueAt, nowMs()) + (events / rate) * SECOND_MS;
  };
}

const stalled = ({ who, records }: Behind): AppError =>
  new AppError('replay.stalled', `${who}, ${records} of them, and for two minutes none was. Nothing is added to that: see that it runs.`);
