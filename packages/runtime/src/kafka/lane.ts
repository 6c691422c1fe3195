import type { Topic } from '@keyturn/contracts';
import type { EncodedRecord } from './encoded-record.ts';

/** What to publish. The key decides the partition. */
export type OutgoingRecord = {
  readonly topic: Topic;
  readonly key: string;
  readonly value: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** One caller's records: confirmed together, or failed by the first that can't be. */
export type Request = { waiting: number; settled: boolean; confirm(): void; fail(error: Error): void };
/** A record that waits for its send, and whose it is. */
export type Entry = { readonly lane: Lane; readonly record: EncodedRecord; readonly bytes: number; readonly request: Request };
/** Records for one partition, in order, small enough for one record batch (or a single larger one). */
export type Part = { readonly lane: Lane; readonly entries: readonly Entry[] };
/** What waits for one partition. `alone`: its last send failed, so it holds up nobody until one goes through. */
export type Lane = { readonly topic: Topic; readonly partition: number; waiting: Entry[]; busy: boolean; alone: boolean };

/** How much goes at once, and how much may wait. */
export type Bounds = {
  /** The broker's limit is on the batch: many small records of one partition can fail for their sum. */
  readonly partBytesMax: number;
  readonly partRecordsMax: number;
  /** One produce request; the broker's own limit is 100 MB. */
  readonly sendBytesMax: number;
  readonly queueBytesMax: number;
  readonly queueRecordsMax: number;
};
/** The bounds of a publisher that is told no others. */
export const defaultBounds: Bounds = {
  partBytesMax: 512 * 1024,
  partRecordsMax: 1_000,
  sendBytesMax: 16 * 1024 * 1024,
  queueBytesMax: 64 * 1024 * 1024,
  queueRecordsMax: 50_000,
};

/** What these take together. */
export const sumOf = (entries: readonly Entry[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0);

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
