import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Alerting, alertingWorld } from '../../../services/console/src/alerts/alerting.fixture.ts';
import { ADMIN_KEY } from '../../../services/console/src/console.fixture.ts';
import { asProcess, inProcess } from './command-line.fixture.ts';
import { exitCodes } from './exit-codes.ts';

let world: Alerting;
beforeAll(async () => {
  world = await alertingWorld();
});
afterAll(() => world.stop());

const given = (input = '') => ({ env: { KEYTURN_URL: world.url, KEYTURN_API_KEY: ADMIN_KEY }, input });
const keyturn = (args: readonly string[], input?: string) => inProcess(args, given(input));
const json = async (...args: string[]) => JSON.parse((await keyturn([...args, '--json'])).out);
const routeOf = async (name: string) => (await world.routes()).find(({ route }) => route.name === name);

describe('alert-routes', () => {
  it('a secret is read from standard input, kept where something else is changed, replaced when told to, and never shown', async () => {
    const set = await asProcess(['alert-routes', 'set', 'on-call', '--kind', 'slack'], given(`${world.slack.url}\n`));
    expect(set).toMatchObject({ code: 0, err: '', out: expect.stringContaining('keyturn alert-routes test on-call') });
    const changed = await keyturn(['alert-routes', 'set', 'on-call', '--language', 'ar']);
    expect(changed.code).toBe(0);
    expect(await routeOf('on-call')).toMatchObject({ version: 2, isComplete: true, route: { kind: 'slack', language: 'ar' } });
    const tested = await keyturn(['alert-routes', 'test', 'on-call']);
    expect(tested).toMatchObject({ code: 0, err: '', out: 'on-call took it: delivered 200 ok\n' });
    const wrong = `${new URL(world.slack.url).origin}/services/T0/B0/gone`;
    expect((await keyturn(['alert-routes', 'set', 'on-call', '--new-secret'], wrong)).code).toBe(0);
    const refused = await keyturn(['alert-routes', 'test', 'on-call']);
    expect(refused).toMatchObject({ code: exitCodes.unhealthy, out: '', err: expect.stringContaining('on-call did not take it: ') });
    const list = await keyturn(['alert-routes', 'list']);
    expect(list.out).toMatch(/^on-call +slack +ar +\(secret\) .*failing since /m);
    expect(list.out).toMatch(/^mail +email +en +on-call@bank\.example +.*key:bootstrap +unused$/m);
    expect(JSON.stringify([set, changed, tested, refused, list])).not.toMatch(/\/services\//);
    expect(await keyturn(['alert-routes', 'remove', 'on-call'])).toMatchObject({ code: 0, out: 'Nothing goes to on-call any more.\n' });
    expect(await routeOf('on-call')).toBeUndefined();
  });

  it('a webhook and a mail say where to; a refused test is one document for a script', async () => {
    expect((await keyturn(['alert-routes', 'set', 'desk', '--kind', 'webhook', '--to', world.webhook.url])).code).toBe(0);
    expect((await keyturn(['alert-routes', 'set', 'team', '--kind', 'email', '--to', 'a@bank.example', 'b@bank.example'])).code).toBe(0);
    expect((await routeOf('team'))?.route).toMatchObject({ to: ['a@bank.example', 'b@bank.example'] });
    world.webhook.behaviour = { refuse: { status: 410, body: 'gone' } };
    expect(await json('alert-routes', 'test', 'desk')).toMatchObject({
      status: 'refused',
      lastAttempt: { httpStatus: 410, answer: 'gone' },
    });
    world.webhook.behaviour = 'well';
  });

  it.each<[guarantee: string, args: string[], input: string, code: number]>([
    ['what it is has to be said of a new one', ['set', 'new'], 'x', exitCodes.usage],
    ['and its secret', ['set', 'new', '--kind', 'slack'], '', exitCodes.usage],
    ['which is none on the command line', ['set', 'new', '--kind', 'slack', '--to', 'https://hooks.slack.com/x'], 'x', exitCodes.usage],
    ['and a key is 32 letters and digits', ['set', 'new', '--kind', 'pagerduty'], 'short', exitCodes.usage],
    ['a route is of its kind for good', ['set', 'mail', '--kind', 'webhook', '--to', 'https://a.example'], '', exitCodes.usage],
    ['what is not there can’t be tested', ['test', 'nobody'], '', exitCodes.notFound],
    ['nor removed', ['remove', 'nobody'], '', exitCodes.notFound],
  ])('%s', async (_guarantee, args, input, code) =>
    expect(await keyturn(['alert-routes', ...args], input)).toMatchObject({ code, out: '' }),
  );
});

describe('alert-rules and alerts', () => {
  it('a rule is set and changed by what is named; what it tells is listed, taken once, and seen delivered', async () => {
    const args = ['alert-rules', 'set', 'line', '--kind', 'identity_changes', '--routes', 'webhook', 'slack', '--wait-seconds', '0'];
    const set = await keyturn([...args, '--when', '{"phoneNumberIds":["LINE"]}', '--escalate', '15:mail', '30:mail,slack']);
    expect(set).toMatchObject({ code: 0, err: '' });
    expect(set.out).toMatch(/^line +identity_changes +on +webhook, slack .*phoneNumberIds LINE; .*after 15 min also mail; after 30 min/m);
    expect(await json('alert-rules', 'set', 'line', '--severity', 'error')).toMatchObject({
      version: 2,
      rule: { severity: 'error', waitSeconds: 0, routes: ['webhook', 'slack'], escalate: [{ afterMinutes: 15 }, { afterMinutes: 30 }] },
    });
    await world.block('4915277778888', 'LINE');
    const { alertId } = await world.alertOf('line', ({ status }) => status === 'open');
    const list = await keyturn(['alerts', 'list']);
    expect(list.out).toMatch(new RegExp(`^${alertId} +open +error +line +.* - +identity changes`, 'm'));
    expect(list.out).not.toContain('4915277778888');
    const taken = await keyturn(['alerts', 'take', alertId]);
    expect(taken).toMatchObject({ code: 0, out: expect.stringContaining(`key:bootstrap has ${alertId} since `) });
    const { key, keyId } = (await world.call('POST', '/v1/keys', { name: 'Night shift', scopes: ['identity:decide'] })).body;
    const other = await inProcess(['alerts', 'take', alertId], { env: { KEYTURN_URL: world.url, KEYTURN_API_KEY: key } });
    expect(other.code).toBe(exitCodes.conflict);
    await world.pool.query('update alert set taken_by = $1 where alert_id = $2', [`key:${keyId}`, alertId]);
    expect((await keyturn(['alerts', 'list'])).out).toMatch(new RegExp(`^${alertId} +taken .* key Night shift +`, 'm'));
    const deliveries = await json('alerts', 'deliveries', '--alert', alertId, '--route', 'webhook');
    expect(deliveries.items.map(({ message }: { message: string }) => message)).toContain('opened');
    expect((await keyturn(['alerts', 'deliveries', '--alert', alertId])).out).toMatch(/slack +opened +\w+ +\d/);
    expect((await keyturn(['alert-rules', 'set', 'line', '--off'])).out).toMatch(/^line +identity_changes +off/m);
    expect(await keyturn(['alert-rules', 'remove', 'line'])).toMatchObject({ code: 0, out: expect.stringContaining('line is gone') });
  });

  it('on a phone’s terminal each is a block of lines', async () => {
    const { code, out } = await inProcess(['alert-routes', 'list'], { ...given(), columns: 40 });
    expect(code).toBe(0);
    expect(out).toContain('mail\n  kind email\n  language en\n  to on-call@bank.example\n');
  });

  it('a team of one gets a digest by one command, in its language, and again as often as it likes', async () => {
    const preset = ['alerts', 'preset', 'daily-digest', '--mail', 'me@bank.example', '--time-zone', 'Asia/Riyadh'];
    const first = await keyturn([...preset, '--language', 'en']);
    expect(first).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Each day at 08:00 (Asia/Riyadh) me@bank.example gets') });
    expect(await json(...preset, '--language', 'ar', '--at', '07:30')).toMatchObject({
      route: { route: { kind: 'email', to: ['me@bank.example'], language: 'ar' } },
      rule: { rule: { kind: 'digest', routes: ['daily-digest'], at: '07:30', timeZone: 'Asia/Riyadh' } },
    });
    const mails = world.mail.mails.length;
    expect((await keyturn(['alert-routes', 'test', 'daily-digest'])).code).toBe(0);
    expect(world.mail.mails.slice(mails)).toMatchObject([{ to: ['me@bank.example'] }]);
    expect((await keyturn(['alert-routes', 'remove', 'daily-digest'])).code).toBe(exitCodes.conflict);
  });

  it.each([
    ['a rule of no kind', ['alert-rules', 'set', 'x', '--routes', 'mail'], exitCodes.usage],
    ['a condition that is no JSON', ['alert-rules', 'set', 'x', '--kind', 'late', '--routes', 'mail', '--when', 'now'], exitCodes.usage],
    [
      'a condition that the kind has not',
      ['alert-rules', 'set', 'x', '--kind', 'late', '--routes', 'mail', '--when', '{"a":1}'],
      exitCodes.usage,
    ],
    ['on and off at once', ['alert-rules', 'set', 'x', '--on', '--off'], exitCodes.usage],
    ['steps that are none', ['alert-rules', 'set', 'x', '--escalate', 'boss'], exitCodes.usage],
    ['a rule that is not there', ['alert-rules', 'remove', 'nobody'], exitCodes.notFound],
    ['an alert that is not there', ['alerts', 'take', '01900000-0000-7000-8000-000000000001'], exitCodes.notFound],
    ['a preset that nobody knows', ['alerts', 'preset', 'weekly', '--mail', 'a@b.example'], exitCodes.usage],
    ['a time that is none', ['alerts', 'preset', 'daily-digest', '--mail', 'a@b.example', '--at', '25:00'], exitCodes.usage],
  ])('%s is refused', async (_what, args, code) => expect(await keyturn(args)).toMatchObject({ code, out: '' }));
});
