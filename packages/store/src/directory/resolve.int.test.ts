import { describe, expect, it } from '@jest/globals';
import { ContactEvent, ContactStateRecord } from '@keyturn/contracts';
import type { Carried, DirectoryFact } from '@keyturn/domain';
import { until } from '@keyturn/testkit';
import { batches, factsSightedAgain, propertyRuns, someIdentifiers } from '@keyturn/testkit/directory-arbitraries';
import { says } from '@keyturn/testkit/directory-facts';
import fc from 'fast-check';
import type pg from 'pg';
import { inWorld, inWorldId, isSayable, NOW, newContactId, ownDatabase, take, toResolve } from './directory.fixture.ts';
import { holdersNow } from './holders-now.ts';
import { resolve } from './resolve.ts';
import { expectAsFromScratch } from './stored-directory.fixture.ts';

const database = ownDatabase();

let worlds = 0;

it('step by step through PostgreSQL is from scratch in memory, whatever the batches', async () => {
  await fc.assert(
    fc.asyncProperty(
      factsSightedAgain.chain((facts) => batches(facts.filter(isSayable))),
      async (some) => {
        const world = ++worlds;
        const identifiers = someIdentifiers.map((identifier) => inWorldId(world, identifier));
        const taken: DirectoryFact[] = [];
        for (const batch of some) {
          const facts = batch.map((fact) => inWorld(world, fact));
          const answers = await take(database, facts);
          taken.push(...facts);
          const holders = await holdersNow(
            database.pool,
            answers.flatMap((answer) => (answer ? [{ ...answer, identifier: answer.as }] : [])),
          );
          expect(answers.map((answer) => answer?.contactId)).toEqual(holders);
          await expectAsFromScratch(database, taken, identifiers);
        }
      },
    ),
    propertyRuns(40),
  );
}, 600_000);

it('what is told has the shape that the topics promise', async () => {
  const { rows } = await database.pool.query<{ value: unknown; state: unknown }>(
    `select convert_from(value, 'UTF8')::jsonb as value, convert_from(state, 'UTF8')::jsonb as state from outbox order by position desc limit 200`,
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const { value, state } of rows) {
    expect(ContactEvent.safeParse(value).error).toBeUndefined();
    expect(ContactStateRecord.safeParse(state).error).toBeUndefined();
  }
});

it('an item that names nobody has no contact, and its neighbours have theirs', async () => {
  const nameless = { ...toResolve(says(10, 'w:4915100000001')), fact: { type: 'item', ids: {}, at: 10 } } as const;
  const [nobody, somebody] = await resolve(database.pool, [nameless, toResolve(says(10, 'w:4915100000001'))], NOW, newContactId);
  expect(nobody).toBeNull();
  expect(somebody).toMatchObject({ as: 'w:4915100000001', at: 10, scope: 'default' });
});

it('two spellings of a number are one contact', async () => {
  const [one, two] = await take(database, [says(10, 'w:5531987654321'), says(10, 'w:553187654321')]);
  expect(one?.contactId).toBe(two?.contactId);
});

describe('the hot path', () => {
  const counted = () => {
    const texts: string[] = [];
    const query = (config: { text: string; name: string }) => {
      texts.push(config.name);
      return database.pool.query(config);
    };
    const pool = { query, connect: () => Promise.reject(new Error('a known sighting needs no transaction')) } as unknown as pg.Pool;
    return { pool, texts };
  };
  const people = Array.from({ length: 50 }, (_, i): Carried => [`w:49170000${i}`, `u:hot:${i}`]);
  const sightings = (at: number) => people.map((carried) => toResolve(says(at, ...carried)));

  it('is one statement a batch, whatever its size', async () => {
    const first = await resolve(database.pool, sightings(100), NOW, newContactId);
    const { pool, texts } = counted();
    await resolve(pool, [toResolve(says(100, ...(people[0] as Carried)))], NOW, newContactId); // reads the scope, once a process
    texts.length = 0;
    expect(await resolve(pool, sightings(200), NOW, newContactId)).toMatchObject(first.map((one) => ({ contactId: one?.contactId })));
    await resolve(pool, [...sightings(150), ...sightings(200)], NOW, newContactId); // nothing moves
    expect(texts).toEqual(['directory.hot_sight', 'directory.hot_sight']);
  });

  it('is one more for links that somebody else moves at the same time, which move all the same', async () => {
    const [known] = people;
    const sighting = (at: number) => [toResolve(says(at, ...(known as Carried)))];
    const [before] = await resolve(database.pool, sighting(220), NOW, newContactId);
    const other = await database.pool.connect();
    await other.query('begin');
    await other.query('update directory_link set last = to_timestamp(230) where head = $1', [known?.[0]]);
    const { pool, texts } = counted();
    const asked = resolve(pool, sighting(240), NOW, newContactId);
    const waits = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    const waiting = async () => (await database.pool.query(waits)).rowCount !== 0;
    await until('the sighting waits for the other one', waiting);
    await other.query('commit');
    other.release();
    expect(await asked).toEqual([{ ...before, at: 240 }]);
    expect(texts.filter((name) => name !== 'directory.scopes')).toEqual(['directory.hot_sight', 'directory.hot_write']);
    const { rows } = await database.pool.query("select date_part('epoch', last) as last from directory_link where head = $1", [known?.[0]]);
    expect(rows).toEqual([{ last: 240 }]);
  });

  it('tells nothing', async () => {
    const told = async () => (await database.pool.query<{ told: string }>('select count(*) as told from outbox')).rows[0]?.told;
    const before = await told();
    await resolve(database.pool, sightings(300), NOW, newContactId);
    expect(await told()).toBe(before);
  });
});
