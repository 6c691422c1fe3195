import { expect, it } from '@jest/globals';
import { iso, T0 } from '@keyturn/testkit';
import { ownDatabase } from '../directory/directory.fixture.ts';
import { BACKLOG_MAX, backlogOfChanges } from './backlog-of-changes.ts';

const database = ownDatabase();

/** Rows that nobody else's: so many of this status, the first blocked at T0, each a second after the other. */
const insert = (count: number, status: string, merged = false) =>
  database.pool.query(
    `insert into identity_state (contact_id, state, status, blocked_at, merged_into)
     select gen_random_uuid(), '{}', $2, to_timestamp($3 + n), case when $4 then gen_random_uuid() end from generate_series(0, $1 - 1) as n`,
    [count, status, T0, merged],
  );

it('counts what awaits a decision, and knows the oldest; merged and clear contacts do not', async () => {
  expect(await backlogOfChanges(database.pool)).toEqual({ open: 0, oldestSince: null });
  await insert(5, 'blocked', true);
  await insert(5, 'clear');
  expect(await backlogOfChanges(database.pool)).toEqual({ open: 0, oldestSince: null });
  await insert(3, 'blocked');
  expect(await backlogOfChanges(database.pool)).toEqual({ open: 3, oldestSince: new Date(iso(T0)) });
});

it('of a hundred thousand it reads an index, and no more of it than it counts', async () => {
  await insert(100_000, 'blocked');
  await database.pool.query('vacuum analyze identity_state');
  expect(await backlogOfChanges(database.pool)).toEqual({ open: BACKLOG_MAX, oldestSince: new Date(iso(T0)) });
  const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(
    `explain (analyze, costs off, timing off, summary off)
     select count(*), min(blocked_at)
     from (select blocked_at from identity_state where status = 'blocked' and merged_into is null order by blocked_at, contact_id limit ${BACKLOG_MAX}) first`,
  );
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('Index Only Scan using identity_state_open');
  expect(plan).toMatch(new RegExp(`Index Only Scan .* rows=${BACKLOG_MAX}\\b`));
});
