import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { InboundEvent } from '@keyturn/contracts';
import { upkeepAlerts } from '@keyturn/store';
import { until } from '@keyturn/testkit';
import { message } from '../console.fixture.ts';
import { type Alerting, alertingWorld } from './alerting.fixture.ts';

let world: Alerting;
beforeAll(async () => {
  world = await alertingWorld();
});
afterAll(() => world.stop());

const told = (rule: string) => world.webhook.alerts().filter(({ sent }) => sent.data.rule === rule);
const kinds = (rule: string) => told(rule).map(({ sent }) => sent.type);

it('a change is told by every route, taken by one person, and over with the decision', async () => {
  const all = ['slack', 'pagerduty', 'mail', 'webhook'];
  await world.rule({ kind: 'identity_changes', name: 'line', routes: all, waitSeconds: 0, when: { phoneNumberIds: ['LINE'] } });
  const waId = '4915211112222';
  const { contactId } = await world.block(waId, 'LINE');
  const { alertId } = await world.alertOf('line', ({ status }) => status === 'open');
  await until(
    'all are told',
    async () => (await world.deliveries({ alertId })).filter(({ status }) => status === 'delivered').length === 4,
  );
  expect(told('line').map(({ verified, sent }) => [verified, sent.type, sent.data.url, sent.data.repeat])).toEqual([
    [true, 'alert.opened', `https://console.example/changes/${contactId}`, false],
  ]);
  expect(world.slack.channel[0]?.text).toBe('Somebody else may hold a customer’s number');
  const incident = () => world.pagerDuty.incidents.find(({ dedupKey }) => dedupKey === `keyturn:${alertId}`);
  expect(incident()).toMatchObject({ status: 'triggered', link: `https://console.example/changes/${contactId}` });
  expect(world.mail.mails[0]).toMatchObject({ from: 'keyturn@console.example', to: ['on-call@bank.example'] });
  const { key, keyId } = (await world.call('POST', '/v1/keys', { name: 'Night shift', scopes: ['identity:decide'] })).body;
  const taken = await world.call('POST', `/v1/alerts/${alertId}/take`, undefined, key);
  expect([taken.status, taken.body]).toMatchObject([200, { status: 'taken', takenBy: `key:${keyId}` }]);
  const again = await world.call('POST', `/v1/alerts/${alertId}/take`);
  expect([again.status, again.body.detail]).toEqual([409, expect.stringMatching(/^Night shift has it since /)]);
  await until('PagerDuty has it acknowledged', () => incident()?.status === 'acknowledged');
  await world.decide(contactId);
  await until('PagerDuty has it resolved', () => incident()?.status === 'resolved');
  await until('the webhook heard all', () => kinds('line').length === 3);
  expect(kinds('line')).toEqual(['alert.opened', 'alert.taken', 'alert.resolved']);
  expect((await world.alertOf('line')).resolution).toBe('over');
  expect(told('line')[1]?.sent.data).toMatchObject({ by: `key:${keyId}`, byName: 'Night shift' });
  await until('Slack and mail say who', () =>
    [world.slack.channel, world.mail.mails].every((all) => JSON.stringify(all).includes('Taken by Night shift')),
  );
  const said = JSON.stringify([world.slack.got, world.pagerDuty.got, world.mail.mails, world.webhook.got]);
  expect(said).toContain('491********22');
  expect(said).not.toContain(waId);
});

it('a further change of whom somebody took pages anew', async () => {
  await world.rule({
    kind: 'identity_changes',
    name: 'again',
    routes: ['webhook'],
    waitSeconds: 0,
    repageMinutes: 0,
    when: { phoneNumberIds: ['AGAIN'] },
  });
  await world.block('4915222223333', 'AGAIN');
  const first = await world.alertOf('again', ({ status }) => status === 'open');
  await world.call('POST', `/v1/alerts/${first.alertId}/take`);
  await world.block('4915222224444', 'AGAIN');
  const second = await world.alertOf('again', ({ status }) => status === 'open');
  expect(second.alertId).not.toBe(first.alertId);
  expect(second.facts.count).toBe(1);
  expect((await world.alertOf('again', ({ alertId }) => alertId === first.alertId)).status).toBe('taken');
});

it('what nobody takes escalates to whom the rule names, once a step; taken, it does not', async () => {
  const escalate = [
    { afterMinutes: 30, routes: ['slack'] },
    { afterMinutes: 10, routes: ['webhook'] },
  ];
  await world.rule({
    kind: 'identity_changes',
    name: 'late',
    routes: ['mail'],
    waitSeconds: 0,
    escalate,
    when: { phoneNumberIds: ['LATE'] },
  });
  const { contactId } = await world.block('4915233334444', 'LATE');
  const { alertId } = await world.alertOf('late', ({ status }) => status === 'open');
  expect(kinds('late')).toEqual([]);
  await world.pass('late', 11);
  await until('it escalates', () => kinds('late').length === 1);
  expect(told('late')[0]?.sent.data).toMatchObject({ message: 'escalated', untakenMinutes: 11 });
  await world.call('POST', `/v1/alerts/${alertId}/take`);
  await world.pass('late', 60);
  await world.decide(contactId);
  await world.alertOf('late', ({ status }) => status === 'resolved');
  await until('all is told', async () => (await world.deliveries({ alertId })).every(({ status }) => status !== 'waiting'));
  expect(kinds('late')).toEqual(['alert.escalated', 'alert.taken', 'alert.resolved']);
  expect((await world.deliveries({ alertId, route: 'slack' })).length).toBe(0);
});

it('an alert that lasts longer than its messages are kept is said to be over to whom it was told', async () => {
  const when = { phoneNumberIds: ['LONG'] };
  await world.rule({ kind: 'identity_changes', name: 'long', routes: ['webhook'], waitSeconds: 0, when });
  const { contactId } = await world.block('4915244446666', 'LONG');
  await until('it is told', () => kinds('long').length === 1);
  const { alertId } = await world.alertOf('long');
  await until('that is on record', async () => (await world.deliveries({ alertId })).every(({ status }) => status === 'delivered'));
  await world.pool.query(`update alert_delivery set created_at = now() - interval '100 days' where alert_id = $1`, [alertId]);
  await upkeepAlerts(world.pool, new Date(), 90);
  await world.decide(contactId);
  await until('that it is over is told, too', () => kinds('long').length === 2);
  expect(kinds('long')).toEqual(['alert.opened', 'alert.resolved']);
  await upkeepAlerts(world.pool, new Date(Date.now() + 8_640_000_000), 90);
  expect(await world.deliveries({ alertId })).toEqual([]);
});

it('somebody else’s alert is not taken, nor one that is over, nor by whoever may not decide', async () => {
  await world.rule({ kind: 'identity_changes', name: 'whose', routes: ['webhook'], waitSeconds: 0, when: { phoneNumberIds: ['WHOSE'] } });
  const { contactId } = await world.block('4915244445555', 'WHOSE');
  const { alertId } = await world.alertOf('whose', ({ status }) => status === 'open');
  const keyOf = async (scopes: string[]) => (await world.call('POST', '/v1/keys', { name: 'a test', scopes })).body.key;
  const [reader, other] = [await keyOf(['read']), await keyOf(['identity:decide'])];
  expect((await world.call('POST', `/v1/alerts/${alertId}/take`, undefined, reader)).status).toBe(403);
  expect((await world.call('POST', `/v1/alerts/${alertId}/take`, undefined, other)).status).toBe(200);
  expect((await world.call('POST', `/v1/alerts/${alertId}/take`, undefined, other)).status).toBe(200);
  await until('it is told by name', () => kinds('whose').length === 2);
  expect(told('whose')[1]?.sent.data).toMatchObject({ message: 'taken', by: expect.stringMatching(/^key:/), byName: 'a test' });
  const conflict = await world.call('POST', `/v1/alerts/${alertId}/take`);
  expect([conflict.status, conflict.body]).toMatchObject([409, { code: 'alert.conflict', reason: 'taken', present: { alertId } }]);
  await world.decide(contactId);
  await world.alertOf('whose', ({ status }) => status === 'resolved');
  expect(await world.call('POST', `/v1/alerts/${alertId}/take`, undefined, other)).toMatchObject({ status: 409, body: { reason: 'over' } });
  expect((await world.call('POST', '/v1/alerts/01900000-0000-7000-8000-000000000001/take')).status).toBe(404);
});

it('what is at stake is what the person is opted in to now: an opt-in after the block pages, an opt-out ends that, and the block stays undecided', async () => {
  const when = { phoneNumberIds: ['STAKE'], optedInTo: ['marketing' as const] };
  await world.rule({ kind: 'identity_changes', name: 'stake', routes: ['webhook'], waitSeconds: 0, when });
  const waId = '4915255556666';
  const { version } = await world.block(waId, 'STAKE');
  const now = Math.floor(Date.now() / 1_000);
  const prefers = (preference: 'resume' | 'stop', at: number): InboundEvent => {
    const { messageType: _type, ...said } = message({ waId, at, on: 'STAKE' });
    return { ...said, type: 'preference.changed', category: 'marketing_messages', preference };
  };
  await world.says(prefers('resume', now - 60));
  const { alertId, facts } = await world.alertOf('stake', ({ status }) => status === 'open');
  expect(facts).toMatchObject({ count: 1, optedIn: 1 });
  await world.says(prefers('stop', now));
  expect((await world.alertOf('stake', ({ status }) => status === 'resolved')).alertId).toBe(alertId);
  expect((await world.find(waId)).identity).toMatchObject({ status: 'blocked', version });
});
