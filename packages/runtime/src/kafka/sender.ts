import { AppError } from '@keyturn/contracts';
import type { Sender } from './gather.ts';
import { isPassing, isTooLarge, kafkaUnavailable } from './kafka-fault.ts';
import type { Entry, Part } from './lane.ts';

/** One produce request for these parts; it is confirmed as a whole or rejects, whatever the broker did with each. */
export type Produce = (parts: readonly Part[]) => Promise<void>;

const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 1_000;

const confirm = ({ entries }: Part): void => {
  for (const { request } of entries) {
    request.waiting -= 1;
    if (request.waiting === 0) request.confirm();
  }
};
const fail = (entries: readonly Entry[], error: Error): void => {
  for (const { request } of entries) request.fail(error);
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Sends parts so that a partition's failure stays its own. kafkajs reports the first failed partition of a request for all of them, and
 *  keeps silent about those that were written; so what failed together goes out again part by part, and a part too large for the broker in
 *  halves, down to the one record. Written twice is harmless. A passing failure is tried again for as long as somebody waits. */
export function createSender(produce: Produce, sendTimeoutMs: number): Sender {
  /** False: tried and failed for good, or nobody waits any more. */
  async function deliver(part: Part): Promise<boolean> {
    for (let waitMs = RETRY_FIRST_MS; ; waitMs = Math.min(2 * waitMs, RETRY_MAX_MS)) {
      const entries = part.entries.filter(({ request }) => !request.settled);
      if (entries.length === 0) return false;
      const rest = { lane: part.lane, entries };
      try {
        await within(sendTimeoutMs, produce([rest]));
        confirm(rest);
        return true;
      } catch (error) {
        if (isTooLarge(error)) return halve(rest, error);
        if (!isPassing(error)) {
          fail(entries, kafkaUnavailable(`${part.lane.topic.name} refuses records`, error));
          return false;
        }
        await pause(waitMs);
      }
    }
  }

  async function halve({ lane, entries }: Part, error: unknown): Promise<boolean> {
    const [first] = entries;
    if (entries.length === 1 && first) {
      const message = `a record of ${first.bytes} bytes is larger than ${lane.topic.name} takes`;
      fail(entries, new AppError('kafka.record_too_large', message, { cause: error, detail: { topic: lane.topic.name } }));
      return true; // the partition is well
    }
    const middle = entries.length >> 1;
    const before = await deliver({ lane, entries: entries.slice(0, middle) });
    const after = await deliver({ lane, entries: entries.slice(middle) });
    return before && after;
  }

  return {
    async together(parts) {
      try {
        await within(sendTimeoutMs, produce(parts));
        parts.forEach(confirm);
        return [];
      } catch {
        return parts; // whose fault it was shows when each goes alone
      }
    },
    async alone(part) {
      part.lane.alone = !(await deliver(part));
    },
  };
}
