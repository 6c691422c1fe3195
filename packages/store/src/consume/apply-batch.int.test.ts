import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { consumerTopics, type InboundEvent, identityEvents, identityState, inbound } from '@keyturn/contracts';
import { identitySlice } from '@keyturn/domain';
import type { IncomingRecord } from '@keyturn/runtime';
import { inboundRecord, message, numberChanged, status, T0 } from '@keyturn/testkit';
import { v7 } from 'uuid';
import type { Database } from '../database.ts';
import { directoryDatabase, NOW, take } from '../directory/directory.fixture.ts';
import { holdersNow } from '../directory/holders-now.ts';
import { identityRepository } from '../slices/identity-repository.ts';
import { applyBatch } from './apply-batch.ts';
import { nextOffsetOf } from './offsets.ts';
import type { ConsumerDefinition, Run, Shell } from './run.ts';
import { stopRule } from './stop-rule.ts';

const identity = {
  group: 'identity',
  topics: consumerTopics.identity,
  facets: ['hash', 'error', 'number', 'link'],
  slice: identitySlice,
  repository: identityRepository,
  tells: { events: identityEvents, state: identityState },
} as const;

let databases: Database[];
let close: () => Promise<void>;
beforeAll(async () => {
  ({ databases, close } = await directoryDatabase(2));
});
afterAll(() => close());

let partition = 0;
beforeEach(() => {
  partition += 1;
});
const shellOf = (index = 0): Shell => ({
  pool: (databases[index] as Database).pool,
  now: () => NOW,
  newContactId: v7,
  stopRule: stopRule('identity'),
});
const runOf = (records: readonly IncomingRecord[], from: bigint | null = null): Run => ({
  topic: inbound,
  partition,
  records,
  from,
  to: (records.at(-1)?.offset ?? -1n) + 1n,
  caughtUpAt: NOW,
  attempt: 1,
});
const records = (...events: InboundEvent[]) => events.map((event, i) => inboundRecord(event, BigInt(i)));
const place = () => ({ group: 'identity', topic: inbound.name, partition });
const query = async <Row>(text: string, values: unknown[] = []) =>
  (await (databases[0] as Database).pool.query(text, values)).rows as Row[];
const statusOf = async (contactId: string) =>
  (await query<{ status: string; version: number }>('select status, version from identity_state where contact_id = $1', [contactId]))[0];
const contactOf = (ended: Awaited<ReturnType<typeof applyBatch>>, i: number): string => {
  const one = ended[i];
  if (one === undefined || !('contactId' in one)) throw new Error(`record ${i} was not applied: ${JSON.stringify(one)}`);
  return one.contactId;
};
let people = 0;
const newNumber = () => `4915700${String(++people).padStart(6, '0')}`;

it('a second hash blocks, and state, journal, outbox and offset commit together', async () => {
  const waId = newNumber();
  const ended = await applyBatch(
    shellOf(),
    identity,
    runOf(
      records(
        message({ waId, at: T0, identityKeyHash: 'h1' }),
        message({ waId, at: T0 + 5, identityKeyHash: 'h1' }),
        message({ waId, at: T0 + 10, identityKeyHash: 'h2' }),
      ),
    ),
  );
  expect(ended.map((one) => one.kind)).toEqual(['applied', 'touched', 'applied']);
  const contactId = contactOf(ended, 0);
  expect(await statusOf(contactId)).toEqual({ status: 'blocked', version: 2 });
  expect(
    await query('select type, version from journal where contact_id = $1 and slice = $2 order by entry_id', [contactId, 'identity']),
  ).toEqual([
    { type: 'identity.hash_learned', version: 1 },
    { type: 'identity.blocked', version: 2 },
  ]);
  const told = await query<{ topic: string }>('select topic from outbox where key = $1 and topic = $2 order by position', [
    contactId,
    identityEvents.name,
  ]);
  expect(told).toHaveLength(2);
  expect(await nextOffsetOf((databases[0] as Database).pool, place())).toBe(3n);
});

it('a batch that another member has applied changes nothing and says so', async () => {
  const batch = runOf(records(message({ waId: newNumber(), at: T0, identityKeyHash: 'h1' })));
  const ended = await applyBatch(shellOf(), identity, batch);
  const before = await statusOf(contactOf(ended, 0));
  await expect(applyBatch(shellOf(1), identity, batch)).rejects.toMatchObject({ code: 'batch.superseded' });
  expect(await statusOf(contactOf(ended, 0))).toEqual(before);
});

it('of two members with the same records, one applies them: the other finds its offset taken', async () => {
  const waId = newNumber();
  const first = await applyBatch(shellOf(), identity, runOf(records(message({ waId, at: T0, identityKeyHash: 'h1' }))));
  const again = runOf([inboundRecord(message({ waId, at: T0 + 9, identityKeyHash: 'h2' }), 1n)], 1n);
  const both = await Promise.allSettled([applyBatch(shellOf(0), identity, again), applyBatch(shellOf(1), identity, again)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'batch.superseded' } });
  expect(await statusOf(contactOf(first, 0))).toEqual({ status: 'blocked', version: 2 });
});

it('a contact that becomes another between the look-up and the lock does not keep what was said since', async () => {
  const [left, taken] = [newNumber(), newNumber()];
  await applyBatch(shellOf(), identity, runOf(records(message({ waId: left, at: T0, identityKeyHash: 'h1' }))));
  partition += 1;
  let moves = 0;
  const interrupted = {
    ...identity,
    repository: {
      ...identityRepository,
      async load(...args: Parameters<typeof identityRepository.load>) {
        if (moves++ === 0)
          await take(databases[1] as Database, [{ type: 'report', previous: [`w:${left}`], current: [`w:${taken}`], at: T0 + 40 }]);
        return identityRepository.load(...args);
      },
    },
  };
  const said = message({ waId: left, at: T0 + 50, identityKeyHash: 'h2' });
  const ended = await applyBatch(shellOf(), interrupted, { ...runOf(records(said)), partition });
  const [holder] = await holdersNow((databases[0] as Database).pool, [{ scope: 'default', identifier: `w:${left}`, at: T0 + 50 }]);
  expect(contactOf(ended, 0)).toBe(holder);
  expect(moves).toBe(2);
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

describe('an event on which the decision throws', () => {
  it('is dead-lettered as it was and blocks its contact; the others are applied, and the counts add up', async () => {
    const [good, bad] = [newNumber(), newNumber()];
    const ended = await applyBatch(
      shellOf(),
      throwingFor('wamid.bad'),
      runOf(
        records(
          message({ waId: good, at: T0, identityKeyHash: 'h1' }),
          message({ waId: bad, at: T0 + 1, identityKeyHash: 'h1', wamid: 'wamid.bad' }),
          message({ waId: good, at: T0 + 2, identityKeyHash: 'h2' }),
        ),
      ),
    );
    expect(ended.map((one) => one.kind)).toEqual(['applied', 'dead_lettered', 'applied']);
    expect(await statusOf(contactOf(ended, 0))).toMatchObject({ status: 'blocked', version: 2 });
    const [blocked] = await query<{ status: string }>(
      `select s.status from identity_state s join identifier_period p using (contact_id) where p.identifier = $1`,
      [`w:${bad}`],
    );
    expect(blocked).toEqual({ status: 'blocked' });
    const [letter] = await query<{ value: Buffer; headers: Record<string, string> }>(
      `select value, headers from outbox where topic = 'whatsapp.inbound.v1.identity.dlt' and key = $1`,
      [bad],
    );
    expect(JSON.parse(String(letter?.value))).toMatchObject({ wamid: 'wamid.bad' });
    expect(letter?.headers).toMatchObject({ 'dead-letter-cause': 'a fault of ours', 'dead-letter-offset': '1' });
  });

  it('is found by halving where it is the database that refuses it', async () => {
    const [good, bad] = [newNumber(), newNumber()];
    const ended = await applyBatch(
      shellOf(),
      identity,
      runOf(
        records(
          message({ waId: good, at: T0, identityKeyHash: 'h1' }),
          message({ waId: bad, at: T0 + 1, identityKeyHash: 'h\u0000' }),
          message({ waId: good, at: T0 + 2, identityKeyHash: 'h2' }),
        ),
      ),
    );
    expect(ended.map((one) => one.kind)).toEqual(['applied', 'dead_lettered', 'applied']);
    expect(await nextOffsetOf((databases[0] as Database).pool, place())).toBe(3n);
  });

  it('stops the consumer where it happens for everybody, and nothing of that batch is applied', async () => {
    const all = {
      ...identity,
      slice: {
        ...identitySlice,
        decide: () => {
          throw new Error('a fault of ours');
        },
      },
    };
    const events = Array.from({ length: 30 }, (_, i) => message({ waId: newNumber(), at: T0 + i, identityKeyHash: 'h1' }));
    await expect(applyBatch(shellOf(), all, runOf(records(...events)))).rejects.toMatchObject({ code: 'consumer.stopped' });
    expect(await nextOffsetOf((databases[0] as Database).pool, place())).toBeNull();
  });

  it('stops the consumer where it happens for everybody one batch at a time', async () => {
    const all = {
      ...identity,
      slice: {
        ...identitySlice,
        decide: () => {
          throw new Error('a fault of ours');
        },
      },
    };
    const shell = shellOf();
    const one = (i: number) => inboundRecord(message({ waId: newNumber(), at: T0 + i, identityKeyHash: 'h1' }), BigInt(i));
    for (let i = 0; i < 19; i++) await applyBatch(shell, all, runOf([one(i)], i === 0 ? null : BigInt(i)));
    await expect(applyBatch(shell, all, runOf([one(19)], 19n))).rejects.toMatchObject({ code: 'consumer.stopped' });
    expect(await nextOffsetOf((databases[0] as Database).pool, place())).toBe(19n);
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
    const two = records(
      message({ waId: newNumber(), at: T0, identityKeyHash: 'h1' }),
      message({ waId: newNumber(), at: T0 + 9, identityKeyHash: 'h1' }),
    );
    await expect(applyBatch(shellOf(), fails, { ...runOf(two), caughtUpAt: new Date('2100-01-01') })).rejects.toMatchObject({
      code: 'store.unavailable',
    });
    const [row] = await query<{ next_offset: string; caught_up_at: Date }>(
      'select next_offset, caught_up_at from consumer_offset where partition = $1',
      [partition],
    );
    expect(row?.next_offset).toBe('1');
    expect(row?.caught_up_at.getTime()).toBeLessThanOrEqual(two[0]?.timestamp ?? 0);
  });
});

it('records that cannot be read, carry nothing or name nobody end under their own names', async () => {
  const ended = await applyBatch(
    shellOf(),
    identity,
    runOf([
      { ...inboundRecord(message({ waId: newNumber(), at: T0 }), 0n), value: Buffer.from('{') },
      inboundRecord(message({ waId: newNumber(), at: T0 }), 1n, 'window'),
      inboundRecord(message({ at: T0 }), 2n),
      inboundRecord(status({ waId: newNumber(), at: T0 }), 3n),
    ]),
  );
  expect(ended).toMatchObject([
    { kind: 'dead_lettered', code: 'event.undecodable' },
    { kind: 'skipped', reason: 'no_facet' },
    { kind: 'skipped', reason: 'nobody' },
    { kind: 'skipped', reason: 'no_identity_signal' },
  ]);
});

it('claims about the past or about third persons make nobody a contact and link nobody, though their facets say otherwise', async () => {
  const [waId, bsuid] = [newNumber(), `US.${newNumber()}`];
  const { messageType: _type, replyTo: _reply, ...rest } = message({ waId, bsuid, at: T0 });
  const ended = await applyBatch(
    shellOf(),
    identity,
    runOf([
      inboundRecord({ ...rest, type: 'message.imported', messageType: 'text', author: 'person' }, 0n),
      inboundRecord({ ...rest, type: 'state.synced', kind: 'contact', action: 'add' }, 1n),
      inboundRecord(message({ waId, bsuid, at: T0, flags: ['time_impossible'] }), 2n),
    ]),
  );
  expect(ended).toEqual([
    { kind: 'skipped', reason: 'claim' },
    { kind: 'skipped', reason: 'claim' },
    { kind: 'skipped', reason: 'flagged' },
  ]);
  expect(await query('select from directory_link where identifier = $1 or head = $1', [`w:${waId}`])).toEqual([]);
});

it('two members that meet a new person under two identifiers at once lose nothing', async () => {
  for (let round = 0; round < 10; round++) {
    const waId = newNumber();
    const bsuid = `US.${waId}`;
    partition += 2;
    const mine = partition - 1;
    const one = { ...runOf(records(message({ waId, at: T0, identityKeyHash: 'h1' }))), partition: mine };
    const two = { ...runOf(records(message({ waId, bsuid, at: T0 + 9, identityKeyHash: 'h2' }))), partition: mine + 1 };
    const [a, b] = await Promise.all([applyBatch(shellOf(0), identity, one), applyBatch(shellOf(1), identity, two)]);
    expect(contactOf(a, 0)).toBe(contactOf(b, 0));
    expect(await statusOf(contactOf(a, 0))).toEqual({ status: 'blocked', version: 2 });
  }
});

it('a change of number of which one end cannot be read blocks who announced it', async () => {
  const waId = newNumber();
  const ended = await applyBatch(shellOf(), identity, runOf(records(numberChanged({ waId, at: T0, previous: { waId }, current: {} }))));
  expect(await statusOf(contactOf(ended, 0))).toEqual({ status: 'blocked', version: 1 });
});
