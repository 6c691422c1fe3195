import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from '@keyturn/embedded';
import { until } from '@keyturn/testkit';
import { type Browser, browserAt, type Console, emptyConsole, PASSWORD } from './browser.fixture.ts';
import { CLIENT, type OidcProvider, silentProvider, startOidcProvider } from './oidc-provider.fixture.ts';

let provider: OidcProvider;
/** One console where the login says the role, and one where an admin does. */
let byGroup: Console;
let byAdmin: Console;
/** As the first, and members may have passwords as well. */
let byBoth: Console;
beforeAll(async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  provider = await startOidcProvider(`${url}/auth/oidc/callback`);
  const env = {
    ...{ OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret, OIDC_NAME: 'Example ID' },
    ...{ CONSOLE_PUBLIC_URL: url, CONSOLE_PORT: String(port) },
  };
  const byGroups = { OIDC_ROLE_CLAIM: 'groups', OIDC_ROLES: 'viewer=support,operator=on-call,admin=sre' };
  byBoth = await emptyConsole({ ...env, ...byGroups, CONSOLE_PORT: '0', CONSOLE_LOCAL_ACCOUNTS: 'true' });
  byGroup = await emptyConsole({ ...env, ...byGroups });
  byAdmin = await emptyConsole({ ...env, CONSOLE_PORT: '0' }); // the provider sends browsers to the other one, so they are led back here by hand
});
afterAll(async () => {
  await byGroup.stop();
  await byAdmin.stop();
  await byBoth.stop();
  await provider.stop();
});
beforeEach(async () => {
  for (const { pool } of [byGroup, byAdmin, byBoth]) await pool.query('truncate login_attempt');
});

/** Goes through the provider with a browser that never was there, and answers where it sends the browser back to: path and query. */
async function away(start: string): Promise<string> {
  const cookies = new Map<string, string>();
  for (let url = start, hop = 0; hop < 10; hop += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const [, name = '', value = ''] of response.headers.getSetCookie().map((one) => /^([^=]+)=([^;]*)/.exec(one) ?? []))
      cookies.set(name, value);
    url = new URL(response.headers.get('location') ?? '', url).href;
    if (!url.startsWith(provider.issuer)) return url.slice(new URL(url).origin.length);
  }
  throw new Error('the provider sends nobody back');
}
const start = async (browser: Browser, to = '') => String((await browser.send('GET', `/auth/oidc/start${to}`)).headers.get('location'));
/** Signs somebody in, and answers where they end up. */
async function signIn(console: Console, sub: string, browser = browserAt(console.url)): Promise<{ browser: Browser; place: string }> {
  provider.person = sub;
  const back = await away(await start(browser, '?to=/queue?signal=x'));
  const { status, headers } = await browser.send('GET', back);
  expect(status).toBe(303);
  return { browser, place: String(headers.get('location')) };
}
let named = 0;
const me = async (browser: Browser) => (await browser.send('GET', '/v1/me')).body;

it('a login is offered by its name, and then passwords are off', async () => {
  const browser = browserAt(byGroup.url);
  expect((await browser.send('GET', '/auth/methods')).body).toEqual({
    local: false,
    overheard: false,
    oidc: { name: 'Example ID' },
    firstAdmin: false,
  });
  const login = await browser.send('POST', '/auth/login', { email: 'a@example.org', password: 'whatever it may be' });
  expect(login).toMatchObject({ status: 409, body: { code: 'login.off' } });
});

describe('where the login says the role', () => {
  it('whoever has a group with a role is a member from the first login on, and ends up where they wanted to go', async () => {
    provider.people.sara = { name: 'Sara', email: 'sara@example.org', email_verified: true, groups: ['staff', 'on-call'] };
    const { browser, place } = await signIn(byGroup, 'sara');
    expect(place).toBe('/queue?signal=x');
    expect(await me(browser)).toMatchObject({ name: 'Sara', email: 'sara@example.org', role: 'operator', via: 'session' });
    expect((await signIn(byGroup, 'sara')).place).toBe('/queue?signal=x');
    const members = (await byGroup.byKey('GET', '/v1/members')).body.items;
    expect(members).toEqual([expect.objectContaining({ name: 'Sara', methods: ['oidc'], roleByLogin: true, createdBy: 'oidc' })]);
    const change = await byGroup.byKey('PATCH', `/v1/members/${members[0].memberId}`, { role: 'admin' });
    expect(change).toMatchObject({ status: 409, body: { reason: 'role_by_login' } });
  });

  it('a group lost is a role lost, for older sessions too', async () => {
    provider.people.tariq = { name: 'Tariq', groups: ['sre'] };
    const { browser } = await signIn(byGroup, 'tariq');
    expect(await me(browser)).toMatchObject({ role: 'admin', email: null });
    provider.people.tariq = { name: 'Tariq', groups: ['support'] };
    await signIn(byGroup, 'tariq');
    expect(await me(browser)).toMatchObject({ role: 'viewer' });
    provider.people.tariq = { name: 'Tariq', groups: [] };
    expect((await signIn(byGroup, 'tariq')).place).toBe('/login?problem=no_role');
    expect(await me(browser)).toMatchObject({ role: null, scopes: [] });
  });

  it.each([
    ['turns what stands around it', { name: '\u202eAda\u2066\n' }, 'Ada'],
    ['shows nothing', { name: '\u200b\u3164', preferred_username: 'ada' }, 'ada'],
    ['is blank', { name: ' ' }, null],
  ])('a name that %s is none', async (_how, person, name) => {
    const sub = `named-${++named}`;
    provider.people[sub] = { ...person, groups: ['support'] };
    expect(await me((await signIn(byGroup, sub)).browser)).toMatchObject({ name: name ?? sub });
  });

  it.each([
    ['no group', { groups: [] }, 'no_role'],
    ['no group that has a role', { groups: ['SRE', 'interns'] }, 'no_role'],
    ['no groups at all', {}, 'no_role'],
  ])('whoever has %s stays out', async (_what, person, problem) => {
    provider.people.omar = { name: 'Omar', ...person };
    const { browser, place } = await signIn(byGroup, 'omar');
    expect(place).toBe(`/login?problem=${problem}`);
    expect((await browser.send('GET', '/v1/me')).status).toBe(401);
  });
});

describe('a browser that comes back', () => {
  beforeEach(() => {
    provider.people.nura = { name: 'Nura', groups: ['sre'] };
    provider.person = 'nura';
  });
  const back = async (browser: Browser) => away(await start(browser));
  const place = async (browser: Browser, path: string) => (await browser.send('GET', path)).headers.get('location');

  it('comes in once', async () => {
    const browser = browserAt(byGroup.url);
    const path = await back(browser);
    const cookie = browser.cookies.get('keyturn_login') as string;
    expect(await place(browser, path)).toBe('/');
    browser.cookies.set('keyturn_login', cookie);
    expect(await place(browser, path)).toBe('/login?problem=expired');
  });

  it('that never was sent there does not come in with the way back of another', async () => {
    const path = await back(browserAt(byGroup.url));
    expect(await place(browserAt(byGroup.url), path)).toBe('/login?problem=expired');
    const other = browserAt(byGroup.url);
    await start(other);
    expect(await place(other, path)).toBe('/login?problem=refused'); // its own state is another
    expect((await other.send('GET', '/v1/me')).status).toBe(401);
  });

  it.each([
    ['state', 'x'.repeat(43)],
    ['nonce', 'x'.repeat(43)],
    ['verifier', 'x'.repeat(43)],
  ])('with another %s than it was sent with stays out', async (column, value) => {
    const browser = browserAt(byGroup.url);
    const path = await back(browser);
    await byGroup.pool.query(`update oidc_login set ${column} = $1`, [value]);
    expect(await place(browser, path)).toBe('/login?problem=refused');
    expect((await browser.send('GET', '/v1/me')).status).toBe(401);
  });

  it('too late stays out', async () => {
    const browser = browserAt(byGroup.url);
    const path = await back(browser);
    await byGroup.pool.query(`update oidc_login set expires_at = now() - interval '1 second'`);
    expect(await place(browser, path)).toBe('/login?problem=expired');
  });

  it('with a refusal, or nonsense, stays out', async () => {
    for (const query of ['?error=access_denied&state=x', '', '?code=x', '?code=x&state=x']) {
      const browser = browserAt(byGroup.url);
      await start(browser);
      expect(await place(browser, `/auth/oidc/callback${query}`)).toBe('/login?problem=refused');
    }
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', 'queue'])(
    'is never sent on to %j',
    async (to) => {
      const { status } = await browserAt(byGroup.url).send('GET', `/auth/oidc/start?to=${encodeURIComponent(to)}`);
      expect(status).toBe(422);
    },
  );
});

describe('where an admin says the role', () => {
  it('whom an admin made a member comes in by a verified address, the first time, and from then on by who they are', async () => {
    const { body } = await byAdmin.byKey('POST', '/v1/members', { name: 'Huda', email: 'huda@example.org', role: 'operator' });
    expect(body.invitation).toBeNull();
    provider.people.huda = { name: 'Huda', email: 'Huda@Example.org', email_verified: false };
    expect((await signIn(byAdmin, 'huda')).place).toBe('/login?problem=unknown');
    provider.people.huda = { name: 'Huda', email: 'Huda@Example.org', email_verified: true };
    expect(await me((await signIn(byAdmin, 'huda')).browser)).toMatchObject({ actor: `member:${body.member.memberId}`, role: 'operator' });
    provider.people.huda = { name: 'Huda', email: 'married@example.org', email_verified: true };
    expect(await me((await signIn(byAdmin, 'huda')).browser)).toMatchObject({ actor: `member:${body.member.memberId}` });
    provider.people.other = { name: 'Other', email: 'huda@example.org', email_verified: true };
    expect((await signIn(byAdmin, 'other')).place).toBe('/login?problem=taken');
    await byAdmin.byKey('PATCH', `/v1/members/${body.member.memberId}`, { disabled: true });
    expect((await signIn(byAdmin, 'huda')).place).toBe('/login?problem=disabled');
  });

  it('nobody else comes in', async () => {
    provider.people.eve = { name: 'Eve', email: 'eve@example.org', email_verified: true, groups: ['sre'] };
    expect((await signIn(byAdmin, 'eve')).place).toBe('/login?problem=unknown');
  });
});

describe('who signs out', () => {
  it('is led to the provider’s own end of the session, which says who asks; their session here is over before', async () => {
    provider.people.dana = { name: 'Dana', groups: ['sre'] };
    const { browser } = await signIn(byGroup, 'dana');
    const { status, body } = await browser.send('POST', '/auth/logout');
    expect(status).toBe(200);
    const to = new URL(body.to);
    expect([`${to.origin}${to.pathname}`, to.searchParams.get('client_id')]).toEqual([`${provider.issuer}/session/end`, CLIENT.id]);
    expect((await fetch(to)).status).toBe(200);
    expect((await browser.send('GET', '/v1/me')).status).toBe(401);
  });

  it('is not kept waiting by a provider that does not answer', async () => {
    provider.people.rana = { name: 'Rana', groups: ['sre'] };
    const { browser } = await signIn(byGroup, 'rana');
    const silent = await silentProvider();
    const restarted = await byGroup.another({ OIDC_ISSUER: silent.issuer });
    const there = browserAt(restarted.url as string);
    for (const [name, value] of browser.cookies) there.cookies.set(name, value);
    expect((await there.send('POST', '/auth/logout')).status).toBe(204);
    const next = there.send('GET', '/auth/oidc/start'); // who comes next waits for the same answer: it was not given up
    await until('it was asked', () => silent.asked() > 0);
    for (let i = 0; i < 20; i += 1) expect((await there.send('GET', '/auth/methods')).status).toBe(200);
    expect((await browser.send('GET', '/v1/me')).status).toBe(401);
    expect(silent.asked()).toBe(1);
    await silent.stop();
    expect((await next).status).toBe(503);
    await restarted.stop();
  });

  it('and came in by password is led nowhere', async () => {
    const { body } = await byBoth.byKey('POST', '/v1/members', { name: 'Basma', email: 'basma@example.org', role: 'viewer' });
    const browser = browserAt(byBoth.url);
    const token = new URL(body.invitation.url).hash.slice(1);
    expect((await browser.send('POST', '/auth/invitation', { token, password: PASSWORD })).status).toBe(200);
    expect((await browser.send('POST', '/auth/logout')).status).toBe(204);
  });
});

describe('whoever’s role the login says', () => {
  it('has no password: it would let them in by groups that they have left', async () => {
    const { body } = await byBoth.byKey('POST', '/v1/members', { name: 'Faris', email: 'faris@example.org', role: 'admin' });
    const invite = () => byBoth.byKey('POST', `/v1/members/${body.member.memberId}/invitation`);
    const accept = (url: string) =>
      browserAt(byBoth.url).send('POST', '/auth/invitation', { token: new URL(url).hash.slice(1), password: PASSWORD });
    const login = () => browserAt(byBoth.url).send('POST', '/auth/login', { email: 'faris@example.org', password: PASSWORD });
    expect((await accept(body.invitation.url)).status).toBe(200);
    const link = (await invite()).body.url;
    expect((await login()).status).toBe(200);
    provider.people.faris = { name: 'Faris', email: 'faris@example.org', email_verified: true, groups: ['support'] };
    expect(await me((await signIn(byBoth, 'faris')).browser)).toMatchObject({ role: 'viewer' });
    const refused = { status: 409, body: { code: 'login.off', reason: 'role_by_login' } };
    expect(await login()).toMatchObject(refused);
    expect(await accept(link)).toMatchObject(refused);
    expect(await invite()).toMatchObject({ status: 409, body: { code: 'member.conflict', reason: 'role_by_login' } });
  });
});
