import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AlertDeliveryJson, AlertRouteJson } from '@keyturn/contracts';
import { metrics } from '@keyturn/runtime';
import { until } from '@keyturn/testkit';
import { localServer, pagerDutyThrottles, slackThrottles } from '@keyturn/testkit/alerts';
import { type Alerting, alertingWorld } from './alerting.fixture.ts';

let world: Alerting;
beforeAll(async () => {
  world = await alertingWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  for (const one of [world.slack, world.pagerDuty, world.mail, world.webhook]) one.behaviour = 'well';
});

let rules = 0;
/** A rule to one route, and a change that it tells; answers the first delivery, now and as it was seen with an attempt that had ended: the next may be under way
 *  at any moment. */
async function alertTo(route: string, of = world): Promise<{ delivery: () => Promise<AlertDeliveryJson>; tried: AlertDeliveryJson }> {
  const name = `rule-${rules++}`;
  await of.rule({ kind: 'identity_changes', name, routes: [route], waitSeconds: 0, when: { phoneNumberIds: [name] } });
  await of.block(undefined, name);
  const { alertId } = await of.alertOf(name, ({ status }) => status === 'open');
  const delivery = async () => (await of.deliveries({ alertId })).at(-1) as AlertDeliveryJson;
  let tried: AlertDeliveryJson | undefined;
  await until('it was tried', async () => {
    tried = await delivery();
    return tried?.lastAttempt?.endedAt != null;
  });
  return { delivery, tried: tried as AlertDeliveryJson };
}
/** A metric of a route, as a scrape has it now. */
async function metric(name: string, route: string): Promise<number> {
  const line = (await metrics.scrape()).split('\n').find((one) => one.startsWith(`keyturn_alert_${name}{route="${route}"} `));
  return Number(line?.split(' ').at(-1));
}
const healthOf = async (name: string) => (await world.routes()).find(({ route }) => route.name === name)?.health;
const servers = {
  slack: { server: () => world.slack, taken: () => world.slack.channel.length, answer: 'ok', last: () => world.slack.channel.at(-1)?.text },
  pagerduty: {
    server: () => world.pagerDuty,
    taken: () => world.pagerDuty.incidents.length,
    answer: expect.stringContaining('"status":"success"'),
    last: () => world.pagerDuty.incidents.at(-1)?.summary,
  },
  mail: {
    server: () => world.mail,
    taken: () => world.mail.mails.length,
    answer: expect.stringContaining('250'),
    last: () => /^Subject: (.*)$/m.exec(world.mail.mails.at(-1)?.raw ?? '')?.[1],
  },
  webhook: { server: () => world.webhook, taken: () => world.webhook.got.length, answer: '', last: () => undefined },
} as const;
const names = Object.keys(servers) as (keyof typeof servers)[];

describe.each(names)('a route of kind %s', (name) => {
  const { server, taken, answer } = servers[name];

  it('takes what it is told, and its answer is on record', async () => {
    const before = taken();
    const { tried } = await alertTo(name);
    expect(tried).toMatchObject({ status: 'delivered', attempts: 1, lastAttempt: { outcome: 'delivered', answer } });
    expect(taken()).toBe(before + 1);
    expect(await healthOf(name)).toMatchObject({ status: 'working', failingSince: null, waiting: 0 });
  });

  it('that is down gets it once it is back, and is seen to fail meanwhile', async () => {
    const before = taken();
    await server().down();
    const { delivery, tried } = await alertTo(name);
    expect(tried).toMatchObject({ status: 'waiting', lastAttempt: { outcome: 'unreachable' } });
    expect(await healthOf(name)).toMatchObject({ status: 'failing', lastOutcome: 'unreachable', waiting: 1 });
    expect(await metric('deliveries_waiting', name)).toBe(1);
    expect(await metric('deliveries_oldest_seconds', name)).toBeGreaterThan(0);
    expect(await metric('route_failing_seconds', name)).toBeGreaterThan(0);
    await server().up();
    await until('it is delivered', async () => (await delivery()).status === 'delivered');
    expect(taken()).toBe(before + 1);
    expect(servers[name].last() ?? '').not.toContain('repeat');
    expect(await healthOf(name)).toMatchObject({ status: 'working', failingSince: null });
    for (const one of ['deliveries_waiting', 'deliveries_oldest_seconds', 'route_failing_seconds']) expect(await metric(one, name)).toBe(0);
  });
});

describe('a route that is slow', () => {
  let hasty: Alerting;
  beforeAll(async () => {
    hasty = await alertingWorld({ ALERT_TIMEOUT_MS: '500' });
  });
  afterAll(() => hasty.stop());

  it.each([
    ['slack', () => hasty.slack],
    ['pagerduty', () => hasty.pagerDuty],
    ['mail', () => hasty.mail],
    ['webhook', () => hasty.webhook],
  ] as const)('of kind %s gets it again, and holds up no other', async (name, server) => {
    server().behaviour = 'hold';
    const { delivery, tried } = await alertTo(name, hasty);
    expect(tried).toMatchObject({ status: 'waiting', lastAttempt: { outcome: 'timeout' } });
    const other = await alertTo(name === 'webhook' ? 'slack' : 'webhook', hasty);
    await until('the other is told', async () => (await other.delivery()).status === 'delivered');
    server().behaviour = 'well';
    await until('it is delivered', async () => (await delivery()).status === 'delivered');
  });
});

describe('what a route refuses', () => {
  it.each([
    ['slack', { status: 403, body: 'invalid_token' }, 403, 'invalid_token'],
    ['slack', { status: 400, body: 'invalid_payload' }, 400, 'invalid_payload'],
    ['pagerduty', { status: 400, body: '{"status":"invalid event"}' }, 400, '{"status":"invalid event"}'],
    ['webhook', { status: 410, body: 'gone' }, 410, 'gone'],
  ] as const)('by %s with %j is not sent again, and is on record', async (name, refuse, httpStatus, answer) => {
    servers[name].server().behaviour = { refuse };
    const { tried } = await alertTo(name);
    expect(tried).toMatchObject({ status: 'refused', attempts: 1, lastAttempt: { outcome: 'refused', httpStatus, answer } });
    expect(await healthOf(name)).toMatchObject({ status: 'failing', lastAnswer: answer });
  });

  it('by a mail server for good is not sent again; what it wants later comes later', async () => {
    world.mail.behaviour = { reply: 550 };
    const refused = await alertTo('mail');
    expect(refused.tried).toMatchObject({
      status: 'refused',
      attempts: 1,
      lastAttempt: { answer: expect.stringContaining('550') },
    });
    world.mail.behaviour = { reply: 451 };
    const { delivery, tried } = await alertTo('mail');
    expect(tried).toMatchObject({
      status: 'waiting',
      lastAttempt: { outcome: 'status', answer: expect.stringContaining('451') },
    });
    world.mail.behaviour = 'well';
    await until('it is delivered', async () => (await delivery()).status === 'delivered');
  });

  it('by a mail server for one of several addresses is on record by its place, and the others get it once', async () => {
    const to = ['on-call@bank.example', 'nobody@bank.example', 'lead@bank.example'];
    expect((await world.route({ kind: 'email', name: 'team', to })).status).toBe(201);
    const before = world.mail.mails.length;
    const { body } = await world.call('POST', '/v1/alert-routes/team/test');
    expect(body).toMatchObject({
      status: 'delivered',
      lastAttempt: { outcome: 'partly', answer: expect.stringMatching(/^not for address 2 of 3\. 250/) },
    });
    expect(JSON.stringify(body)).not.toContain('bank.example');
    expect(world.mail.mails.slice(before).map((mail) => mail.to)).toEqual([['on-call@bank.example', 'lead@bank.example']]);
    await world.call('DELETE', '/v1/alert-routes/team');
  });

  it('by a mail server that takes no TLS although it has to is neither sent nor shown a password, and is tried again', async () => {
    const strict = await alertingWorld({ SMTP_TLS: 'required' });
    try {
      const { status, body } = await strict.call('POST', '/v1/alert-routes/mail/test');
      expect([status, body]).toMatchObject([200, { lastAttempt: { outcome: 'tls', answer: expect.stringContaining('SMTP_TLS=offered') } }]);
      expect([strict.mail.mails, strict.mail.logins()]).toEqual([[], 0]);
    } finally {
      await strict.stop();
    }
  });

  it.each([
    ['slack', slackThrottles(1)],
    ['pagerduty', { ...pagerDutyThrottles, headers: { 'retry-after': '1' } }],
  ] as const)('because %s has too much comes when it says', async (name, refuse) => {
    servers[name].server().behaviour = { refuse };
    const { delivery, tried } = await alertTo(name);
    const { lastAttempt, nextAttemptAt } = tried;
    expect(lastAttempt).toMatchObject({ outcome: 'throttled', httpStatus: 429 });
    expect(Date.parse(String(nextAttemptAt)) - Date.parse(String(lastAttempt?.endedAt))).toBeGreaterThanOrEqual(1000);
    servers[name].server().behaviour = 'well';
    await until('it is delivered', async () => (await delivery()).status === 'delivered');
  });

  it('by sending it elsewhere goes nowhere', async () => {
    const inside = await localServer(() => ({ status: 200, body: 'ok' }));
    world.webhook.behaviour = { redirectTo: inside.origin };
    const { tried } = await alertTo('webhook');
    expect(tried).toMatchObject({ status: 'waiting', lastAttempt: { outcome: 'redirect', httpStatus: 307 } });
    expect(inside.got).toEqual([]);
    await inside.down();
  });
});

describe('a route', () => {
  it.each([
    ['plain http', 'http://bank.example/alerts', 'url: must be https'],
    ['this machine', 'https://127.0.0.1/alerts', 'url: must be a public address'],
    ['a cloud’s metadata', 'https://169.254.169.254/', 'url: must be a public address'],
  ])('to %s is refused', async (_case, url, detail) => {
    for (const route of [
      { kind: 'webhook', name: 'inside', url },
      { kind: 'slack', name: 'inside', url },
      { kind: 'pagerduty', name: 'inside', url, routingKey: world.pagerDuty.routingKey },
    ] as const)
      expect(await world.route(route)).toMatchObject({
        status: 422,
        body: { detail: expect.stringContaining(detail), errors: [{ field: 'url', code: 'not_allowed' }] },
      });
  });

  it('shows no secret, keeps it when it is changed without, and is tested as it is', async () => {
    const before = (await world.routes()).find(({ route }) => route.name === 'slack');
    expect(JSON.stringify(await world.routes())).not.toContain('local-server-secret');
    const { rows } = await world.pool.query('select * from alert_route');
    expect(JSON.stringify([rows, (await world.pool.query('select * from alert_setting')).rows])).not.toContain('local-server-secret');
    const route = { kind: 'slack', name: 'slack', language: 'ar' };
    const set = await world.call('PUT', '/v1/alert-routes/slack', { version: before?.version, route });
    expect([set.status, set.body]).toMatchObject([200, { isComplete: true, route: { language: 'ar' } }]);
    const test = await world.call('POST', '/v1/alert-routes/slack/test');
    expect([test.status, test.body]).toMatchObject([200, { status: 'delivered', message: 'test', lastAttempt: { answer: 'ok' } }]);
    expect(world.slack.channel.at(-1)?.text).toMatch(/\p{Script=Arabic}/u);
    expect((await world.call('PUT', '/v1/alert-routes/slack', { version: before?.version, route })).status).toBe(409);
    world.slack.behaviour = { refuse: { status: 404, body: 'no_service' } };
    expect((await world.call('POST', '/v1/alert-routes/slack/test')).body).toMatchObject({
      status: 'refused',
      lastAttempt: { answer: 'no_service' },
    });
  });

  it('has its secret sent to no other place than it was given for', async () => {
    const { version, route } = (await world.routes()).find(({ route }) => route.name === 'pagerduty') as AlertRouteJson;
    const elsewhere = { ...route, url: `${world.webhook.origin}/v2/enqueue` };
    const put = (changed: object) => world.call('PUT', '/v1/alert-routes/pagerduty', { version, route: changed });
    expect(await put(elsewhere)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'route.routingKey', code: 'for_other_place' }] },
    });
    expect(await put({ ...route, language: 'ar' })).toMatchObject({ status: 200 });
  });

  it('that a rule tells is not taken away, and a rule names no route that is not there', async () => {
    await world.rule({ kind: 'dead_letters', name: 'letters', routes: ['mail'] });
    expect(await world.call('DELETE', '/v1/alert-routes/mail')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('Rule'), reason: 'in_use', rule: 'letters' },
    });
    expect(await world.rule({ kind: 'dead_letters', name: 'nowhere', routes: ['nobody'] })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'routes', code: 'no_such_route' }] },
    });
    const escalate = [
      { afterMinutes: 5, routes: ['mail'] },
      { afterMinutes: 9, routes: ['mail', 'nobody'] },
    ];
    expect(await world.rule({ kind: 'dead_letters', name: 'nowhere', routes: ['mail'], escalate })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'escalate.1.routes', code: 'no_such_route' }] },
    });
    expect(await world.rule({ kind: 'dead_letters', name: 'letters', routes: ['mail'] })).toMatchObject({
      status: 409,
      body: { reason: 'name_taken', errors: [{ field: 'name', code: 'taken' }] },
    });
    expect(await world.rule({ kind: 'digest', name: 'loud', routes: ['slack'], at: '08:00' })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'routes', code: 'not_email' }] },
    });
    expect((await world.call('DELETE', '/v1/alert-rules/letters')).status).toBe(204);
    const { rows } = await world.pool.query(
      `select setting is null as gone, actor from alert_setting where name = 'letters' order by set_at`,
    );
    expect(rows).toEqual([
      { gone: false, actor: 'key:bootstrap' },
      { gone: true, actor: 'key:bootstrap' },
    ]);
  });
});
