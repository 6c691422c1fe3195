import { AppError, type Topic } from '@keyturn/contracts';
import { type Bounds, type Entry, type Lane, type Part, sumOf, takePart } from './lane.ts';

/** How to send parts. Both settle every entry's request, and never reject. */
export type Sender = { together(parts: readonly Part[]): Promise<readonly Part[]>; alone(part: Part): Promise<void> };
/** The queue before the producer. `idle` resolves when nothing waits and nothing is under way. */
export type Gather = { add(entries: readonly Entry[]): void; lane(topic: Topic, partition: number): Lane; idle(): Promise<void> };

/** Counts what waits or is under way, and refuses what would be too much. */
function createQuota(bounds: Bounds) {
  let bytes = 0;
  let records = 0;
  const waiting: (() => void)[] = [];
  return {
    enter(entries: readonly Entry[]): void {
      const more = sumOf(entries);
      if (bytes + more > bounds.queueBytesMax || records + entries.length > bounds.queueRecordsMax) {
        throw new AppError('kafka.unavailable', 'the queue before Kafka is full: more arrives than it takes');
      }
      bytes += more;
      records += entries.length;
    },
    leave(entries: readonly Entry[]): void {
      bytes -= sumOf(entries);
      records -= entries.length;
      if (records === 0) for (const resolve of waiting.splice(0)) resolve();
    },
    idle: (): Promise<void> => (records === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}

function createLanes(): (topic: Topic, partition: number) => Lane {
  const lanes = new Map<string, Lane[]>();
  return (topic, partition) => {
    const own = lanes.get(topic.name) ?? [];
    if (own.length === 0) lanes.set(topic.name, own);
    own[partition] ??= { topic, partition, waiting: [], busy: false, alone: false };
    return own[partition];
  };
}

/** Gathers what arrives while a send is under way: one send for all partitions that are well, one of its own for each that is not.
 *  No timer waits for more. Throws `kafka.unavailable` from `add` where the queue is full. */
export function createGather(sender: Sender, bounds: Bounds): Gather {
  const laneOf = createLanes();
  const ready = new Set<Lane>();
  const { enter, leave, idle } = createQuota(bounds);
  let together = false;
  let scheduled = false;

  const take = (lane: Lane): Part => {
    const { part, dropped } = takePart(lane, bounds);
    leave(dropped);
    lane.busy = part.entries.length > 0;
    if (lane.waiting.length === 0) ready.delete(lane);
    return part;
  };
  const release = (parts: readonly Part[]): void => {
    for (const { lane, entries } of parts) {
      lane.busy = false;
      leave(entries);
    }
    schedule();
  };
  const takeTogether = (): Part[] => {
    const parts: Part[] = [];
    let bytes = 0;
    for (const lane of ready) {
      if (lane.busy || bytes >= bounds.sendBytesMax) continue;
      const part = take(lane);
      bytes += sumOf(part.entries);
      if (part.entries.length > 0) parts.push(part);
    }
    return parts;
  };
  const sendAlone = async (part: Part): Promise<void> => {
    await sender.alone(part);
    release([part]);
  };
  const sendTogether = async (parts: readonly Part[]): Promise<void> => {
    const failed = await sender.together(parts);
    together = false;
    for (const { lane } of failed) lane.alone = true; // stays busy: its records go out again before any later one
    release(parts.filter((part) => !failed.includes(part)));
    for (const part of failed) void sendAlone(part);
  };
  const pump = (): void => {
    scheduled = false;
    for (const lane of [...ready].filter(({ alone, busy }) => alone && !busy)) {
      const part = take(lane);
      if (part.entries.length > 0) void sendAlone(part);
    }
    if (together) return;
    const parts = takeTogether();
    if (parts.length === 0) return;
    together = true;
    void sendTogether(parts);
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(pump);
  };

  return {
    lane: laneOf,
    add(entries) {
      enter(entries);
      for (const entry of entries) {
        entry.lane.waiting.push(entry);
        ready.add(entry.lane);
      }
      schedule();
    },
    idle,
  };
}
