import { beforeAll, expect, it } from '@jest/globals';
import {
  ConsentStateRecord,
  ContactStateRecord,
  consentEvents,
  consentState,
  consumerTopics,
  IdentityStateRecord,
  inbound,
} from '@keyturn/contracts';
import { consentSlice } from '@keyturn/domain';
import { inboundRecord, message, T0, until } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { applyBatch } from '../consume/apply-batch.ts';
import { identity } from '../consume/identity-consumer.fixture.ts';
import { stopRule } from '../consume/stop-rule.ts';
import { NOW, ownDatabase } from '../directory/directory.fixture.ts';
import { consentRepository } from '../slices/consent-repository.ts';
import { type Pace, sweepOnce } from './sweep.ts';
import { type SweptSlice, sweptSlices } from './swept-slices.ts';

const HOUR_MS = 3_600_000;
const PEOPLE = 5;
/** The tables of a test are as good as empty: a batch is one contact then. */
const pace: Pace = { tickMs: 1_000, roundMs: 24 * HOUR_MS, contactsMax: 500 };
const at = (hours: number) => new Date(NOW.getTime() + hours * HOUR_MS);
const shapes = { contact: ContactStateRecord, identity: IdentityStateRecord, consent: ConsentStateRecord };
type Said = { position: string; key: string; topic: string; headers: Record<string, string>; value: Record<string, unknown> };

const database = ownDatabase();
beforeAll(async () => {
  const shell = { pool: database.pool, now: () => NOW, newContactId: v7, stopRule: stopRule('test') };
  const records = Array.from({ length: PEOPLE }, (_, i) => {
    const waId = `49157${String(i).padStart(8, '0')}`;
    return [message({ waId, at: T0, identityKeyHash: 'h1' }), message({ waId, at: T0 + 60, identityKeyHash: 'h2' })];
  })
    .flat()
    .map((event, i) => inboundRecord(event, BigInt(i)));
  const run = { topic: inbound, partition: 0, records, from: null, to: BigInt(records.length), caughtUpAt: NOW, attempt: 1 };
  const consent = {
    group: 'consent',
    topics: consumerTopics.consent,
    facets: ['consent', 'hash'],
    slice: consentSlice,
    repository: consentRepository,
  } as const;
  await applyBatch(shell, identity, run);
  await applyBatch(shell, { ...consent, tells: { events: consentEvents, state: consentState } }, run);
});

const said = async (where: string): Promise<Said[]> =>
  (
    await database.pool.query<Said>(
      `select position, key, topic, headers, convert_from(value, 'UTF8')::jsonb as value from outbox where ${where} order by position`,
    )
  ).rows;
const republished = (topic: string) => said(`topic = '${topic}' and headers->>'republished' = 'true'`);
/** Sweeps until there is nothing left to do; answers how many states were told. */
async function sweepRound(slice: SweptSlice, now: Date): Promise<number> {
  for (let told = 0; ; ) {
    const more = await sweepOnce(database.pool, slice, now, pace);
    if (more === 0) return told;
    told += more;
  }
}
const sliceNamed = (name: SweptSlice['name']) => sweptSlices.find((slice) => slice.name === name) as SweptSlice;
const withoutTime = ({ recordedAt: _, ...value }: Record<string, unknown>) => value;

it.each(sweptSlices)('$name: a round tells each state once, as it was told last, with its version and nothing else', async (slice) => {
  const { rows: last } = await database.pool.query<{ key: string; state_topic: string; state: Record<string, unknown> }>(
    `select distinct on (key) key, state_topic, convert_from(state, 'UTF8')::jsonb as state from outbox
     where state_topic = '${slice.name}.state.v1' order by key, position desc`,
  );
  expect(await sweepRound(slice, at(0))).toBe(PEOPLE);
  const again = await republished(`${slice.name}.state.v1`);
  expect(again.map(({ key, value }) => [key, withoutTime(value)])).toEqual(last.map(({ key, state }) => [key, withoutTime(state)]));
  for (const { value } of again) expect(shapes[slice.name].safeParse(value).error).toBeUndefined();
  expect(
    (await database.pool.query("select from outbox where headers->>'republished' = 'true' and state_topic is not null")).rowCount,
  ).toBe(0);
});

it('a round begins a day after the last one began, not earlier', async () => {
  const slice = sliceNamed('consent');
  await sweepRound(slice, at(48));
  expect(await sweepOnce(database.pool, slice, at(71), pace)).toBe(0);
  expect(await sweepRound(slice, at(72))).toBe(PEOPLE);
});

it('two processes at once tell each state once', async () => {
  const slice = sliceNamed('contact');
  const before = (await republished('contact.state.v1')).length;
  const both = await Promise.all(Array.from({ length: 2 * PEOPLE }, () => sweepOnce(database.pool, slice, at(100), pace)));
  const told = both.reduce((sum, count) => sum + count, await sweepRound(slice, at(100)));
  const keys = (await republished('contact.state.v1')).slice(before).map(({ key }) => key);
  expect([told, new Set(keys).size, keys.length]).toEqual([PEOPLE, PEOPLE, PEOPLE]);
});

it('it waits for a change under way, and tells what that made of the contact', async () => {
  const slice = sliceNamed('identity');
  const client = await database.pool.connect();
  await client.query('begin');
  await client.query('update identity_state set version = 99');
  const sweeping = sweepOnce(database.pool, slice, at(200), pace);
  await until('the sweep waits for the lock', async () => {
    const { rows } = await database.pool.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows.length > 0;
  });
  await client.query('commit');
  client.release();
  expect(await sweeping).toBe(1);
  expect((await republished('identity.state.v1')).at(-1)?.value.version).toBe(99);
});
