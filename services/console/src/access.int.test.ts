import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Scope } from '@keyturn/contracts';
import { ADMIN_KEY, consoleWorld, message, type World } from './console.fixture.ts';
import { start } from './start.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const make = async (...scopes: Scope[]) => (await world.call('POST', '/v1/keys', { name: 'a test', scopes })).body;
const nobody = '01900000-0000-7000-8000-000000000001';

describe('keys', () => {
  it('is shown once, stored as a hash, and is the actor of what it does', async () => {
    const { status, body } = await world.call('POST', '/v1/keys', { name: 'branch app', scopes: ['identity:decide', 'read'] });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { name: 'branch app', scopes: ['identity:decide', 'read'], createdBy: 'key:bootstrap', expiresAt: null, revokedAt: null },
    });
    expect(body.key).toMatch(/^kt_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    const listed = await world.call('GET', '/v1/keys');
    expect(listed.body.items).toContainEqual(expect.objectContaining({ keyId: body.keyId }));
    expect(JSON.stringify(listed.body)).not.toContain(body.key);
    const { rows } = await world.pool.query<{ row: string }>(`select api_key::text as row from api_key`);
    expect(rows.every(({ row }) => !row.includes(body.key.slice(-43)))).toBe(true);
    await world.says(message({ waId: '4915300000', at: 1e9, hash: 'A=' }), message({ waId: '4915300000', at: 1e9 + 60, hash: 'B=' }));
    const { contactId, identity } = await world.find('4915300000');
    const decision = { keyHash: 'B=', version: identity.version, verdict: 'same_person', reason: 'in the branch' };
    const decided = await world.call('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, decision, body.key);
    expect(decided).toMatchObject({ status: 201, body: { decision: { actor: `key:${body.keyId}` } } });
  });

  it.each<[string, string, Scope]>([
    ['GET', '/v1/identity-changes', 'read'],
    ['GET', '/v1/identity-changes/counts', 'read'],
    ['POST', `/v1/contacts/${nobody}/identity/preview`, 'read'],
    ['POST', '/v1/contacts/search', 'read'],
    ['GET', `/v1/contacts/${nobody}`, 'read'],
    ['GET', `/v1/contacts/${nobody}/timeline`, 'read'],
    ['POST', `/v1/contacts/${nobody}/identity/acknowledgements`, 'identity:decide'],
    ['POST', '/v1/bulk-decisions', 'identity:decide'],
    ['POST', `/v1/bulk-decisions/${nobody}/run`, 'identity:decide'],
    ['POST', `/v1/bulk-decisions/${nobody}/cancel`, 'identity:decide'],
    ['GET', '/v1/bulk-decisions', 'read'],
    ['GET', `/v1/bulk-decisions/${nobody}`, 'read'],
    ['GET', `/v1/bulk-decisions/${nobody}/rows`, 'read'],
    ['GET', `/v1/bulk-decisions/${nobody}/report`, 'read'],
    ['PUT', `/v1/contacts/${nobody}/business-block`, 'contact:write'],
    ['DELETE', `/v1/contacts/${nobody}/business-block`, 'contact:write'],
    ['GET', `/v1/contacts/${nobody}/business-block`, 'read'],
    ['GET', '/v1/business-blocks', 'read'],
    ['POST', `/v1/contacts/${nobody}/consents`, 'consent:write'],
    ['GET', `/v1/contacts/${nobody}/consents`, 'read'],
    ['POST', '/v1/consents', 'consent:write'],
    ['GET', '/onprem/v1/contacts/4915/identity', 'read'],
    ['PUT', '/onprem/v1/contacts/4915/identity', 'identity:decide'],
    ['GET', '/v1/dead-letters', 'read'],
    ['GET', `/v1/dead-letters/${nobody}`, 'read'],
    ['GET', `/v1/dead-letter-decisions/${nobody}`, 'read'],
    ['POST', '/v1/dead-letters/redrive', 'admin'],
    ['POST', '/v1/dead-letters/discard', 'admin'],
    ['GET', '/v1/health', 'read'],
    ['GET', '/v1/scopes', 'read'],
    ['POST', '/v1/scope-moves', 'admin'],
    ['POST', '/v1/keys', 'admin'],
    ['GET', '/v1/keys', 'admin'],
    ['DELETE', '/v1/keys/x', 'admin'],
  ])('%s %s is closed to all but %s, and says which scope is missing', async (method, path, scope) => {
    const all: Scope[] = ['read', 'identity:decide', 'consent:write', 'contact:write', 'send'];
    const others = await make(...all.filter((other) => other !== scope));
    const body = method === 'GET' || path.startsWith('/v1/keys/') ? undefined : {};
    const refused = await world.call(method, path, body, others.key);
    expect(refused).toMatchObject({ status: 403, body: { code: 'request.forbidden', missingScope: scope } });
    expect(refused.body.detail).toContain(scope);
    const anonymous = await world.call(method, path, body, null);
    expect(anonymous).toMatchObject({ status: 401, body: { code: 'request.unauthenticated', reason: 'missing' } });
    expect(anonymous.headers.get('www-authenticate')).toBe('Bearer');
    const allowed = await make(scope);
    expect([200, 201, 404, 422]).toContain((await world.call(method, path, body, allowed.key)).status);
  });

  it('once revoked is out at once, and stays listed; a second time changes nothing', async () => {
    const { key, keyId } = await make('read');
    expect((await world.call('GET', '/v1/identity-changes', undefined, key)).status).toBe(200);
    expect((await world.call('DELETE', `/v1/keys/${keyId}`)).status).toBe(204);
    expect(await world.call('GET', '/v1/identity-changes', undefined, key)).toMatchObject({ status: 401, body: { reason: 'revoked' } });
    const revokedAt = async () => (await world.call('GET', '/v1/keys')).body.items.find((one) => one.keyId === keyId)?.revokedAt;
    const first = await revokedAt();
    expect(first).toEqual(expect.any(String));
    expect((await world.call('DELETE', `/v1/keys/${keyId}`)).status).toBe(204);
    expect(await revokedAt()).toBe(first);
    expect((await world.call('DELETE', '/v1/keys/none')).status).toBe(404);
  });

  it('expires', async () => {
    const past = await world.call('POST', '/v1/keys', { name: 'late', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' });
    expect(past).toMatchObject({ status: 422 });
    expect(past.body.detail).toContain('expiresAt');
    const { key, keyId } = (await world.call('POST', '/v1/keys', { name: 'soon', scopes: ['read'], expiresAt: '2999-01-01T00:00:00Z' }))
      .body;
    expect((await world.call('GET', '/v1/identity-changes', undefined, key)).status).toBe(200);
    await world.pool.query(`update api_key set expires_at = now() - interval '1 second' where key_id = $1`, [keyId]);
    expect(await world.call('GET', '/v1/identity-changes', undefined, key)).toMatchObject({ status: 401, body: { reason: 'expired' } });
  });

  it('with a wrong secret is unknown, whether there is such a key or not', async () => {
    const { key, keyId } = await make('read');
    await world.call('DELETE', `/v1/keys/${keyId}`);
    for (const wrong of [
      `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
      `kt_${'0'.repeat(16)}_${'A'.repeat(43)}`,
      'x',
      `${ADMIN_KEY}x`,
    ]) {
      expect(await world.call('GET', '/v1/identity-changes', undefined, wrong)).toMatchObject({ status: 401, body: { reason: 'unknown' } });
    }
  });
});

it('a short bootstrap key stops the start and says what is wrong', async () => {
  const env = { DATABASE_URL: world.databaseUrl, CONSOLE_PORT: '0', KEYTURN_ADMIN_API_KEY: 'short' };
  await expect(start(env)).rejects.toMatchObject({ code: 'config.invalid', message: expect.stringMatching(/KEYTURN_ADMIN_API_KEY .*24/) });
});

it('without its database it is not ready, and answers 503', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const env = { ...process.env, LOG_LEVEL: 'info', LOG_FILE: '', ADMIN_PORT: '0', CONSOLE_PORT: '0', KEYTURN_ADMIN_API_KEY: ADMIN_KEY };
  const child = spawn(process.execPath, [main], { env: { ...env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } });
  try {
    const { url, admin } = await startedLine(child.stdout);
    expect((await fetch(`${admin}/readyz`)).status).toBe(503);
    const response = await fetch(`${url}/v1/identity-changes`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    expect({ status: response.status, body: await response.json() }).toMatchObject({ status: 503, body: { code: 'store.unavailable' } });
  } finally {
    child.kill('SIGTERM');
  }
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});

/** The addresses in the line by which a service says that it started. */
async function startedLine(stdout: NodeJS.ReadableStream): Promise<{ url: string; admin: string }> {
  for await (const line of createInterface({ input: stdout })) {
    const said = JSON.parse(line) as { msg: string; url: string; admin: string };
    if (said.msg === 'started') return said;
  }
  throw new Error('the service ended before it started');
}
