/** Where a partition's log ends, and what the group has applied of it. */
type Partition = {
  high: bigint;
  next: bigint;
  /** Everything that was in the partition at this instant has been applied; null: never all. */
  caughtUpAt: Date | null;
  /** The first record of the batch in hand. */
  inHand: { readonly offset: bigint; readonly timestamp: number } | null;
};

/** One topic of a group, as it stands at an instant. */
type Standing = {
  readonly topic: string;
  readonly lags: readonly { readonly partition: number; readonly records: number }[];
  /** How long the oldest record waits that was not applied; a second too much at most, while Kafka can be asked. 0: none waits. */
  readonly oldestSeconds: number;
  /** Up to when all has been applied, on every partition; null: on one never. */
  readonly caughtUpAt: Date | null;
};

/** What is known of a group's progress, kept true by whoever learns a part of it: also while nothing is applied. */
export type Progress = {
  /** Kafka was asked for the ends of the logs. */
  ends(topic: string, ends: readonly { readonly partition: number; readonly high: bigint }[]): void;
  /** PostgreSQL was asked how far the group is. */
  positions(topic: string, rows: readonly { readonly partition: number; readonly next: bigint; readonly caughtUpAt: Date }[]): void;
  /** A batch that begins with this record is in hand, and behind it the log goes on to `high`. */
  taken(topic: string, partition: number, first: { readonly offset: bigint; readonly timestamp: number }, high: bigint): void;
  applied(topic: string, partition: number, next: bigint, caughtUpAt: Date): void;
  standings(now: Date): Standing[];
};

/** Nothing is known yet. What one side can't say stays as it was said last: the group moves only forward, the logs only grow. */
export function createProgress(topics: readonly { readonly name: string }[]): Progress {
  const known = new Map(topics.map(({ name }) => [name, new Map<number, Partition>()]));
  const at = (topic: string, partition: number): Partition => {
    const partitions = known.get(topic) ?? new Map<number, Partition>();
    const one = partitions.get(partition) ?? { high: 0n, next: 0n, caughtUpAt: null, inHand: null };
    partitions.set(partition, one);
    return one;
  };
  const moveOn = (one: Partition, next: bigint, caughtUpAt: Date): void => {
    if (next > one.next) one.next = next;
    if (caughtUpAt.getTime() > (one.caughtUpAt?.getTime() ?? 0)) one.caughtUpAt = caughtUpAt; // the epoch stands for never
  };
  return {
    ends(topic, ends) {
      for (const { partition, high } of ends) at(topic, partition).high = high;
    },
    positions(topic, rows) {
      for (const { partition, next, caughtUpAt } of rows) moveOn(at(topic, partition), next, caughtUpAt);
    },
    taken(topic, partition, first, high) {
      const one = at(topic, partition);
      one.inHand = first;
      if (high > one.high) one.high = high;
    },
    applied: (topic, partition, next, caughtUpAt) => moveOn(at(topic, partition), next, caughtUpAt),
    standings: (now) => [...known].map(([topic, partitions]) => standingOf(topic, partitions, now)),
  };
}

function standingOf(topic: string, partitions: ReadonlyMap<number, Partition>, now: Date): Standing {
  const all = [...partitions.values()];
  const lags = [...partitions].map(([partition, one]) => ({ partition, records: lagOf(one) }));
  const oldest = Math.min(now.getTime(), ...all.filter((one) => lagOf(one) > 0).flatMap((one) => waitingSince(one) ?? []));
  const never = all.length === 0 || all.some((one) => one.caughtUpAt === null);
  const caughtUpAt = never ? null : new Date(Math.min(...all.map((one) => one.caughtUpAt?.getTime() ?? 0)));
  return { topic, lags, oldestSeconds: (now.getTime() - oldest) / 1000, caughtUpAt };
}

const lagOf = ({ high, next }: Partition): number => Math.max(0, Number(high - next));

/** By its own time where it is in hand, applied or failed; else it came after the group had caught up. Null: a log that nobody began to read. */
const waitingSince = ({ inHand, next, caughtUpAt }: Partition): number | null =>
  inHand?.offset === next ? inHand.timestamp : (caughtUpAt?.getTime() ?? null);
