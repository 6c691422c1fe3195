import type { Topic } from '@keyturn/contracts';
import { type IncomingBatch, type IncomingRecord, logGap, type ResumeAt } from '@keyturn/runtime';
import type pg from 'pg';
import { storeError } from '../database.ts';
import { nextOffsetOf, nextOffsetsOf } from './offsets.ts';

/** What is still to be applied of a batch, or where to read on instead. */
type Due =
  | { readonly kind: 'apply'; readonly from: bigint | null; readonly records: readonly IncomingRecord[] }
  | { readonly kind: 'nothing'; readonly nextOffset: bigint }
  | { readonly kind: 'rewind'; readonly nextOffset: bigint };

/** What one member believes about the offsets of its partitions; PostgreSQL has the truth, and the compare-and-set finds a belief that is wrong. */
export type Partitions = {
  /** Throws `log.gap` where the batch has a hole: records would be lost in silence. Where the log no longer holds what a rewind asks for, the runner
   *  finds out. Throws `store.unavailable` where PostgreSQL can't be asked. */
  due(batch: IncomingBatch): Promise<Due>;
  applied(topic: Topic, partition: number, nextOffset: bigint): void;
  /** Where to read on, as PostgreSQL says. What is applied while it is asked is known better than by its answer. */
  readonly resumeAt: ResumeAt;
  /** What comes next; null: PostgreSQL is to be asked. */
  believed(topic: Topic, partition: number): bigint | null;
  /** After any failure: ask PostgreSQL again. */
  forget(topic: Topic, partition: number): void;
};

/** What this member knows of its partitions: nothing yet. */
export function partitionsOf(pool: pg.Pool, group: string): Partitions {
  const known = new Map<string, bigint | null>();
  const keyOf = (topic: Pick<Topic, 'name'>, partition: number) => `${topic.name}/${partition}`;
  async function ask(topic: Topic, partition: number): Promise<bigint | null> {
    const expected = await nextOffsetOf(pool, { group, topic: topic.name, partition }).catch((error: unknown) => {
      throw storeError(error);
    });
    known.set(keyOf(topic, partition), expected);
    return expected;
  }
  return {
    async due({ topic, partition, records }) {
      const key = keyOf(topic, partition);
      const first = records[0];
      let expected = known.get(key) ?? null;
      // a belief may be out of date: another member had the partition in between
      if (expected === null || (first !== undefined && first.offset > expected)) expected = await ask(topic, partition);
      if (first === undefined) return { kind: 'nothing', nextOffset: expected ?? 0n };
      if (expected === null) return { kind: 'apply', from: null, records: unbroken(key, records) };
      if (first.offset > expected) return { kind: 'rewind', nextOffset: expected };
      const fresh = records.filter((record) => record.offset >= expected);
      if (fresh.length === 0) return { kind: 'nothing', nextOffset: expected };
      return { kind: 'apply', from: expected, records: unbroken(key, fresh) };
    },
    applied: (topic, partition, nextOffset) => known.set(keyOf(topic, partition), nextOffset),
    async resumeAt(assigned) {
      const before = new Map(known);
      const places = await nextOffsetsOf(pool, group, assigned);
      return places.map(({ topic, partition, offset }) => {
        const key = keyOf({ name: topic }, partition);
        if (known.get(key) === before.get(key)) known.set(key, offset);
        return { topic, partition, offset: known.get(key) ?? offset };
      });
    },
    believed: (topic, partition) => known.get(keyOf(topic, partition)) ?? null,
    forget: (topic, partition) => known.delete(keyOf(topic, partition)),
  };
}

/** The topics that consumers read are neither compacted nor transactional: their offsets have no holes. */
function unbroken(key: string, records: readonly IncomingRecord[]): readonly IncomingRecord[] {
  const hole = records.findIndex((record, i) => i > 0 && record.offset !== (records[i - 1] as IncomingRecord).offset + 1n);
  if (hole >= 0) throw logGap(key, (records[hole - 1] as IncomingRecord).offset + 1n, (records[hole] as IncomingRecord).offset);
  return records;
}
