import { backoffMs } from '@keyturn/runtime';

type Parked = { until: number; attempt: number; readonly since: Date };
const BOUNDS = { firstMs: 200, maxMs: 2_000 };
const KEYS_MAX = 5_000;

/** The keys whose send failed, so that a partition that is away holds up none but its own. */
export type Parking = {
  /** Waits longer each time, with jitter. `since`: when the key's oldest row was written. */
  park(key: string, since: Date): void;
  clear(key: string): void;
  clearAll(): void;
  /** Whose rows are to stay where they are now. */
  keys(): string[];
  /** So many wait that the next read should wait as well. */
  isFull(): boolean;
  oldest(): Date | undefined;
};

/** An empty parking by a clock in milliseconds. */
export function createParking(clock: () => number, random?: () => number): Parking {
  const parked = new Map<string, Parked>();
  const waiting = () => [...parked].filter(([, { until }]) => until > clock());
  return {
    park(key, since) {
      const attempt = (parked.get(key)?.attempt ?? -1) + 1;
      parked.set(key, { until: clock() + backoffMs(attempt, BOUNDS, random), attempt, since });
    },
    clear: (key) => void parked.delete(key),
    clearAll: () => parked.clear(),
    keys: () => waiting().map(([key]) => key),
    isFull: () => waiting().length >= KEYS_MAX,
    oldest: () =>
      [...parked.values()].reduce<Date | undefined>(
        (oldest, { since }) => (oldest === undefined || since < oldest ? since : oldest),
        undefined,
      ),
  };
}
