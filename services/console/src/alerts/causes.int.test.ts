import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AlertFacts, account, consumerTopics, inbound, type Topic } from '@keyturn/contracts';
import { applyAccount, applyBatch, stopRule } from '@keyturn/store';
import { until } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { message } from '../console.fixture.ts';
import { type Alerting, alertingWorld } from './alerting.fixture.ts';

let world: Alerting;
beforeAll(async () => {
  world = await alertingWorld();
  await world.says(message({ waId: '4915200001', at: seconds(), on: 'LINE' })); // so every consumer has a place in its log
});
afterAll(() => world.stop());
const seconds = () => Math.floor(Date.now() / 1_000);
const query = (text: string, values: readonly unknown[] = []) => world.pool.query(text, [...values]);

/** The consumer of our own numbers applies these. */
async function ours(topic: Topic, events: readonly object[]): Promise<void> {
  const consumer = { group: 'account', topics: consumerTopics.account, apply: applyAccount } as const;
  const shell = { pool: world.pool, now: () => new Date(), newContactId: v7, stopRule: stopRule('account') };
  const from = offsets.get(topic) ?? null;
  const records = events.map((event, i) => ({
    ...{ offset: (from ?? 0n) + BigInt(i), key: 'waba', headers: {}, timestamp: 0, value: Buffer.from(JSON.stringify(event)) },
  }));
  const to = (from ?? 0n) + BigInt(records.length);
  offsets.set(topic, to);
  await applyBatch(shell, consumer, { topic, partition: 0, records, from, to, caughtUpAt: new Date(), attempt: 1 });
}
const offsets = new Map<Topic, bigint>();
let said = 0;
/** What the platform says of a number of ours, which is as long as it needs to be said again. */
const quality = (phoneNumberId: string, event: 'FLAGGED' | 'UNFLAGGED') => {
  said += 1;
  const at = new Date(Date.now() - 60_000 + said * 1_000).toISOString();
  return ours(account, [
    {
      ...{ id: `said-${said}`, type: 'phone_number.quality_changed', wabaId: 'waba', phoneNumberId, event, occurredAt: at, receivedAt: at },
      source: { webhookId: 'w', path: '/entry/0' },
    },
  ]);
};
/** Somebody writes to a number of ours, which says what that is, and the platform what it is called. */
const isCalled = async (phoneNumberId: string, displayNumber: string, requestedName: string) => {
  await ours(inbound, [{ ...message({ waId: '4915200002', at: seconds() - 900, on: phoneNumberId, hash: 'h' }), displayNumber }]);
  said += 1;
  const at = new Date(Date.now() - 60_000).toISOString();
  await ours(account, [
    {
      ...{ id: `said-${said}`, type: 'phone_number.name_decided', wabaId: 'waba', displayNumber, occurredAt: at, receivedAt: at },
      ...{ decision: 'APPROVED', requestedName, source: { webhookId: 'w', path: '/entry/0' } },
    },
  ]);
};
/** People write to a number of ours, with a key hash or without. */
const writes = (on: string, hash?: string) => {
  said += 1;
  const at = seconds() - 600 + said * 20;
  const of = (i: number) => message({ waId: `49152000${i}`, at: at + i, on, ...(hash === undefined ? {} : { hash }) });
  return ours(
    inbound,
    Array.from({ length: 16 }, (_, i) => of(i)),
  );
};
const late = (group: string, minutes: number) =>
  query('update consumer_offset set caught_up_at = now() - make_interval(mins => $2) where group_id = $1', [group, minutes]);
const letters = async (group: string, count: number) => {
  for (let i = 0; i < count; i += 1) {
    said += 1;
    await query(
      `insert into dead_letter (dead_letter_id, group_id, topic, partition, "offset", headers, value, record_at, code, cause, stack, attempts, dead_lettered_at)
       values ($1, $2, 'whatsapp.inbound.v1', 0, $3, '{}', '', now(), 'event.undecodable', 'no JSON', '', 1, now())`,
      [v7(), group, said],
    );
  }
};
const ungated = (phoneNumberId: string, count: number) =>
  query(
    `insert into ungated_day as u (phone_number_id, day, messages) values ($1, (now() at time zone 'UTC')::date, $2)
     on conflict (phone_number_id, day) do update set messages = u.messages + excluded.messages`,
    [phoneNumberId, count],
  );
/** A route that is told something while it is down, or up again. */
const tested = async (route: 'slack' | 'pagerduty', isUp: boolean) => {
  const server = route === 'slack' ? world.slack : world.pagerDuty;
  server.behaviour = isUp ? 'well' : { refuse: { status: 503, body: 'down for a test' } };
  await world.call('POST', `/v1/alert-routes/${route}/test`);
};

/** A kind of rule: how one cause comes about, grows and ends, and how another does beside it. */
type Kind = {
  readonly kind: 'numbers' | 'coverage' | 'late' | 'dead_letters' | 'ungated' | 'route_failing';
  readonly when?: object;
  readonly begin: () => Promise<unknown>;
  readonly grow: () => Promise<unknown>;
  readonly other: () => Promise<unknown>;
  readonly end: () => Promise<unknown>;
  readonly facts: Partial<AlertFacts>;
  readonly otherFacts: Partial<AlertFacts>;
};
const kinds: readonly Kind[] = [
  {
    kind: 'numbers',
    begin: () => quality('N1', 'FLAGGED'),
    grow: () => quality('N1', 'FLAGGED'),
    other: () => quality('N2', 'FLAGGED'),
    end: () => quality('N1', 'UNFLAGGED'),
    facts: { what: 'number_flagged', subject: 'N1' },
    otherFacts: { what: 'number_flagged', subject: 'N2' },
  },
  {
    kind: 'coverage',
    begin: () => writes('C1'),
    grow: () => writes('C1'),
    other: () => writes('C2'),
    end: () => writes('C1', 'h'),
    facts: { what: 'check_off', subject: 'C1' },
    otherFacts: { what: 'check_off', subject: 'C2' },
  },
  {
    kind: 'late',
    when: { seconds: 300 },
    begin: () => late('identity', 10),
    grow: () => late('identity', 20),
    other: () => query(`update outbox set created_at = now() - interval '10 minutes'`),
    end: () => late('identity', 0),
    facts: { what: 'consumer_late', subject: 'identity', count: expect.any(Number) as never },
    otherFacts: { what: 'outbox_late', subject: null },
  },
  {
    kind: 'dead_letters',
    when: { atLeast: 2 },
    begin: () => letters('consent', 2),
    grow: () => letters('consent', 3),
    other: () => letters('contact', 2),
    end: () => query(`update dead_letter set status = 'discarded' where group_id = 'consent'`),
    facts: { what: 'dead_letters', subject: 'consent', count: 2, detail: 'event.undecodable' },
    otherFacts: { what: 'dead_letters', subject: 'contact', count: 2 },
  },
  {
    kind: 'ungated',
    when: { atLeast: 5 },
    begin: async () => {
      await isCalled('U1', '966112345678', 'Riyadh Sales');
      await ungated('U1', 5);
    },
    grow: () => ungated('U1', 50),
    other: () => ungated('U2', 7),
    end: () => query(`update ungated_day set day = day - 2 where phone_number_id = 'U1'`),
    facts: {
      ...{ what: 'ungated_sends', subject: 'U1', count: 5 },
      ourNumbers: [{ id: 'U1', number: '966112345678', name: 'Riyadh Sales' }],
    },
    otherFacts: { what: 'ungated_sends', subject: 'U2', count: 7 },
  },
  {
    kind: 'route_failing',
    begin: () => tested('slack', false),
    grow: () => tested('slack', false),
    other: () => tested('pagerduty', false),
    end: () => tested('slack', true),
    facts: { what: 'route_failing', subject: 'slack', detail: 'status: down for a test' },
    otherFacts: { what: 'route_failing', subject: 'pagerduty' },
  },
];

it.each(kinds)(
  'a rule of kind $kind tells each cause once, however it grows, ends with it by itself, and pages anew when it is back',
  async ({ kind, when, begin, grow, other, end, facts, otherFacts }) => {
    const isOpen = (known: Partial<AlertFacts>) => (alert: { status: string; facts: AlertFacts }) =>
      alert.status === 'open' && alert.facts.what === known.what && alert.facts.subject === known.subject;
    const rule = { kind, name: kind.replace('_', '-'), routes: ['webhook'], waitSeconds: 0, repageMinutes: 0, ...(when && { when }) };
    expect((await world.rule(rule as Parameters<Alerting['rule']>[0])).status).toBe(201);
    await begin();
    const first = await world.alertOf(rule.name, isOpen(facts));
    expect(first.facts).toMatchObject(facts);
    await grow();
    await other();
    const second = await world.alertOf(rule.name, isOpen(otherFacts));
    expect(second.facts).toMatchObject(otherFacts);
    expect((await world.alerts()).filter((alert) => alert.rule === rule.name)).toHaveLength(2);
    const told = () => world.webhook.alerts().filter(({ sent }) => sent.data.rule === rule.name);
    await until('both are told', () => told().length === 2); // what is over before anybody heard of it is not told
    await end();
    await world.alertOf(rule.name, ({ alertId, status }) => alertId === first.alertId && status === 'resolved');
    expect((await world.alertOf(rule.name, ({ alertId }) => alertId === second.alertId)).status).toBe('open');
    await begin();
    const third = await world.alertOf(rule.name, isOpen(facts));
    expect(third.alertId).not.toBe(first.alertId);
    await until('all is told', () => told().length === 4);
    expect(told().map(({ sent: { type, data } }) => [type, data.alertId])).toEqual([
      ['alert.opened', first.alertId],
      ['alert.opened', second.alertId],
      ['alert.resolved', first.alertId],
      ['alert.opened', third.alertId],
    ]);
    await world.call('DELETE', `/v1/alert-rules/${rule.name}`);
    await until('the rule is gone with what it had open', async () => (await world.alerts()).every((alert) => alert.rule !== rule.name));
  },
);

describe('a rule of kind no_webhooks', () => {
  const STRETCH = 300_000;
  const T = Math.floor(Date.now() / STRETCH) * STRETCH;
  const ago = (minutes: number) => new Date(T - minutes * 60_000);
  const DAY = 24 * 60;
  /** So many webhooks came in each stretch from so many minutes ago to so many. */
  const came = (webhooks: number, from: number, to: number) =>
    query(
      `insert into webhook_count (at, webhooks, counted_to) select at, $1, at + interval '5 minutes'
       from generate_series($2::timestamptz, $3::timestamptz - interval '5 minutes', interval '5 minutes') as at
       on conflict (at) do update set webhooks = excluded.webhooks`,
      [webhooks, ago(from), ago(to)],
    );
  const isOpen = ({ status }: { status: string }) => status === 'open';
  const rule = { kind: 'no_webhooks' as const, name: 'silent', routes: ['webhook'], repageMinutes: 0, when: { minutes: 30 } };
  const told = () => world.webhook.alerts().filter(({ sent }) => sent.data.rule === 'silent');

  it('tells once that nothing comes though much does at these hours, since when and how much is usual, ends when something comes, and pages anew', async () => {
    await came(10, 29 * DAY, 6 * DAY);
    await came(3, 45, 40);
    await came(0, 40, 0);
    await world.rule(rule);
    const first = await world.alertOf('silent', isOpen);
    expect(first.facts).toMatchObject({ what: 'no_webhooks', subject: null, since: ago(40).toISOString(), count: 80 });
    await until('it is told', () => told().length === 1);
    await came(1, 5, 0);
    await world.alertOf('silent', ({ status }) => status === 'resolved');
    await came(0, 5, 0);
    const second = await world.alertOf('silent', isOpen);
    expect(second.alertId).not.toBe(first.alertId);
    await until('all is told', () => told().length === 3);
    expect(told().map(({ sent }) => sent.type)).toEqual(['alert.opened', 'alert.resolved', 'alert.opened']);
    await world.call('DELETE', '/v1/alert-rules/silent');
  });

  it('tells it though the gate keeps as webhooks what the platform refuses to its face', async () => {
    await query('delete from webhook_count');
    await came(10, 29 * DAY, 6 * DAY);
    await came(3, 45, 40);
    await came(2, 40, 0);
    await query('insert into webhook_ours select at, webhooks from webhook_count where at >= $1', [ago(40)]);
    await world.rule({ ...rule, name: 'refused' });
    const { facts } = await world.alertOf('refused', isOpen);
    expect(facts).toMatchObject({ what: 'no_webhooks', since: ago(40).toISOString(), count: 80 });
    await query('delete from webhook_ours');
    await world.call('DELETE', '/v1/alert-rules/refused');
  });

  it.each([
    ['of a line that is new', () => query('delete from webhook_count where at < $1', [ago(8 * DAY)])],
    ['of which nobody counted on, so that nobody knows', () => query('delete from webhook_count where at >= $1', [ago(15)])],
    ['that is as quiet at these hours every week', () => came(0, 29 * DAY, 6 * DAY)],
  ])('says nothing %s', async (_which, make) => {
    await query('delete from webhook_count');
    await came(10, 29 * DAY, 6 * DAY);
    await came(3, 45, 40);
    await came(0, 40, 0);
    await make();
    await world.rule({ ...rule, name: 'quiet' });
    const looked = () => query(`select from alert_rule where name = 'quiet' and next_look_at > set_at + interval '60 milliseconds'`);
    await until('it was looked at', async () => (await looked()).rowCount === 1);
    expect(await world.alerts(true)).not.toContainEqual(expect.objectContaining({ rule: 'quiet' }));
    await world.call('DELETE', '/v1/alert-rules/quiet');
  });
});
