import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { headers, type InboundEvent } from '@keyturn/contracts';
import { inboundRecord, message, numberChanged, T0, until } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { type Batches, batchesWorld, newNumber, recordsOf } from '../consume/apply-batch.fixture.ts';
import { applyBatch } from '../consume/apply-batch.ts';
import { consentConsumer, contactConsumer, identityConsumer } from '../consumers.ts';
import { type Candidate, rehearse } from './rehearse.ts';

let world: Batches;
beforeAll(async () => {
  world = await batchesWorld();
});
afterAll(() => world.close());

const now = () => new Date('2026-11-23T12:00:00Z');
const rehearsed = (...events: InboundEvent[]) => {
  const replayId = v7();
  const candidates = events.map((event): Candidate => {
    const { key, value, headers: said } = inboundRecord(event, 0n);
    return { key, value, headers: { ...said, [headers.replayId]: replayId } };
  });
  return rehearse(world.pool(), candidates, replayId, now);
};
/** What is so before, for all consumers. */
async function applied(...events: InboundEvent[]): Promise<void> {
  world.partition += 1;
  for (const consumer of [contactConsumer, identityConsumer, consentConsumer])
    await applyBatch<unknown, unknown, never>(world.shellOf(), consumer as never, world.runOf(recordsOf(...events)));
}
const tables = ['contact', 'contact_state', 'identity_state', 'consent_state', 'consent_ledger', 'journal', 'outbox', 'consumer_offset'];
const directory = [
  'directory_link',
  'directory_report',
  'directory_mention',
  'identifier_period',
  'contact_signal',
  'waba_scope',
  'dead_letter',
];
const everything = () =>
  Promise.all(
    [...tables, ...directory].map((table) => world.query(`select t::text from ${table} t order by 1`).then((rows) => [table, rows])),
  );

it('says what each slice would tell of whom, also what follows from the directory, and nothing of it is so', async () => {
  const [known, moved, next, stranger] = [newNumber(), newNumber(), newNumber(), newNumber()];
  await applied(message({ waId: known, at: T0, identityKeyHash: 'h1' }), message({ waId: moved, at: T0, identityKeyHash: 'h1' }));
  const before = await everything();
  const { changes, ended } = await rehearsed(
    message({ waId: known, at: T0 + 9, identityKeyHash: 'h2' }),
    numberChanged({ waId: moved, at: T0 + 9, previous: { waId: moved }, current: { waId: next } }),
    message({ waId: stranger, at: T0 + 9, identityKeyHash: 'h1' }),
    message({ waId: known, at: T0, identityKeyHash: 'h1' }),
  );
  expect(await everything()).toEqual(before);
  const told = changes.filter(({ slice }) => slice === 'identity').map(({ type, isNew }) => `${type}${isNew ? ' of somebody new' : ''}`);
  expect(told.sort()).toEqual(['identity.blocked', 'identity.blocked', 'identity.hash_learned of somebody new']);
  expect(changes.filter(({ type }) => type === 'contact.number_changed')).toHaveLength(1);
  expect(ended.identity).toMatchObject({ applied: expect.any(Number), skipped_seen_before: 1 });
});

it('what is so already would change nothing', async () => {
  const events = [
    message({ waId: newNumber(), at: T0, identityKeyHash: 'h1' }),
    message({ waId: newNumber(), at: T0, identityKeyHash: 'h1' }),
  ];
  await applied(...events);
  expect((await rehearsed(...events)).changes).toEqual([]);
});

it('a record that nobody could decide on is said, and its neighbours are rehearsed', async () => {
  const replayId = v7();
  const good = inboundRecord(message({ waId: newNumber(), at: T0, identityKeyHash: 'h1' }), 0n);
  const marked = { ...good.headers, [headers.replayId]: replayId };
  const bad = { key: 'x', value: Buffer.from('{"type":'), headers: marked };
  const { changes, ended } = await rehearse(world.pool(), [bad, { ...good, headers: marked }], replayId, now);
  expect(ended).toMatchObject({ contact: { dead_lettered: 1 }, identity: { dead_lettered: 1, applied: 1 }, consent: { dead_lettered: 1 } });
  expect(changes.map(({ type }) => type)).toContain('identity.hash_learned');
});

it('whoever is live gets a row that it holds, and neither waits for the other for good', async () => {
  const [ours, theirs] = [newNumber(), newNumber()];
  await applied(message({ waId: ours, at: T0, identityKeyHash: 'h1' }), message({ waId: theirs, at: T0, identityKeyHash: 'h1' }));
  const [a, b] = [await idOf(ours), await idOf(theirs)].sort() as [string, string];
  const live = await world.pool(1).connect();
  await live.query('begin');
  await live.query('select from identity_state where contact_id = $1 for update', [b]); // the rehearsal takes a, then waits for b
  const rehearsal = rehearsed(...[ours, theirs].map((waId) => message({ waId, at: T0 + 9, identityKeyHash: 'h2' })));
  await waitsForRow();
  await live.query('select from identity_state where contact_id = $1 for update', [a]); // and so this waits for it: a circle
  await live.query('commit');
  live.release();
  expect((await rehearsal).changes.filter(({ type }) => type === 'identity.blocked')).toHaveLength(2);
});

const idOf = async (waId: string) =>
  (await world.query<{ id: string }>('select contact_id as id from identifier_period where identifier = $1', [`w:${waId}`]))[0]?.id;
async function waitsForRow(): Promise<void> {
  const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%identity_state%'`;
  await until('it waits for the row', async () => (await world.query(waits)).length > 0);
}
