import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from '@keyturn/contracts';

type Waiting<Item, Result> = {
  readonly items: readonly Item[];
  /** Enters what was under way where it was asked for. */
  readonly within: <Answer>(ask: () => Answer) => Answer;
  resolve(result: Result): void;
  reject(error: unknown): void;
};

/** Answers how to have work done that only one at a time can do: at once where nobody has it done, else with all who come meanwhile, in the next round. What
 *  is wrong with one is their own: of a round that fails each is done by itself; but while PostgreSQL does not answer, all fail with that. */
export function inRounds<Item, Result>(work: (items: readonly Item[]) => Promise<Result>): (items: readonly Item[]) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let isBusy = false;

  async function takeTurns(): Promise<void> {
    isBusy = true;
    while (waiting.length > 0) {
      const round = waiting as [Waiting<Item, Result>, ...Waiting<Item, Result>[]];
      waiting = [];
      await settle(round);
    }
    isBusy = false;
  }
  async function settle(round: readonly [Waiting<Item, Result>, ...Waiting<Item, Result>[]]): Promise<void> {
    try {
      const result = await round[0].within(() => work(round.flatMap(({ items }) => items)));
      for (const one of round) one.resolve(result);
    } catch (error) {
      const isAway = error instanceof AppError && error.code === 'store.unavailable';
      if (round.length > 1 && !isAway) for (const one of round) await settle([one]);
      else for (const one of round) one.reject(error);
    }
  }
  return (items) =>
    new Promise((resolve, reject) => {
      waiting.push({ items, within: AsyncLocalStorage.snapshot(), resolve, reject });
      if (!isBusy) void takeTurns();
    });
}
