import { AppError, type Topic } from '@keyturn/contracts';

/** What to publish. The key decides the partition. */
export type OutgoingRecord = {
  readonly topic: Topic;
  readonly key: string;
  readonly value: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** One caller's records: confirmed together, or failed by the first that can't be. */
export type Request = { waiting: number; settled: boolean; confirm(): void; fail(error: Error): void };
export type Entry = { readonly record: OutgoingRecord; readonly bytes: number; readonly request: Request };
/** Records for one partition, in order, small enough for one record batch (or a single larger one). */
export type Part = { readonly lane: Lane; readonly entries: readonly Entry[] };
/** What waits for one partition. `alone`: its last send failed, so it holds up nobody until one goes through. */
export type Lane = { readonly topic: Topic; readonly partition: number; waiting: Entry[]; busy: boolean; alone: boolean };

export type Bounds = {
  /** The broker's limit is on the batch: many small records of one partition can fail for their sum. */
  readonly partBytesMax: number;
  readonly partRecordsMax: number;
  /** One produce request; the broker's own limit is 100 MB. */
  readonly sendBytesMax: number;
  readonly queueBytesMax: number;
  readonly queueRecordsMax: number;
};
export const defaultBounds: Bounds = {
  partBytesMax: 512 * 1024,
  partRecordsMax: 1_000,
  sendBytesMax: 16 * 1024 * 1024,
  queueBytesMax: 64 * 1024 * 1024,
  queueRecordsMax: 50_000,
};

const RECORD_OVERHEAD_BYTES = 80;

/** At least what a record takes in a batch. */
export const bytesOf = ({ key, value, headers = {} }: OutgoingRecord): number =>
  Object.entries(headers).reduce(
    (sum, [name, text]) => sum + name.length + Buffer.byteLength(text) + 4,
    Buffer.byteLength(key) + Buffer.byteLength(value) + RECORD_OVERHEAD_BYTES,
  );
const sumOf = (entries: readonly Entry[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0);

/** Takes the head of a lane's queue, as much as one batch may hold; what nobody waits for any more is left out. */
export function takePart(lane: Lane, bounds: Bounds): { part: Part; dropped: readonly Entry[] } {
  const entries: Entry[] = [];
  const dropped: Entry[] = [];
  let bytes = 0;
  let taken = 0;
  for (const entry of lane.waiting) {
    const fits = entries.length < bounds.partRecordsMax && (entries.length === 0 || bytes + entry.bytes <= bounds.partBytesMax);
    if (entry.request.settled) dropped.push(entry);
    else if (fits) {
      entries.push(entry);
      bytes += entry.bytes;
    } else break;
    taken += 1;
  }
  lane.waiting.splice(0, taken);
  return { part: { lane, entries }, dropped };
}

/** How to send parts. Both settle every entry's request, and never reject. */
export type Sender = { together(parts: readonly Part[]): Promise<readonly Part[]>; alone(part: Part): Promise<void> };
/** The queue before the producer. `idle` resolves when nothing waits and nothing is under way. */
export type Gather = { add(entries: ReadonlyMap<Lane, Entry[]>): void; lane(topic: Topic, partition: number): Lane; idle(): Promise<void> };

/** Gathers what arrives while a send is under way: one send for all partitions that are well, one of its own for each that is not.
 *  No timer waits for more. Throws `kafka.unavailable` from `add` where the queue is full. */
export function createGather(sender: Sender, bounds: Bounds): Gather {
  const lanes = new Map<string, Lane>();
  const ready = new Set<Lane>();
  const queued = { bytes: 0, records: 0 };
  let together = false;
  let scheduled = false;
  const idle: (() => void)[] = [];

  const leave = (entries: readonly Entry[]): void => {
    queued.bytes -= sumOf(entries);
    queued.records -= entries.length;
    if (queued.records === 0) for (const resolve of idle.splice(0)) resolve();
  };
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
      if (lane.busy || lane.alone || bytes >= bounds.sendBytesMax) continue;
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
    lane(topic, partition) {
      const name = `${topic.name} ${partition}`;
      const known = lanes.get(name);
      if (known) return known;
      const lane: Lane = { topic, partition, waiting: [], busy: false, alone: false };
      lanes.set(name, lane);
      return lane;
    },
    add(added) {
      const all = [...added.values()].flat();
      const bytes = sumOf(all);
      if (queued.bytes + bytes > bounds.queueBytesMax || queued.records + all.length > bounds.queueRecordsMax) {
        throw new AppError('kafka.unavailable', 'the queue before Kafka is full: it takes less than arrives');
      }
      queued.bytes += bytes;
      queued.records += all.length;
      for (const [lane, entries] of added) {
        lane.waiting.push(...entries);
        ready.add(lane);
      }
      schedule();
    },
    idle: () => (queued.records === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
  };
}
