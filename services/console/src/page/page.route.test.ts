import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createApp, createLog, type Listening, listen } from '@keyturn/runtime';
import { pageRoute } from './page.route.ts';
import { readPage } from './read-page.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyturn-page-'));
const log = createLog('test', { to: { write: () => {} } });
let server: Listening;
beforeAll(async () => {
  mkdirSync(path.join(folder, 'assets'));
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>keyturn</title>');
  writeFileSync(path.join(folder, 'assets', 'index-abc.js'), 'let page = 1;'.repeat(100));
  writeFileSync(path.join(folder, 'built-from'), 'a hash');
  server = await listen(createApp({ log, routes: [pageRoute(readPage(folder))] }), { port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

it.each(['/', '/queue', '/changes/01900000-0000-7000-8000-000000000001', '/contacts', '/login?problem=x'])(
  'at %s stands the document, which may run nothing but its own files and is asked for each time',
  async (at) => {
    const answer = await fetch(server.url + at);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const policy = new Map(
      answer.headers
        .get('content-security-policy')
        ?.split('; ')
        .map((one) => [one.split(' ')[0], one.split(' ').slice(1).join(' ')]),
    );
    expect(Object.fromEntries(policy)).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'frame-ancestors': "'none'",
    });
    expect([...policy.values()].join()).not.toMatch(/unsafe|nonce|sha256|\*|https?:/);
    const etag = answer.headers.get('etag') as string;
    expect((await fetch(server.url + at, { headers: { 'if-none-match': etag } })).status).toBe(304);
  },
);

it('a file of it stays for good, compressed for whoever takes that', async () => {
  const answer = await fetch(`${server.url}/assets/index-abc.js`);
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(answer.headers.get('content-encoding')).toBe('gzip');
  expect(await answer.text()).toMatch(/^let page/);
  const plain = await fetch(`${server.url}/assets/index-abc.js`, { headers: { 'accept-encoding': 'identity' } });
  expect(plain.headers.get('content-encoding')).toBeNull();
});

it.each(['/assets/nothing.js', '/assets/..%2Fbuilt-from', '/built-from', '/nowhere', '/index.html'])(
  'at %s there is nothing',
  async (at) => {
    const answer = await fetch(server.url + at);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  },
);

it('says how to build it where nobody did', async () => {
  const other = await listen(createApp({ log, routes: [pageRoute(readPage(path.join(folder, 'none')))] }), { port: 0, host: '127.0.0.1' });
  const answer = await fetch(other.url);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('npm run build');
  await other.close();
});
