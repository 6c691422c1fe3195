import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { contactEvents, identityEvents } from '@keyturn/contracts';
import { inboundRecord, message, numberChanged, status, T0, until } from '@keyturn/testkit';
import { contactConsumer } from '../consumers.ts';
import { type Database, transact } from '../database.ts';
import { take } from '../directory/directory.fixture.ts';
import { holdersNow } from '../directory/holders-now.ts';
import { type Batches, batchesWorld, contactOf, newNumber, recordsOf } from './apply-batch.fixture.ts';
import { applyBatch } from './apply-batch.ts';
import { identity } from './identity-consumer.fixture.ts';
import { nextOffsetOf } from './offsets.ts';

let world: Batches;
beforeAll(async () => {
  world = await batchesWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.partition += 1;
});

it('a second hash blocks, and state, journal, outbox and offset commit together', async () => {
  const waId = newNumber();
  const ended = await applyBatch(
    world.shellOf(),
    identity,
    world.runOf(
      recordsOf(
        message({ waId, at: T0, identityKeyHash: 'h1' }),
        message({ waId, at: T0 + 5, identityKeyHash: 'h1' }),
        message({ waId, at: T0 + 10, identityKeyHash: 'h2' }),
      ),
    ),
  );
  expect(ended.map((one) => one.kind)).toEqual(['applied', 'touched', 'applied']);
  const contactId = contactOf(ended, 0);
  expect(await world.statusOf(contactId)).toEqual({ status: 'blocked', version: 2 });
  expect(
    await world.query('select type, version from journal where contact_id = $1 and slice = $2 order by entry_id', [contactId, 'identity']),
  ).toEqual([
    { type: 'identity.hash_learned', version: 1 },
    { type: 'identity.blocked', version: 2 },
  ]);
  const told = await world.query<{ topic: string }>('select topic from outbox where key = $1 and topic = $2 order by position', [
    contactId,
    identityEvents.name,
  ]);
  expect(told).toHaveLength(2);
  expect(await nextOffsetOf(world.pool(), world.place())).toBe(3n);
});

it('a batch that another member has applied changes nothing and says so', async () => {
  const batch = world.runOf(recordsOf(message({ waId: newNumber(), at: T0, identityKeyHash: 'h1' })));
  const ended = await applyBatch(world.shellOf(), identity, batch);
  const before = await world.statusOf(contactOf(ended, 0));
  await expect(applyBatch(world.shellOf(1), identity, batch)).rejects.toMatchObject({ code: 'batch.superseded' });
  expect(await world.statusOf(contactOf(ended, 0))).toEqual(before);
});

it('of two members with the same records, one applies them: the other finds its offset taken', async () => {
  const waId = newNumber();
  const first = await applyBatch(world.shellOf(), identity, world.runOf(recordsOf(message({ waId, at: T0, identityKeyHash: 'h1' }))));
  const again = world.runOf([inboundRecord(message({ waId, at: T0 + 9, identityKeyHash: 'h2' }), 1n)], 1n);
  const both = await Promise.allSettled([applyBatch(world.shellOf(0), identity, again), applyBatch(world.shellOf(1), identity, again)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'batch.superseded' } });
  expect(await world.statusOf(contactOf(first, 0))).toEqual({ status: 'blocked', version: 2 });
});

it('a contact that becomes another while its row is waited for does not keep what was said since', async () => {
  const [left, taken] = [newNumber(), newNumber()];
  const known = await applyBatch(world.shellOf(), identity, world.runOf(recordsOf(message({ waId: left, at: T0, identityKeyHash: 'h1' }))));
  world.partition += 1;
  const before = contactOf(known, 0);
  const said = message({ waId: left, at: T0 + 50, identityKeyHash: 'h2' });
  const { applying } = await transact(world.pool(1), async (tx) => {
    await tx.query('select from identity_state where contact_id = $1 for update', [before]);
    const applying = applyBatch(world.shellOf(), identity, world.runOf(recordsOf(said)));
    applying.catch(() => {}); // told below
    const waits = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await until('the batch waits for the row', async () => (await world.query(waits)).length > 0);
    await take(world.databases[1] as Database, [{ type: 'report', previous: [`w:${left}`], current: [`w:${taken}`], at: T0 + 40 }]);
    return { applying };
  });
  const after = contactOf(await applying, 0);
  const [holder] = await holdersNow(world.pool(), [{ scope: 'default', identifier: `w:${left}`, at: T0 + 50 }]);
  expect([after, after === before]).toEqual([holder, false]);
  expect(await world.statusOf(before)).toEqual({ status: 'clear', version: 1 });
});

it('records that cannot be read, carry nothing or name nobody end under their own names', async () => {
  const ended = await applyBatch(
    world.shellOf(),
    identity,
    world.runOf([
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
    world.shellOf(),
    identity,
    world.runOf([
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
  expect(await world.query('select from directory_link where identifier = $1 or head = $1', [`w:${waId}`])).toEqual([]);
});

it('two members that meet a new person under two identifiers at once lose nothing', async () => {
  for (let round = 0; round < 10; round++) {
    const waId = newNumber();
    const bsuid = `US.${waId}`;
    world.partition += 2;
    const mine = world.partition - 1;
    const one = { ...world.runOf(recordsOf(message({ waId, at: T0, identityKeyHash: 'h1' }))), partition: mine };
    const two = { ...world.runOf(recordsOf(message({ waId, bsuid, at: T0 + 9, identityKeyHash: 'h2' }))), partition: mine + 1 };
    const [a, b] = await Promise.all([applyBatch(world.shellOf(0), identity, one), applyBatch(world.shellOf(1), identity, two)]);
    expect(contactOf(a, 0)).toBe(contactOf(b, 0));
    expect(await world.statusOf(contactOf(a, 0))).toEqual({ status: 'blocked', version: 2 });
  }
});

it('a change of number of which one end cannot be read blocks who announced it', async () => {
  const waId = newNumber();
  const ended = await applyBatch(
    world.shellOf(),
    identity,
    world.runOf(recordsOf(numberChanged({ waId, at: T0, previous: { waId }, current: {} }))),
  );
  expect(await world.statusOf(contactOf(ended, 0))).toEqual({ status: 'blocked', version: 1 });
});

it('a contact of whom the directory tells while its slice is decided on is decided on anew: its versions have no gap, in the order of the outbox', async () => {
  const waId = newNumber();
  const says = (at: number, profileName: string, bsuid?: string) => recordsOf(message({ waId, at, profileName, ...(bsuid && { bsuid }) }));
  const ended = await applyBatch(world.shellOf(), contactConsumer, world.runOf(says(T0, 'A')));
  world.partition += 1;
  let loads = 0;
  const repository = {
    ...contactConsumer.repository,
    async load(...args: Parameters<typeof contactConsumer.repository.load>) {
      const rows = await contactConsumer.repository.load(...args);
      if (loads++ === 0) await applyBatch(world.shellOf(1), identity, world.runOf(says(T0 + 5, 'B', `US.${waId}`)));
      return rows;
    },
  };
  await applyBatch(world.shellOf(), { ...contactConsumer, repository }, world.runOf(says(T0 + 9, 'C')));
  expect(loads).toBe(2);
  const told = await world.query<{ type: string; version: number }>(
    `select headers->>'event-type' as type, (convert_from(value, 'UTF8')::jsonb->>'version')::int as version from outbox
     where key = $1 and topic = $2 order by position`,
    [contactOf(ended, 0), contactEvents.name],
  );
  expect(told.map(({ type, version }) => `${version} ${type}`)).toEqual([
    '1 contact.created',
    '2 contact.updated',
    '3 contact.identified',
    '4 contact.updated',
  ]);
});
