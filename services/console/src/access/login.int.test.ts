import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { browserAt, type Console, emptyConsole, PASSWORD } from './browser.fixture.ts';

const ADMIN = { name: 'Huda', email: 'Huda@example.org' };
let console: Console;
beforeAll(async () => {
  console = await emptyConsole();
});
afterAll(() => console.stop());
const login = (email: string, password: string, headers = {}) =>
  browserAt(console.url).send('POST', '/auth/login', { email, password }, headers);

describe('the first admin', () => {
  it('is made once, by the newest link alone, with a password that is one', async () => {
    const browser = browserAt(console.url);
    expect((await browser.send('GET', '/auth/methods')).body).toEqual({ local: true, overheard: false, oidc: null, firstAdmin: true });
    const older = await console.firstAdminToken();
    const token = await console.firstAdminToken();
    const make = (token: string, password: string) => browser.send('POST', '/auth/first-admin', { ...ADMIN, token, password });
    expect(await make(older, PASSWORD)).toMatchObject({ status: 410, body: { code: 'login.link_invalid' } });
    for (const weak of ['short', 'aaaaaaaaaaaaaaaa', 'password-admin-1', 'abcdefghijklmnop', 'huda@example.org'])
      expect(await make(token, weak)).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/^password: must/) } });
    const made = await make(token, PASSWORD);
    expect(made).toMatchObject({
      status: 201,
      body: { actor: expect.stringMatching(/^member:/), name: 'Huda', email: 'huda@example.org', role: 'admin', via: 'session' },
    });
    expect((await browser.send('GET', '/v1/me')).body).toEqual(made.body);
    expect(await make(token, PASSWORD)).toMatchObject({ status: 410 });
    expect((await browser.send('GET', '/auth/methods')).body).toMatchObject({ firstAdmin: false });
    expect(await console.firstAdminToken()).toBe('null');
  });

  it('of many with one link is one', async () => {
    const other = await emptyConsole();
    try {
      const token = await other.firstAdminToken();
      const all = await Promise.all(
        [1, 2, 3, 4, 5].map((i) =>
          browserAt(other.url).send('POST', '/auth/first-admin', { token, name: 'x', email: `x${i}@example.org`, password: PASSWORD }),
        ),
      );
      expect(all.map(({ status }) => status).sort()).toEqual([201, 410, 410, 410, 410]);
    } finally {
      await other.stop();
    }
  });
});

describe('a login', () => {
  it('by the right password, in whatever case the address is, keeps a cookie that no script reads and no other site sends', async () => {
    const { status, headers } = await login('HUDA@EXAMPLE.ORG', PASSWORD);
    expect(status).toBe(200);
    const [session, browser] = headers.getSetCookie();
    expect(session).toMatch(/^keyturn_session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    expect(browser).toMatch(/^keyturn_browser=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('is refused in the same words whatever was wrong', async () => {
    const wrong = await login(ADMIN.email, 'not the password');
    const nobody = await login('nobody@example.org', 'not the password');
    expect(wrong).toMatchObject({ status: 401, body: { code: 'login.refused' } });
    expect(nobody.body).toEqual(wrong.body);
  });

  it('takes as long for nobody as for somebody', async () => {
    /** The time of processors that it takes: that of the clock is also what others beside it take. */
    const took = async (email: string) => {
      await console.pool.query('truncate login_attempt');
      const before = process.cpuUsage();
      await login(email, 'not the password');
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const ratios: number[] = [];
    for (let i = 0; i < 7; i += 1) ratios.push((await took('nobody@example.org')) / (await took(ADMIN.email)));
    const [median] = ratios.sort((a, b) => a - b).slice(3);
    expect(median).toBeGreaterThan(0.5); // without the hash it would be a tenth
    expect(median).toBeLessThan(2);
  });

  it('is tried ten times an account and address, however many try at once and whether it is anybody’s; then not even the right password gets in', async () => {
    await console.pool.query('truncate login_attempt');
    for (const email of [ADMIN.email, 'nobody@example.org']) {
      const all = await Promise.all(Array.from({ length: 14 }, () => login(email, 'not the password')));
      expect(all.filter(({ status }) => status === 401)).toHaveLength(10);
      const late = await login(email.toUpperCase(), PASSWORD);
      expect(late).toMatchObject({ status: 429, body: { code: 'login.throttled' } });
      expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(800);
    }
    await console.pool.query(`update login_attempt set since = since - interval '15 minutes'`);
    expect(await login(ADMIN.email, PASSWORD)).toMatchObject({ status: 200 });
  });

  it('is tried fifty times an address, whatever account it names, and what a proxy that is not ours says counts for nothing', async () => {
    await console.pool.query('truncate login_attempt');
    const tries = Array.from({ length: 51 }, (_, i) => login(`x${i}@example.org`, 'not it', { 'x-forwarded-for': `192.0.2.${i}` }));
    const all = await Promise.all(tries);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(1);
    expect(await login(ADMIN.email, PASSWORD)).toMatchObject({ status: 429 });
    await console.pool.query('truncate login_attempt');
    expect(await login(ADMIN.email, PASSWORD)).toMatchObject({ status: 200 });
  });

  it.each([
    ['from another site', { origin: 'https://evil.example' }],
    ['from nowhere', { origin: undefined }],
    ['without our header', { 'x-keyturn-request': undefined }],
  ])('%s is refused', async (_what, headers) => {
    expect(await login(ADMIN.email, PASSWORD, headers)).toMatchObject({ status: 403, body: { reason: 'csrf_refused' } });
  });
});

describe('a stranger who guesses', () => {
  let behind: Console;
  beforeAll(async () => {
    behind = await emptyConsole({ CONSOLE_PROXIES: '1' });
    const token = await behind.firstAdminToken();
    await browserAt(behind.url).send('POST', '/auth/first-admin', { ...ADMIN, token, password: PASSWORD });
  });
  afterAll(() => behind.stop());
  beforeEach(() => behind.pool.query('delete from login_attempt where attempts > 0'));
  const tryFrom = (address: string, password: string, browser = browserAt(behind.url)) =>
    browser.send('POST', '/auth/login', { email: ADMIN.email, password }, { 'x-forwarded-for': address });
  const guess = async (addresses: number) => {
    const from = Array.from({ length: addresses * 10 }, (_, i) => `192.0.2.${Math.floor(i / 10)}`);
    for (let i = 0; i < from.length; i += 20)
      await Promise.all(from.slice(i, i + 20).map((address) => tryFrom(address, 'not the password')));
  };

  it('from one place locks nobody out elsewhere', async () => {
    await guess(1);
    expect((await tryFrom('192.0.2.0', PASSWORD)).status).toBe(429);
    expect((await tryFrom('198.51.100.7', PASSWORD)).status).toBe(200);
  });

  it('from many places has sixty tries an hour in all, and does not lock out the browser by which somebody signed in before', async () => {
    const own = browserAt(behind.url);
    expect((await tryFrom('198.51.100.7', PASSWORD, own)).status).toBe(200);
    await guess(6);
    const locked = await tryFrom('203.0.113.9', PASSWORD);
    expect(locked).toMatchObject({ status: 429, body: { code: 'login.throttled' } });
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(3_000);
    own.cookies.delete('keyturn_session');
    expect((await tryFrom('203.0.113.9', PASSWORD, own)).status).toBe(200);
    const forged = browserAt(behind.url);
    forged.cookies.set('keyturn_browser', 'x'.repeat(43));
    expect((await tryFrom('203.0.113.9', PASSWORD, forged)).status).toBe(429);
  });

  it('by a browser that somebody left has ten tries as well', async () => {
    const left = browserAt(behind.url);
    await tryFrom('198.51.100.7', PASSWORD, left);
    const all = await Promise.all(Array.from({ length: 12 }, (_, i) => tryFrom(`192.0.2.${i}`, 'not the password', left)));
    expect(all.filter(({ status }) => status === 401)).toHaveLength(10);
  });
});

describe('over plain HTTP', () => {
  /** As a browser asks that has the page by this name. */
  const asked = (host: string, method: string, path: string, body?: object) =>
    new Promise<{ status: number; body: { local?: boolean; overheard?: boolean; code?: string; reason?: string; detail?: string } }>(
      (resolve, reject) => {
        const headers = { host, origin: `http://${host}`, 'x-keyturn-request': 'page', 'content-type': 'application/json' };
        const asking = request(`${console.url}${path}`, { method, headers }, async (res) => {
          const chunks: Buffer[] = [];
          for await (const chunk of res) chunks.push(chunk as Buffer);
          resolve({ status: res.statusCode ?? 0, body: JSON.parse(String(Buffer.concat(chunks))) });
        });
        asking.on('error', reject).end(body && JSON.stringify(body));
      },
    );

  it.each(['10.0.0.5:8081', 'keyturn.lan:8081', 'localhost.example.org', '127.0.0.1.example.org'])(
    'nobody who has the page as %s gives a password away: no form is offered, and none is taken, with the way out',
    async (host) => {
      await console.pool.query('truncate login_attempt');
      expect((await asked(host, 'GET', '/auth/methods')).body).toMatchObject({ local: false, overheard: true });
      const { firstAdminToken } = console;
      for (const [path, body] of [
        ['/auth/login', { email: ADMIN.email, password: PASSWORD }],
        ['/auth/first-admin', { ...ADMIN, token: await firstAdminToken(), password: PASSWORD }],
        ['/auth/invitation', { token: 'x', password: PASSWORD }],
      ] as const)
        expect(await asked(host, 'POST', path, body)).toMatchObject({
          status: 409,
          body: { code: 'login.off', reason: 'overheard', detail: expect.stringContaining('CONSOLE_PUBLIC_URL') },
        });
    },
  );

  it.each(['localhost:8081', '127.0.0.1', '[::1]:8081'])('whoever has it as %s signs in', async (host) => {
    await console.pool.query('truncate login_attempt');
    expect((await asked(host, 'GET', '/auth/methods')).body).toMatchObject({ local: true, overheard: false });
    expect((await asked(host, 'POST', '/auth/login', { email: ADMIN.email, password: PASSWORD })).status).toBe(200);
  });
});
