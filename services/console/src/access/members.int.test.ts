import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, browserAt, type Console, emptyConsole, PASSWORD, signedIn } from './browser.fixture.ts';

let console: Console;
let admin: Browser;
let viewer: Browser;
beforeAll(async () => {
  console = await emptyConsole();
  admin = await signedIn(console, 'admin', 'admin@example.org');
  viewer = await signedIn(console, 'viewer', 'viewer@example.org');
});
afterAll(() => console.stop());
const idOf = async (browser: Browser) => String((await browser.send('GET', '/v1/me')).body.actor).replace('member:', '');
const make = (email: string, role = 'operator') => admin.send('POST', '/v1/members', { name: 'Omar', email, role });
const tokenOf = (url: string) => new URL(url).hash.slice(1);

describe('a member', () => {
  it('is made by an admin, and comes in by a link that works once', async () => {
    const { status, body } = await make('Omar@Example.org');
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        member: { name: 'Omar', email: 'omar@example.org', role: 'operator', methods: [], createdBy: `member:${await idOf(admin)}` },
      },
    });
    expect(body.invitation.url).toMatch(new RegExp(`^${console.url}/invitation#[\\w-]{43}$`));
    const omar = browserAt(console.url);
    const accept = () => omar.send('POST', '/auth/invitation', { token: tokenOf(body.invitation.url), password: PASSWORD });
    expect(await accept()).toMatchObject({ status: 200, body: { name: 'Omar', role: 'operator' } });
    expect(await accept()).toMatchObject({ status: 410 });
    expect((await admin.send('GET', '/v1/members')).body.items).toContainEqual(
      expect.objectContaining({ email: 'omar@example.org', methods: ['password'], lastLoginAt: expect.any(String) }),
    );
    expect(await make('OMAR@example.org')).toMatchObject({ status: 409, body: { code: 'member.conflict', reason: 'email_taken' } });
  });

  it('who sets another password by a new link is signed out elsewhere, and the old password and link are of no use', async () => {
    const { body } = await make('salma@example.org');
    const { memberId } = body.member;
    const other = browserAt(console.url);
    await other.send('POST', '/auth/invitation', { token: tokenOf(body.invitation.url), password: PASSWORD });
    const again = () => admin.send('POST', `/v1/members/${memberId}/invitation`);
    const [older, newer] = [await again(), await again()];
    const set = (url: string) =>
      browserAt(console.url).send('POST', '/auth/invitation', { token: tokenOf(url), password: 'four loud geese land' });
    expect((await set(older.body.url)).status).toBe(410);
    expect((await set(newer.body.url)).status).toBe(200);
    expect((await other.send('GET', '/v1/me')).status).toBe(401);
    const login = (password: string) => browserAt(console.url).send('POST', '/auth/login', { email: 'salma@example.org', password });
    expect([(await login(PASSWORD)).status, (await login('four loud geese land')).status]).toEqual([401, 200]);
  });

  it('who is disabled is out at once and stays out, with a link too, until enabled; the session does not come back', async () => {
    const browser = await signedIn(console, 'operator', 'nora@example.org');
    const memberId = await idOf(browser);
    const set = (disabled: boolean) => admin.send('PATCH', `/v1/members/${memberId}`, { disabled });
    const link = (await admin.send('POST', `/v1/members/${memberId}/invitation`)).body.url;
    expect(await set(true)).toMatchObject({ status: 200, body: { disabledAt: expect.any(String) } });
    const login = () => browserAt(console.url).send('POST', '/auth/login', { email: 'nora@example.org', password: PASSWORD });
    expect((await browser.send('GET', '/v1/me')).status).toBe(401);
    expect(await login()).toMatchObject({ status: 401, body: { code: 'login.refused' } });
    expect((await browser.send('POST', '/auth/invitation', { token: tokenOf(link), password: PASSWORD })).status).toBe(410);
    expect(await admin.send('POST', `/v1/members/${memberId}/invitation`)).toMatchObject({ status: 409, body: { reason: 'disabled' } });
    expect(await set(false)).toMatchObject({ body: { disabledAt: null } });
    expect((await browser.send('GET', '/v1/me')).status).toBe(401);
    expect((await login()).status).toBe(200);
  });

  it('whose role changes may do so much at the next request', async () => {
    const browser = await signedIn(console, 'viewer', 'rana@example.org');
    const memberId = await idOf(browser);
    for (const [role, scopes] of [
      ['operator', ['read', 'identity:decide', 'consent:write', 'contact:write']],
      [null, []],
    ] as const) {
      expect((await admin.send('PATCH', `/v1/members/${memberId}`, { role })).body).toMatchObject({ role });
      expect((await browser.send('GET', '/v1/me')).body).toMatchObject({ role, scopes });
    }
  });

  it('who is the last admin stays one, whoever asks, and of two admins who drop each other at once one stays', async () => {
    const id = await idOf(admin);
    for (const change of [{ role: 'viewer' }, { role: null }, { disabled: true }])
      expect(await admin.send('PATCH', `/v1/members/${id}`, change)).toMatchObject({ status: 409, body: { reason: 'last_admin' } });
    const second = await signedIn(console, 'admin', 'second@example.org');
    const drop = (browser: Browser, memberId: string) => browser.send('PATCH', `/v1/members/${memberId}`, { role: 'viewer' });
    const both = await Promise.all([drop(admin, await idOf(second)), drop(second, id)]);
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    await console.byKey('PATCH', `/v1/members/${id}`, { role: 'admin' });
  });

  it('that nobody is, can’t be changed', async () => {
    for (const id of ['01900000-0000-7000-8000-000000000001', 'x'])
      expect(await admin.send('PATCH', `/v1/members/${id}`, { name: 'x' })).toMatchObject({
        status: 404,
        body: { code: 'member.not_found' },
      });
    expect(await admin.send('PATCH', `/v1/members/${await idOf(admin)}`, {})).toMatchObject({ status: 422 });
  });
});

describe('sessions', () => {
  const sessions = async (browser: Browser) => (await browser.send('GET', '/v1/sessions')).body.items;

  it('each sees and ends their own, an admin everybody’s', async () => {
    const [own] = await sessions(viewer);
    expect(await sessions(viewer)).toEqual([expect.objectContaining({ name: 'viewer@example.org', by: 'password', current: true })]);
    const other = await signedIn(console, 'viewer', 'lina@example.org');
    const [theirs] = await sessions(other);
    const end = (browser: Browser, { sessionId }: { sessionId: string }) => browser.send('DELETE', `/v1/sessions/${sessionId}`);
    expect(await end(viewer, theirs)).toMatchObject({ status: 404, body: { code: 'session.not_found' } });
    expect((await other.send('GET', '/v1/me')).status).toBe(200);
    expect((await sessions(admin)).map(({ sessionId }: { sessionId: string }) => sessionId)).toEqual(
      expect.arrayContaining([own.sessionId, theirs.sessionId]),
    );
    expect((await end(admin, theirs)).status).toBe(204);
    expect((await other.send('GET', '/v1/me')).status).toBe(401);
    expect((await end(viewer, own)).status).toBe(204);
    expect((await viewer.send('GET', '/v1/me')).status).toBe(401);
  });

  it('a key that is no admin’s sees none', async () => {
    const { body } = await console.byKey('POST', '/v1/keys', { name: 'x', scopes: ['read'] });
    const seen = await console.byKey('GET', '/v1/sessions', undefined, body.key);
    expect(seen.body.items).toEqual([]);
  });
});

it('what members and keys are called is known to whoever reads what they did, also of who no longer may; nothing else about them is', async () => {
  const { body } = await admin.send('POST', '/v1/keys', { name: 'Night shift', scopes: ['read'] });
  await admin.send('DELETE', `/v1/keys/${body.keyId}`);
  const { items } = (await (await signedIn(console, 'viewer', 'reader@example.org')).send('GET', '/v1/actors')).body;
  expect(items).toEqual(expect.arrayContaining([{ actor: `key:${body.keyId}`, name: 'Night shift' }]));
  expect(items).toContainEqual({ actor: `member:${await idOf(admin)}`, name: expect.any(String) });
  expect(new Set(items.flatMap(Object.keys))).toEqual(new Set(['actor', 'name']));
});
