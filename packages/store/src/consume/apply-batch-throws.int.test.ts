import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { identitySlice } from '@keyturn/domain';
import { inboundRecord, message, T0 } from '@keyturn/testkit';
import { identityRepository } from '../slices/identity-repository.ts';
import { type Batches, batchesWorld, contactOf, newNumber, recordsOf } from './apply-batch.fixture.ts';
import { applyBatch } from './apply-batch.ts';
import { identity } from './identity-consumer.fixture.ts';
import { nextOffsetOf } from './offsets.ts';
import type { ConsumerDefinition } from './run.ts';

let world: Batches;
beforeAll(async () => {
  world = await batchesWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.partition += 1;
});

/** The slice, throwing for one event: a fault of ours. */
const throwingFor = (wamid: string): ConsumerDefinition<never, never, never> =>
  ({
    ...identity,
    slice: {
      ...identitySlice,
      decide(stored: never, input: { wamid?: string }) {
        if (input.wamid === wamid) throw new Error('a fault of ours');
        return identitySlice.decide(stored, input as never);
      },
    },
  }) as never;

const throwingForAll = {
  ...identity,
  slice: {
    ...identitySlice,
    decide: () => {
      throw new Error('a fault of ours');
    },
  },
};

describe('an event on which the decision throws', () => {
  it('is dead-lettered as it was and blocks its contact; the others are applied, and the counts add up', async () => {
    const [good, bad] = [newNumber(), newNumber()];
    const ended = await applyBatch(
      world.shellOf(),
      throwingFor('wamid.bad'),
      world.runOf(
        recordsOf(
          message({ waId: good, at: T0, identityKeyHash: 'h1' }),
          message({ waId: bad, at: T0 + 1, identityKeyHash: 'h1', wamid: 'wamid.bad' }),
          message({ waId: good, at: T0 + 2, identityKeyHash: 'h2' }),
        ),
      ),
    );
    expect(ended.map((one) => one.kind)).toEqual(['applied', 'dead_lettered', 'applied']);
    expect(await world.statusOf(contactOf(ended, 0))).toMatchObject({ status: 'blocked', version: 2 });
    const [blocked] = await world.query<{ status: string }>(
      `select s.status from identity_state s join identifier_period p using (contact_id) where p.identifier = $1`,
      [`w:${bad}`],
    );
    expect(blocked).toEqual({ status: 'blocked' });
    const [letter] = await world.query<{ value: Buffer; headers: Record<string, string> }>(
      `select value, headers from outbox where topic = 'whatsapp.inbound.v1.identity.dlt' and key = $1`,
      [bad],
    );
    expect(JSON.parse(String(letter?.value))).toMatchObject({ wamid: 'wamid.bad' });
    expect(letter?.headers).toMatchObject({ 'dead-letter-cause': 'a fault of ours', 'dead-letter-offset': '1' });
  });

  it('is found by halving where it is the database that refuses it', async () => {
    const [good, bad] = [newNumber(), newNumber()];
    const ended = await applyBatch(
      world.shellOf(),
      identity,
      world.runOf(
        recordsOf(
          message({ waId: good, at: T0, identityKeyHash: 'h1' }),
          message({ waId: bad, at: T0 + 1, identityKeyHash: 'h\u0000' }),
          message({ waId: good, at: T0 + 2, identityKeyHash: 'h2' }),
        ),
      ),
    );
    expect(ended.map((one) => one.kind)).toEqual(['applied', 'dead_lettered', 'applied']);
    expect(await nextOffsetOf(world.pool(), world.place())).toBe(3n);
  });

  it('stops the consumer where it happens for everybody, and nothing of that batch is applied', async () => {
    const events = Array.from({ length: 30 }, (_, i) => message({ waId: newNumber(), at: T0 + i, identityKeyHash: 'h1' }));
    await expect(applyBatch(world.shellOf(), throwingForAll, world.runOf(recordsOf(...events)))).rejects.toMatchObject({
      code: 'consumer.stopped',
    });
    expect(await nextOffsetOf(world.pool(), world.place())).toBeNull();
  });

  it('stops the consumer where it happens for everybody one batch at a time', async () => {
    const shell = world.shellOf();
    const one = (i: number) => inboundRecord(message({ waId: newNumber(), at: T0 + i, identityKeyHash: 'h1' }), BigInt(i));
    for (let i = 0; i < 19; i++) await applyBatch(shell, throwingForAll, world.runOf([one(i)], i === 0 ? null : BigInt(i)));
    await expect(applyBatch(shell, throwingForAll, world.runOf([one(19)], 19n))).rejects.toMatchObject({ code: 'consumer.stopped' });
    expect(await nextOffsetOf(world.pool(), world.place())).toBe(19n);
  });

  it('claims no more to be applied than is where the first half of a batch is in and the second fails', async () => {
    let single = 0;
    const failing = (count: number): string | null => (count > 1 ? '22000' : ++single > 1 ? '57P01' : null);
    const fails = {
      ...identity,
      repository: {
        ...identityRepository,
        save: (...[tx, changed]: Parameters<typeof identityRepository.save>) => {
          const code = failing(changed.length);
          return code === null ? identityRepository.save(tx, changed) : Promise.reject(Object.assign(new Error('refused'), { code }));
        },
      },
    };
    const two = recordsOf(
      message({ waId: newNumber(), at: T0, identityKeyHash: 'h1' }),
      message({ waId: newNumber(), at: T0 + 9, identityKeyHash: 'h1' }),
    );
    await expect(applyBatch(world.shellOf(), fails, { ...world.runOf(two), caughtUpAt: new Date('2100-01-01') })).rejects.toMatchObject({
      code: 'store.unavailable',
    });
    const [row] = await world.query<{ next_offset: string; caught_up_at: Date }>(
      'select next_offset, caught_up_at from consumer_offset where partition = $1',
      [world.partition],
    );
    expect(row?.next_offset).toBe('1');
    expect(row?.caught_up_at.getTime()).toBeLessThanOrEqual(two[0]?.timestamp ?? 0);
  });
});
