import { HOUR_MS } from '@keyturn/contracts';
import type { Count } from '@keyturn/domain';
import type { Log } from '@keyturn/runtime';
import { type Counted, countSend, type Database, forgetSendCounts, storeError, uncountSend } from '@keyturn/store';
import { READ_MAX_MS, within } from './within.ts';

/** A send that is counted, unless somebody takes that back. */
export type CountedSend = { takeBack(): void };
/** Counts a send before it goes out; null: it has reached its cap. Rejects where the database does not answer, and then the send is not to go. */
export type CountSends = (counts: readonly Count[]) => Promise<CountedSend | null>;

type Deps = { readonly pool: Database['pool']; readonly log: Log };
const uncapped: CountedSend = { takeBack() {} };

/** A counter that asks the database about nothing that is not capped, and forgets once an hour what no cap looks back to. */
export function countSends({ pool, log }: Deps): { readonly count: CountSends; stop(): void } {
  const warn = (what: string) => (error: Error) => log.warn({ reason: error.message }, what);
  const forget = setInterval(
    () => void forgetSendCounts(pool).catch(warn('what was sent long ago is still counted; in an hour it is tried again')),
    HOUR_MS,
  );
  forget.unref();
  return {
    async count(counts) {
      if (counts.length === 0) return uncapped;
      const takeBack = (counted: Counted) => void uncountSend(pool, counted).catch(warn('a send that did not go out stays counted'));
      const counting = countSend(pool, counts);
      const counted = await within(READ_MAX_MS, () => counting).catch((error: unknown) => {
        counting.then((late) => late && takeBack(late), warn('a send is not counted')); // it does not go out
        throw storeError(error);
      });
      return counted === null ? null : { takeBack: () => takeBack(counted) };
    },
    stop: () => clearInterval(forget),
  };
}
