import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '@keyturn/testkit';
import { type Browser, browserAt, type Console, emptyConsole, PASSWORD } from './browser.fixture.ts';

let console: Console;
let admin: Browser;
beforeAll(async () => {
  console = await emptyConsole();
  admin = browserAt(console.url);
  const token = await console.firstAdminToken();
  await admin.send('POST', '/auth/first-admin', { token, name: 'Huda', email: 'huda@example.org', password: PASSWORD });
});
afterAll(() => console.stop());
async function signIn(): Promise<Browser> {
  const browser = browserAt(console.url);
  await browser.send('POST', '/auth/login', { email: 'huda@example.org', password: PASSWORD });
  return browser;
}
const me = async (browser: Browser) => (await browser.send('GET', '/v1/me')).status;

it('is kept as a hash alone', async () => {
  const browser = await signIn();
  const token = browser.cookies.get('keyturn_session') as string;
  const { rows } = await console.pool.query<{ row: string }>('select member_session::text as row from member_session');
  expect(rows.filter(({ row }) => row.includes(token))).toEqual([]);
});

it.each([
  ['logged out', (browser: Browser) => browser.send('POST', '/auth/logout')],
  ['unused for eight hours', () => console.pool.query(`update member_session set last_seen_at = now() - interval '481 minutes'`)],
  ['a day old, however it is used', () => console.pool.query(`update member_session set expires_at = now() - interval '1 second'`)],
  ['of a member who is disabled', () => console.pool.query('update member set disabled_at = now()')],
])('is over at the next request once it is %s', async (_what, end) => {
  const browser = await signIn();
  expect(await me(browser)).toBe(200);
  const token = browser.cookies.get('keyturn_session') as string;
  await end(browser);
  browser.cookies.set('keyturn_session', token);
  expect(await browser.send('GET', '/v1/me')).toMatchObject({ status: 401, body: { reason: 'session_ended' } });
  await console.pool.query('update member set disabled_at = null');
});

it('whose member’s role is taken away may do less at the next request, and nothing without one', async () => {
  const browser = await signIn();
  const may = async () => [
    (await browser.send('GET', '/v1/keys')).status,
    (await browser.send('GET', '/v1/identity-changes')).status,
    (await browser.send('GET', '/v1/me')).body.role,
  ];
  expect(await may()).toEqual([200, 200, 'admin']);
  await console.pool.query(`update member set role = 'viewer'`);
  expect(await may()).toEqual([403, 200, 'viewer']);
  await console.pool.query('update member set role = null');
  expect(await may()).toEqual([403, 403, null]);
  await console.pool.query(`update member set role = 'admin'`);
});

it('that is used stays, at a write a minute', async () => {
  const browser = await signIn();
  const seen = async () =>
    (await console.pool.query<{ at: Date }>('select max(last_seen_at) as at from member_session')).rows[0]?.at.getTime() ?? 0;
  const first = await seen();
  await me(browser);
  expect(await seen()).toBe(first);
  await console.pool.query(`update member_session set last_seen_at = now() - interval '2 minutes'`);
  await me(browser);
  expect(await seen()).toBeGreaterThan(Date.now() - 60_000);
});

it('an open page does not keep alive by its stream, nor by what it asks for while nobody is at it', async () => {
  const browser = await signIn();
  await console.pool.query(`update member_session set last_seen_at = now() - interval '2 minutes'`);
  const cookie = `keyturn_session=${browser.cookies.get('keyturn_session')}`;
  expect((await browser.send('GET', '/v1/alerts', undefined, { 'x-keyturn-by-itself': 'yes' })).status).toBe(200);
  const stream = await fetch(`${console.url}/v1/stream`, { headers: { cookie } });
  expect(stream.status).toBe(200);
  await stream.body?.cancel();
  const { rows } = await console.pool.query<{ at: Date }>('select max(last_seen_at) as at from member_session');
  expect(rows[0]?.at.getTime()).toBeLessThan(Date.now() - 110_000);
});

it('that is taken away, or whose role is, hears nothing more by a stream that is open', async () => {
  const listening = async () => {
    const browser = await signIn();
    const token = String(browser.cookies.get('keyturn_session'));
    const { status, body } = await fetch(`${console.url}/v1/stream`, { headers: { cookie: `keyturn_session=${token}` } });
    expect(status).toBe(200);
    const heard = { isOver: false };
    const over = () => {
      heard.isOver = true;
    };
    void body?.pipeTo(new WritableStream()).then(over, over);
    return { browser, heard };
  };
  const [ended, stays] = [await listening(), await listening()];
  await ended.browser.send('POST', '/auth/logout');
  await until('the stream of the session that is over is over', () => ended.heard.isOver);
  expect(stays.heard.isOver).toBe(false);
  await console.pool.query('update member set role = null');
  await until('that of whoever has no role any more is', () => stays.heard.isOver);
  await console.pool.query(`update member set role = 'admin'`);
});

it.each([
  ['from another site', { origin: 'https://evil.example' }],
  ['from another port', { origin: 'http://localhost:1' }],
  ['from a sandbox', { origin: 'null' }],
  ['without an Origin', { origin: undefined }],
  ['without our header', { 'x-keyturn-request': undefined }],
])('changes nothing where a request comes %s; a read it may, and a key needs none of it', async (_what, headers) => {
  const browser = await signIn();
  const key = { name: 'x', scopes: ['read'] };
  expect(await browser.send('POST', '/v1/keys', key, headers)).toMatchObject({ status: 403, body: { code: 'request.foreign' } });
  expect((await browser.send('GET', '/v1/keys', undefined, headers)).body.items).toEqual([]);
  const byKey = { ...headers, authorization: `Bearer ${'x'}` };
  expect((await browser.send('POST', '/v1/keys', key, byKey)).status).toBe(401); // the key counts, not the cookie
});

it('that nobody has is none, however many guess', async () => {
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, i) => {
      const browser = browserAt(console.url);
      browser.cookies.set('keyturn_session', `guess-${i}`);
      return me(browser);
    }),
  );
  expect(new Set(all)).toEqual(new Set([401]));
  expect(await me(admin)).toBe(401); // signed out above with everybody else
});
