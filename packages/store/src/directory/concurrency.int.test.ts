import { expect, it } from '@jest/globals';
import { until } from '@keyturn/testkit';
import { factsSightedAgain, propertyRuns, someIdentifiers } from '@keyturn/testkit/directory-arbitraries';
import { says } from '@keyturn/testkit/directory-facts';
import fc from 'fast-check';
import { type Database, transact } from '../database.ts';
import { inWorld, inWorldId, isSayable, ownDatabases, take } from './directory.fixture.ts';
import { holdersNow } from './holders-now.ts';
import { expectAsFromScratch } from './stored-directory.fixture.ts';
import { whoAre } from './whereabouts.ts';

const processes = ownDatabases(2) as [Database, Database];

it('two processes that see a new person at once, under different identifiers, make one contact', async () => {
  const [here, there] = processes;
  for (let round = 0; round < 20; round++) {
    const [number, bsuid] = [`w:49151${round}`, `u:a:new${round}`] as const;
    const [[first], [second], [third]] = await Promise.all([
      take(here, [says(10, number, bsuid)]),
      take(there, [says(10, number)]),
      take(there, [says(11, bsuid)]),
    ]);
    const points = [first, second, third].flatMap((answer) => (answer ? [{ ...answer, identifier: answer.as }] : []));
    const holders = await holdersNow(here.pool, points);
    expect(new Set(holders).size).toBe(1);
    await expectAsFromScratch(here, [says(10, number, bsuid), says(10, number), says(11, bsuid)], [number, bsuid]);
  }
});

it('known sightings against changes of the same persons, from two processes at once: as from scratch', async () => {
  let world = 0;
  await fc.assert(
    fc.asyncProperty(factsSightedAgain, fc.array(fc.nat(3), { minLength: 20, maxLength: 20 }), async (some, lanes) => {
      world++;
      const facts = some.filter(isSayable).map((fact) => inWorld(world, fact));
      const again = facts.flatMap((fact) => (fact.type === 'item' ? [{ ...fact, at: fact.at + 1 }] : []));
      const all = [...facts, ...again];
      const lane = async (which: number) => {
        for (const [i, fact] of all.entries()) if (lanes[i % lanes.length] === which) await take(processes[which % 2] as Database, [fact]);
      };
      await Promise.all([0, 1, 2, 3].map(lane));
      const identifiers = someIdentifiers.map((identifier) => inWorldId(world, identifier));
      await expectAsFromScratch(processes[0], all, identifiers);
    }),
    propertyRuns(40),
  );
}, 600_000);

it('a known sighting that meets a change which is not committed waits for it, and goes the long way', async () => {
  const [here, there] = processes;
  const [W, V, U] = ['w:4917400', 'w:4917401', 'u:a:between'] as const;
  await take(here, [says(10, W, U)]);
  let sighting: Promise<unknown> | undefined;
  const connect = async () => {
    const client = await there.pool.connect();
    const query = async (statement: unknown, ...values: unknown[]) => {
      if (statement === 'commit') {
        sighting = take(here, [says(50, W, U)]);
        await until('the sighting waits for the change', async () => (await waiting(here)) > 0);
      }
      return client.query(statement as never, ...(values as never[]));
    };
    return { query, release: (broken?: Error) => client.release(broken) };
  };
  await take({ ...there, pool: { query: there.pool.query.bind(there.pool), connect } as never }, [says(30, V, U)]);
  expect(sighting).toBeDefined();
  await sighting;
  await expectAsFromScratch(here, [says(10, W, U), says(30, V, U), says(50, W, U)], [W, V, U]);
});
const waiting = async ({ pool }: Database): Promise<number> =>
  (
    await pool.query(
      `select from pg_locks join pg_stat_activity using (pid)
       where datname = current_database() and not granted and locktype in ('transactionid', 'tuple')`,
    )
  ).rowCount ?? 0;

it('a merge waits for no slice: one that holds both rows is not in the way', async () => {
  const [here, there] = processes;
  const [[number], [bsuid]] = [await take(here, [says(10, 'w:4917100')]), await take(here, [says(12, 'u:a:held')])];
  const contactIds = [number, bsuid].map((answer) => answer?.contactId as string).sort();
  await transact(here.pool, async (tx) => {
    await tx.query(`insert into identity_state (contact_id, state) select unnest($1::uuid[]), '{}'`, [contactIds]);
    await tx.query('select 1 from identity_state where contact_id = any($1::uuid[]) order by contact_id for update', [contactIds]);
    await take(there, [says(20, 'w:4917100', 'u:a:held')]); // commits, while the rows are held here
    expect((await whoAre(tx, contactIds)).get(contactIds[1] as string)?.mergedInto).toBe(contactIds[0]);
  });
});

it('a merge that meets the contact slice waits for it, and the versions of both have no gap', async () => {
  const [here, there] = processes;
  const [[number], [bsuid]] = [await take(here, [says(10, 'w:4917200')]), await take(here, [says(12, 'u:a:slice')])];
  const contactIds = [number, bsuid].map((answer) => answer?.contactId as string).sort();
  let merge: Promise<unknown> | undefined;
  await transact(here.pool, async (tx) => {
    await tx.query('select 1 from contact where contact_id = any($1::uuid[]) order by contact_id for update', [contactIds]);
    merge = take(there, [says(20, 'w:4917200', 'u:a:slice')]);
    await tx.query('update contact set version = version + 1 where contact_id = any($1::uuid[])', [contactIds]);
  });
  await merge;
  const { rows } = await here.pool.query<{ version: number }>('select version from contact where contact_id = any($1::uuid[])', [
    contactIds,
  ]);
  expect(rows.map(({ version }) => version)).toEqual([3, 3]); // made, told by the slice, told of the merge
});

it('what is asked before a merge commits is answered anew after it', async () => {
  const [here] = processes;
  await take(here, [says(10, 'w:4917300')]);
  const [before] = await take(here, [says(12, 'u:a:moves')]);
  await take(here, [says(20, 'w:4917300', 'u:a:moves')]);
  const [after] = await holdersNow(here.pool, [{ scope: 'default', identifier: 'u:a:moves', at: 12 }]);
  expect(after).not.toBe(before?.contactId);
});
