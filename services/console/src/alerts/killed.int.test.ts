import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '@keyturn/testkit';
import { consoleProcesses } from '../console-process.fixture.ts';
import { type Alerting, alertingWorld } from './alerting.fixture.ts';
import { readMail } from './mail.fixture.ts';

let world: Alerting;
const consoles = consoleProcesses('alerts');
beforeAll(async () => {
  world = await alertingWorld();
});
afterAll(async () => {
  consoles.killAll();
  await world.stop();
});

const startConsole = () => consoles.start(world, world.env);

const receivers = () => [world.slack, world.pagerDuty, world.mail, world.webhook];
/** How often each receiver was sent something, whether or not it has answered. */
const sent = () => ({
  ...{ slack: world.slack.got.length, pagerduty: world.pagerDuty.got.length, webhook: world.webhook.got.length },
  mail: world.mail.mails.length + world.mail.held(),
});
/** A console sends to all, is killed before any has answered, and only then do they take it. */
async function killedBetweenSendAndRecord(times: number): Promise<void> {
  for (const one of receivers()) one.behaviour = 'hold';
  const console = await startConsole();
  await until('all have got it', () => Object.values(sent()).every((count) => count === times));
  await console.kill();
  for (const one of receivers()) one.release();
  await world.pool.query('update alert_delivery set next_attempt_at = now()'); // whoever sends is given up for dead
}
const attempts = async () => {
  const { rows } = await world.pool.query<{ route: string; status: string; outcomes: (string | null)[] }>(
    `select route, status, array_agg(outcome order by attempt) as outcomes from alert_delivery join alert_delivery_attempt using (delivery_id) group by 1, 2`,
  );
  return Object.fromEntries(rows.map(({ route, status, outcomes }) => [route, [status, ...outcomes]]));
};

it('what a console sent that is killed before it records it is one incident at PagerDuty, and elsewhere repeated once, marked as that, also where the next one is killed too', async () => {
  await world.rule({ kind: 'identity_changes', name: 'kill', routes: ['slack', 'pagerduty', 'mail', 'webhook'], waitSeconds: 0 });
  await world.leave();
  await world.pool.query('update alert_rule set next_look_at = now()');
  await world.says(...world.changed('4915277778888'));
  await killedBetweenSendAndRecord(1);
  await killedBetweenSendAndRecord(2);
  for (const one of receivers()) one.behaviour = 'well';
  await startConsole();
  await until('PagerDuty has it on record', async () => (await attempts()).pagerduty?.[0] === 'delivered');
  await until('the others are given up', async () => (await attempts()).mail?.[0] === 'given_up');
  const [twice, thrice] = [
    ['given_up', null, null],
    ['delivered', null, null, 'delivered'],
  ];
  expect(await attempts()).toEqual({ slack: twice, mail: twice, webhook: twice, pagerduty: thrice });
  expect(world.pagerDuty.incidents).toMatchObject([{ status: 'triggered', triggers: 3 }]);
  expect(world.slack.channel.map(({ text }) => text.startsWith('[repeat]'))).toEqual([false, true]);
  expect(world.mail.mails.map(({ raw }) => readMail(raw).subject.startsWith('[repeat]'))).toEqual([false, true]);
  expect(new Set(world.mail.mails.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1])).size).toBe(1);
  expect(world.webhook.alerts().map(({ sent: { data }, verified }) => [data.repeat, verified])).toEqual([
    [false, true],
    [true, true],
  ]);
  expect(new Set(world.webhook.alerts().map(({ webhookId }) => webhookId)).size).toBe(1);
});
