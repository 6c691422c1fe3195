import { AsyncLocalStorage } from 'node:async_hooks';
import { inbound } from '@keyturn/contracts';
import type { Ended, FromLogRun } from './run.ts';

/** How many records one transaction gets of several partitions; a run that has more by itself comes alone. */
const RECORDS_MAX = 500;
/** How many transactions at a time: while some wait for PostgreSQL and its disk, the next are made ready. With half as many this process waited too. */
const AT_ONCE = 6;

type Apply = (runs: readonly FromLogRun[]) => Promise<readonly PromiseSettledResult<Ended[]>[]>;
type Waiting = {
  readonly run: FromLogRun;
  /** Enters what was under way where it was asked for. */
  readonly within: <Result>(work: () => Result) => Result;
  resolve(ended: Ended[]): void;
  reject(error: unknown): void;
};

/** Answers how to apply a run: with the runs of other partitions that came in the same turn, or wait meanwhile, in one transaction. What a transaction
 *  costs by itself, the wait for the disk above all, a few records of each of six partitions would pay six times. */
export function together(apply: Apply): (run: FromLogRun) => Promise<Ended[]> {
  let waiting: Waiting[] = [];
  let free = AT_ONCE;
  let scheduled = false;

  function pump(): void {
    scheduled = false;
    while (free > 0 && waiting.length > 0) {
      const group = takeGroup();
      free -= 1;
      void settle(group);
    }
  }
  function takeGroup(): Waiting[] {
    const [first, ...others] = waiting as [Waiting, ...Waiting[]];
    const group = [first];
    let records = first.run.records.length;
    for (const one of others) {
      const fits = records + one.run.records.length <= RECORDS_MAX && [first, one].every(({ run }) => run.topic.name === inbound.name);
      if (!fits) continue;
      group.push(one);
      records += one.run.records.length;
    }
    waiting = waiting.filter((one) => !group.includes(one));
    return group;
  }
  async function settle(group: readonly Waiting[]): Promise<void> {
    try {
      const ends = await (group[0] as Waiting).within(() => apply(group.map(({ run }) => run)));
      for (const [i, one] of group.entries()) {
        const end = ends[i] as PromiseSettledResult<Ended[]>;
        if (end.status === 'fulfilled') one.resolve(end.value);
        else one.reject(end.reason);
      }
    } catch (error) {
      for (const one of group) one.reject(error);
    } finally {
      free += 1;
      pump();
    }
  }
  return (run) =>
    new Promise((resolve, reject) => {
      waiting.push({ run, within: AsyncLocalStorage.snapshot(), resolve, reject });
      if (scheduled) return;
      scheduled = true;
      setImmediate(pump); // with all that came in the same turn
    });
}
