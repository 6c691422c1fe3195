import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '@keyturn/testkit';
import { type Alerting, alertingWorld } from './alerting.fixture.ts';
import { readMail } from './mail.fixture.ts';

let world: Alerting;
beforeAll(async () => {
  world = await alertingWorld();
});
afterAll(() => world.stop());

/** As a console leaves a delivery that is killed after the route took it and before that is on record. */
const forget = (alertId: string) =>
  world.pool.query(
    `with open_again as (update alert_delivery_attempt set ended_at = null, outcome = null, http_status = null, answer = null
       where delivery_id in (select delivery_id from alert_delivery where alert_id = $1 and status = 'delivered'))
     update alert_delivery set status = 'waiting', is_under_way = true, delivered_at = null, next_attempt_at = now() where alert_id = $1 and status = 'delivered'`,
    [alertId],
  );
const allEnded = (alertId: string) =>
  until('all have ended', async () => (await world.deliveries({ alertId })).every(({ status }) => status !== 'waiting'));

it('what a killed console sent and did not record is one incident at PagerDuty, and elsewhere repeated once, marked as that, however often consoles are killed', async () => {
  await world.rule({ kind: 'identity_changes', name: 'kill', routes: ['slack', 'pagerduty', 'mail', 'webhook'], waitSeconds: 0 });
  await world.block('4915277778888');
  const { alertId } = await world.alertOf('kill', ({ status }) => status === 'open');
  await until('all are told', async () => (await world.deliveries({ alertId })).length === 4);
  await allEnded(alertId);
  for (let kills = 0; kills < 3; kills += 1) {
    await forget(alertId);
    await allEnded(alertId);
  }
  expect(world.pagerDuty.incidents).toHaveLength(1);
  expect(world.slack.channel.map(({ text }) => text.startsWith('[repeat]'))).toEqual([false, true]);
  expect(world.mail.mails.map(({ raw }) => readMail(raw).subject.startsWith('[repeat]'))).toEqual([false, true]);
  expect(world.webhook.alerts().map(({ sent }) => sent.data.repeat)).toEqual([false, true]);
  expect(new Set(world.webhook.alerts().map(({ webhookId }) => webhookId)).size).toBe(1);
});
