import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { AuditEntryJson } from '@keyturn/contracts';
import { until } from '@keyturn/testkit';
import { type Browser, browserAt, type Console, emptyConsole, PASSWORD, signedIn } from './browser.fixture.ts';

let console: Console;
let admin: Browser;
let actor: string;
beforeAll(async () => {
  console = await emptyConsole();
  admin = await signedIn(console, 'admin', 'admin@example.org');
  actor = (await admin.send('GET', '/v1/me')).body.actor;
});
afterAll(() => console.stop());
const read = async (query = ''): Promise<AuditEntryJson[]> => (await admin.send('GET', `/v1/audit${query}`)).body.items;
/** Once it is known how the newest of them ended. */
const newest = async (query: string): Promise<AuditEntryJson> => {
  let found: AuditEntryJson | undefined;
  await until(`an answered entry of ${query}`, async () => {
    found = (await read(query)).find(({ status }) => status !== null);
    return found !== undefined;
  });
  return found as AuditEntryJson;
};

it('says of each write who did what on what, and how it ended', async () => {
  const { body } = await admin.send('POST', '/v1/keys', { name: 'x', scopes: ['read'] });
  expect(await newest('?action=createKey')).toMatchObject({ actor, subject: `key:${body.keyId}`, status: 201 });
  await admin.send('DELETE', `/v1/keys/${body.keyId}`);
  expect(await newest('?action=revokeKey')).toMatchObject({ actor, subject: `key:${body.keyId}`, status: 204 });
  const nobody = '01900000-0000-7000-8000-00000000000a';
  const decision = { keyHash: 'B=', version: 1, verdict: 'same_person', reason: 'called back' };
  const refused = await admin.send('POST', `/v1/contacts/${nobody.toUpperCase()}/identity/acknowledgements`, decision);
  expect(await newest('?action=acknowledge')).toMatchObject({
    ...{ actor, subject: `contact:${nobody}`, status: 404, requestId: refused.headers.get('x-request-id') },
  });
});

it('names rules and routes of alerts alike, whatever is done to them', async () => {
  const rule = { kind: 'dead_letters', name: 'letters', routes: ['mail'] };
  await admin.send('POST', '/v1/alert-routes', { kind: 'email', name: 'mail', to: ['on-call@bank.example'] });
  await admin.send('POST', '/v1/alert-rules', rule);
  await admin.send('PUT', '/v1/alert-rules/letters', { version: 1, rule });
  await admin.send('DELETE', '/v1/alert-rules/letters');
  await admin.send('POST', '/v1/alert-routes/mail/test');
  await admin.send('DELETE', '/v1/alert-routes/mail');
  const actionsOn = async (subject: string) => (await read(`?subject=${subject}`)).map(({ action }) => action);
  await until('all is answered', async () => (await read('?action=deleteAlertRoute'))[0]?.status === 204);
  expect(await actionsOn('rule:letters')).toEqual(['deleteAlertRule', 'setAlertRule', 'createAlertRule']);
  expect(await actionsOn('route:mail')).toEqual(['deleteAlertRoute', 'testAlertRoute', 'createAlertRoute']);
});

it('says who read a secret', async () => {
  await admin.send('GET', '/v1/alert-routes/nowhere/secret');
  expect(await newest('?action=getAlertRouteSecret')).toMatchObject({ actor, status: 404 });
});

it('says who came in, who could not, and who went', async () => {
  const browser = await signedIn(console, 'viewer', 'viewer@example.org');
  const { actor: viewer } = (await browser.send('GET', '/v1/me')).body;
  await browser.send('POST', '/auth/logout');
  await browserAt(console.url).send('POST', '/auth/login', { email: 'viewer@example.org', password: 'not the password' });
  await browserAt(console.url).send('POST', '/auth/login', { email: 'nobody@example.org', password: 'not the password' });
  await browser.send('POST', '/auth/login', { email: 'viewer@example.org', password: PASSWORD });
  await until('how each ended is written down', async () => (await read('?limit=200')).every(({ status }) => status !== null));
  const entries = (await read()).map(({ action, actor, status, subject }) => [action, actor, status, subject]);
  expect(entries).toEqual(
    expect.arrayContaining([
      ['acceptInvitation', viewer, 200, expect.stringMatching(/^session:/)],
      ['logout', viewer, 204, null],
      ['login', 'anonymous', 401, viewer],
      ['login', 'anonymous', 401, null],
      ['login', viewer, 200, expect.stringMatching(/^session:/)],
    ]),
  );
});

it('holds no number, name, address, password or key', async () => {
  await admin.send('PUT', '/onprem/v1/contacts/4915112345678/identity', { hash: 'B=' });
  await newest('?action=putOnpremIdentity');
  const { rows } = await console.pool.query<{ row: string }>('select audit_log::text as row from audit_log');
  const all = rows.map(({ row }) => row).join('\n');
  for (const said of ['4915112345678', 'example.org', PASSWORD, 'kt_']) expect(all).not.toContain(said);
});

it('does nothing that it can’t write down', async () => {
  await console.pool.query('alter table audit_log rename to audit_log_away');
  const { status } = await admin.send('POST', '/v1/keys', { name: 'unwritten', scopes: ['read'] });
  await console.pool.query('alter table audit_log_away rename to audit_log');
  expect(status).toBe(503);
  expect((await admin.send('GET', '/v1/keys')).body.items.map(({ name }: { name: string }) => name)).not.toContain('unwritten');
});

it('is read page by page, each entry once, and only forgets what is older than asked for, never the last thirty days', async () => {
  const whole = await read('?limit=200');
  const paged: AuditEntryJson[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await admin.send('GET', `/v1/audit?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    paged.push(...body.items);
    cursor = body.nextCursor;
  }
  expect(paged).toEqual(whole);
  await console.pool.query(`update audit_log set at = at - interval '40 days' where entry_id = (select min(entry_id) from audit_log)`);
  const count = async () => (await console.pool.query('select from audit_log')).rowCount ?? 0;
  const before = await count();
  await console.pool.query('select forget_audit(now(), 60)');
  expect(await count()).toBe(before);
  await console.pool.query(`select forget_audit(now() + interval '1 year', 1)`);
  expect(await count()).toBe(before - 1);
});
