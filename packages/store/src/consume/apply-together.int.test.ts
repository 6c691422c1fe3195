import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type InboundEvent, inbound } from '@keyturn/contracts';
import { message, status, T0 } from '@keyturn/testkit';
import { transact } from '../database.ts';
import { type Batches, batchesWorld, newNumber, recordsOf } from './apply-batch.fixture.ts';
import { applyTogether } from './apply-batch.ts';
import { identity } from './identity-consumer.fixture.ts';
import { advanceOffset, nextOffsetOf, stillCaughtUp } from './offsets.ts';
import type { FromLogRun } from './run.ts';

let world: Batches;
beforeAll(async () => {
  world = await batchesWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.partition += 10;
});

const heard = (waId: string, identityKeyHash: string, at = T0) => message({ waId, at, identityKeyHash });
const runOf = (partition: number, ...events: InboundEvent[]): FromLogRun =>
  ({ ...world.runOf(recordsOf(...events)), partition: world.partition + partition }) as FromLogRun;
const offsetOf = (partition: number) => nextOffsetOf(world.pool(), { ...world.place(), partition: world.partition + partition });
const kindsOf = (settled: readonly PromiseSettledResult<readonly { kind: string }[]>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? one.value.map(({ kind }) => kind) : one.reason.code));
const statusOf = async (waId: string) =>
  (
    await world.query<{ status: string }>(
      'select s.status from identity_state s join identifier_period p using (contact_id) where p.identifier = $1',
      [`w:${waId}`],
    )
  )[0]?.status;
const transactionsOf = async () =>
  (await world.query('select distinct xmin::text from consumer_offset where partition >= $1', [world.partition])).length;

it('runs of several partitions are one transaction, in whatever order they come, also where one person is in all of them', async () => {
  const [both, other] = [newNumber(), newNumber()];
  const settled = await applyTogether(world.shellOf(), identity, [
    runOf(2, heard(both, 'h2', T0 + 2), heard(other, 'h1')),
    runOf(0, heard(both, 'h1')),
    runOf(1, message({ waId: newNumber(), at: T0 })),
  ]);
  expect(kindsOf(settled)).toEqual([['applied', 'applied'], ['applied'], ['skipped']]);
  expect(await Promise.all([offsetOf(0), offsetOf(1), offsetOf(2)])).toEqual([1n, 1n, 2n]);
  expect(await transactionsOf()).toBe(1);
  expect(await Promise.all([statusOf(both), statusOf(other)])).toEqual(['blocked', 'clear']);
});

it.each<[string, (bad: string) => InboundEvent]>([
  ['the database refuses it', (bad) => heard(bad, 'h\u0000')],
  ['its schema does', (bad) => ({ ...heard(bad, 'h1'), waId: 'x' })],
])('what is wrong with a record is its own partition’s, and no neighbour’s: %s', async (_what, bad) => {
  const [one, two] = [newNumber(), newNumber()];
  const runs = [runOf(0, heard(one, 'h1')), runOf(1, bad(newNumber()), heard(two, 'h1'))];
  expect(kindsOf(await applyTogether(world.shellOf(), identity, runs))).toEqual([['applied'], ['dead_lettered', 'applied']]);
  expect(await Promise.all([offsetOf(0), offsetOf(1)])).toEqual([1n, 2n]);
  const letters = await world.query<{ partition: number }>('select partition from dead_letter where partition >= $1', [world.partition]);
  expect(letters).toEqual([{ partition: world.partition + 1 }]);
});

it('a partition that another member has moved on is refused; the others are applied', async () => {
  const [one, two] = [newNumber(), newNumber()];
  await applyTogether(world.shellOf(1), identity, [runOf(0, heard(newNumber(), 'h1'))]);
  const settled = await applyTogether(world.shellOf(), identity, [runOf(0, heard(one, 'h1')), runOf(1, heard(two, 'h1'))]);
  expect(kindsOf(settled)).toEqual(['batch.superseded', ['applied']]);
  expect(await Promise.all([statusOf(one), statusOf(two)])).toEqual([undefined, 'clear']);
});

it.each([
  ['message', (waId: string) => heard(waId, 'h1')],
  ['refusal, of which the gate is asked first', (waId: string) => status({ waId, at: T0, status: 'failed', errorCodes: [137_000] })],
])('while PostgreSQL does not answer, all of them fail with that, after one try: %s', async (_what, event) => {
  let asked = 0;
  const away = () => {
    asked += 1;
    return Promise.reject(new Error('connect ECONNREFUSED'));
  };
  const shell = { ...world.shellOf(), pool: { query: away, connect: away } as never };
  const runs = [0, 1, 2].map((partition) => runOf(partition, event(newNumber())));
  expect(kindsOf(await applyTogether(shell, identity, runs))).toEqual(Array(3).fill('store.unavailable'));
  expect(asked).toBe(1);
});

it('who looks whether all is applied leaves what is being applied alone, and waits for nobody', async () => {
  await applyTogether(world.shellOf(), identity, [runOf(0, heard(newNumber(), 'h1')), runOf(1, heard(newNumber(), 'h1'))]);
  const ends = [0, 1].map((partition) => ({ partition: world.partition + partition, high: 1n }));
  const later = new Date('2100-01-01T00:00:00Z');
  const place = { group: 'identity', topic: inbound.name };
  const seen = () => stillCaughtUp(world.pool(1), place, ends, later);
  const before = new Date('2020-01-01T00:00:00Z'); // whatever the clock of the machine says
  await world.query('update consumer_offset set caught_up_at = $1 where partition = any($2)', [
    before,
    ends.map(({ partition }) => partition),
  ]);
  const isLater = (rows: Awaited<ReturnType<typeof seen>>) =>
    ends.map((end) => rows.some(({ partition, caughtUpAt }) => partition === end.partition && caughtUpAt > before));
  await transact(world.pool(), async (tx) => {
    await tx.query('update consumer_offset set updated_at = now() where partition = $1', [world.partition]);
    expect(isLater(await seen())).toEqual([false, true]);
  });
  expect(isLater(await seen())).toEqual([true, true]);
});

it('what a member with a clock ahead has applied is current as of now, and not of an instant to come', async () => {
  const place = { ...world.place(), partition: world.partition + 7 };
  const ahead = new Date('2100-01-01T00:00:00Z');
  const isToCome = async () =>
    (
      await world.query<{ ahead: boolean }>('select caught_up_at > now() as ahead from consumer_offset where partition = $1', [
        place.partition,
      ])
    )[0]?.ahead;
  await advanceOffset(world.pool(), place, null, 1n, ahead);
  expect(await isToCome()).toBe(false);
  await advanceOffset(world.pool(), place, 1n, 2n, ahead);
  expect(await isToCome()).toBe(false);
  await stillCaughtUp(world.pool(), place, [{ partition: place.partition, high: 2n }], ahead);
  expect(await isToCome()).toBe(false);
});
