import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BulkDecisionJson, BulkRehearsedJson } from '@keyturn/contracts';
import { until } from '@keyturn/testkit';
import { consoleWorld, message, type World } from '../console.fixture.ts';
import { consoleProcesses } from '../console-process.fixture.ts';

let world: World;
const consoles = consoleProcesses('bulk');
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(async () => {
  consoles.killAll();
  await world.stop();
});

const COUNT = 600;
const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);

it('consoles that are killed in the middle leave nothing undecided and nothing decided twice: another takes up what they had in hand', async () => {
  const waIds = Array.from({ length: COUNT }, (_, i) => String(4915800000000 + i));
  await world.says(
    ...waIds.map((waId) => message({ waId, at: T, hash: 'A=' })),
    ...waIds.map((waId) => message({ waId, at: T + 60, hash: 'B=' })),
  );
  const others = [await consoles.start(world), await consoles.start(world)];
  const request = { filter: {}, verdict: 'same_person', reason: 'a carrier swapped SIM cards' };
  const bulk = (await world.call('POST', '/v1/bulk-decisions', request)).body as unknown as BulkRehearsedJson;
  expect(bulk.counts).toMatchObject({ total: COUNT, waiting: COUNT });
  await world.call('POST', `/v1/bulk-decisions/${bulk.bulkId}/run`, { token: bulk.token });
  const inHand = async () => {
    const { rows } = await world.pool.query<{ pid: number }>(
      'select 1 from bulk_decision_row where bulk_id = $1 and outcome is null and taken_until is not null',
      [bulk.bulkId],
    );
    return rows.length;
  };
  const now = async () => (await world.call('GET', `/v1/bulk-decisions/${bulk.bulkId}`)).body as unknown as BulkDecisionJson;
  await until('some are decided on, and more than one console can have are in hand', async () => (await inHand()) > 60);
  await Promise.all(others.map((other) => other.kill()));
  expect((await now()).counts.waiting).toBeGreaterThan(0);
  await world.pool.query(`update bulk_decision_row set taken_until = taken_until - interval '20 seconds' where outcome is null`); // the time after which they are given up for dead
  await until('the rest is decided on', async () => (await now()).status === 'done');
  expect((await now()).counts).toEqual({ total: COUNT, waiting: 0, decided: COUNT, exceptions: [] });
  const { rows } = await world.pool.query(
    `select from bulk_decision_row r join identity_decision d on d.contact_id = r.contact_id and d.decision_id = r.decision_id where r.bulk_id = $1`,
    [bulk.bulkId],
  );
  expect(rows).toHaveLength(COUNT);
  expect((await world.pool.query('select from identity_decision')).rowCount).toBe(COUNT);
  expect((await world.pool.query(`select from journal where type = 'identity.acknowledged'`)).rowCount).toBe(COUNT);
});
