import { describe, expect, it } from '@jest/globals';
import { inbound } from '@keyturn/contracts';
import type { IncomingBatch } from '@keyturn/runtime';
import type pg from 'pg';
import { partitionsOf } from './partitions.ts';

const batchOf = (first: bigint, count = 3): IncomingBatch => ({
  topic: inbound,
  partition: 0,
  records: Array.from({ length: count }, (_, i) => ({
    ...{ offset: first + BigInt(i), key: null, value: Buffer.alloc(0), headers: {}, timestamp: 0 },
  })),
  highWatermark: first + BigInt(count),
});
/** PostgreSQL as far as this asks it: what it says comes next. */
const truth = (nextOffset: { now: bigint | null }) =>
  ({ query: async () => ({ rows: nextOffset.now === null ? [] : [{ next_offset: String(nextOffset.now) }] }) }) as unknown as pg.Pool;

describe('what is due of a batch', () => {
  it('is tried again while PostgreSQL is away, however long that takes', async () => {
    const away = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
    const pool = { query: () => Promise.reject(away) } as unknown as pg.Pool;
    await expect(partitionsOf(pool, 'identity').due(batchOf(0n))).rejects.toMatchObject({ code: 'store.unavailable' });
  });

  it('is read again from where PostgreSQL says', async () => {
    const partitions = partitionsOf(truth({ now: 5n }), 'identity');
    expect(await partitions.due(batchOf(8n))).toEqual({ kind: 'rewind', nextOffset: 5n });
    expect(await partitions.due(batchOf(4n))).toMatchObject({ kind: 'apply', from: 5n, records: [{ offset: 5n }, { offset: 6n }] });
  });

  it('is what PostgreSQL says now where another member had the partition in between', async () => {
    const next = { now: 5n };
    const partitions = partitionsOf(truth(next), 'identity');
    expect(await partitions.due(batchOf(5n))).toMatchObject({ kind: 'apply', from: 5n });
    next.now = 100n;
    expect(await partitions.due(batchOf(100n))).toMatchObject({ kind: 'apply', from: 100n });
  });

  it('is asked for again after a rebalance came between, for then nobody was asked yet', async () => {
    const partitions = partitionsOf(truth({ now: 5n }), 'identity');
    await partitions.due(batchOf(8n));
    expect(await partitions.due(batchOf(8n))).toEqual({ kind: 'rewind', nextOffset: 5n });
  });

  it('is refused where the log has a hole', async () => {
    const { records, ...rest } = batchOf(5n);
    const holed = { ...rest, records: records.filter(({ offset }) => offset !== 6n) };
    await expect(partitionsOf(truth({ now: 5n }), 'identity').due(holed)).rejects.toMatchObject({ code: 'log.gap' });
  });
});

describe('where a member reads on', () => {
  const assigned = [{ topic: inbound.name, partition: 0 }];
  const at = (next: bigint) => ({ rows: [{ topic: inbound.name, partition: 0, next_offset: String(next) }] });

  it('is where PostgreSQL says, also where the member believed otherwise', async () => {
    const partitions = partitionsOf({ query: async () => at(5n) } as unknown as pg.Pool, 'identity');
    for (const believed of [null, 3n, 9n]) {
      if (believed !== null) partitions.applied(inbound, 0, believed);
      expect(await partitions.resumeAt(assigned)).toEqual([{ ...assigned[0], offset: 5n }]);
      expect(partitions.believed(inbound, 0)).toBe(5n);
    }
  });

  it('is behind what was applied while PostgreSQL was asked: its answer is older', async () => {
    const asked = Promise.withResolvers<unknown>();
    const partitions = partitionsOf({ query: () => asked.promise } as unknown as pg.Pool, 'identity');
    const resuming = partitions.resumeAt(assigned);
    partitions.applied(inbound, 0, 8n);
    asked.resolve(at(5n));
    expect(await resuming).toEqual([{ ...assigned[0], offset: 8n }]);
    expect(await partitions.due(batchOf(8n))).toMatchObject({ kind: 'apply', from: 8n });
  });
});
