import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '@keyturn/testkit';
import { type Alerting, alertingWorld } from './alerting.fixture.ts';

const STORM = 50_000;
let world: Alerting;
beforeAll(async () => {
  world = await alertingWorld();
});
afterAll(() => world.stop());

/** What following the changes of a storm leaves: people of one range, on two numbers of ours, one in five opted in. */
const storm = (from: number, count: number) =>
  world.pool.query(
    `with people as (
       insert into alert_change (contact_id, version, since, seen_at, lead, signals, phone_number_ids, opted_in_to, range, masked)
       select gen_random_uuid(), 2, now(), now(), 'hash', '{hash}', case when n % 10 = 0 then '{P2}'::text[] else '{P1}'::text[] end,
         case when n % 5 = 0 then '{marketing}'::text[] else '{}'::text[] end, '49152', '491********' || (n % 90 + 10)
       from generate_series($1::int, $1::int + $2::int - 1) n returning 1)
     insert into alert_pulse (pulse_id, moved) values (1, 1) on conflict (pulse_id) do update set moved = alert_pulse.moved + 1`,
    [from, count],
  );

it('a storm of 50,000 is one page, which says how many and what they share, however it comes in and however many consoles look', async () => {
  await world.rule({ kind: 'identity_changes', name: 'storm', routes: ['pagerduty', 'webhook'], waitSeconds: 3_600 });
  for (let from = 0; from < STORM; from += STORM / 10) await storm(from, STORM / 10);
  await world.alertOf('storm', ({ status }) => status === 'pending');
  await world.pass('storm', 61);
  const { alertId, facts } = await world.alertOf('storm', ({ status }) => status === 'open');
  await until('it is told', async () => (await world.deliveries({ alertId })).filter(({ status }) => status === 'delivered').length === 2);
  expect(facts).toMatchObject({
    ...{ count: STORM, optedIn: STORM / 5, signals: [{ value: 'hash', count: STORM }], ranges: [{ value: '49152', count: STORM }] },
    phoneNumberIds: [
      { value: 'P1', count: (STORM * 9) / 10 },
      { value: 'P2', count: STORM / 10 },
    ],
  });
  await storm(STORM, 1_000);
  await until('what came since was seen', async () => {
    const { rows } = await world.pool.query<{ seen: boolean }>('select seen_seq > told_seq as seen from alert where alert_id = $1', [
      alertId,
    ]);
    return rows[0]?.seen === true;
  });
  expect([world.pagerDuty.incidents.length, world.webhook.got.length]).toEqual([1, 1]);
  await world.pass('storm', 31);
  await until('the news is told', () => world.webhook.got.length === 2);
  expect(world.webhook.alerts()[1]?.sent).toMatchObject({ type: 'alert.updated', data: { facts: { count: STORM + 1_000 } } });
  expect(world.pagerDuty.incidents).toHaveLength(1);
  expect(world.pagerDuty.incidents[0]?.summary).toBe('50,000 customers’ numbers may have other holders');
});
