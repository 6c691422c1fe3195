import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { httpRoutes, type Role, type Route, roleScopes, Scope } from '@keyturn/contracts';
import { ADMIN_KEY } from '../console.fixture.ts';
import { type Browser, type Console, emptyConsole, signedIn } from './browser.fixture.ts';

/** Who calls, what they may, and what they send with a request. */
type Caller = {
  readonly name: string;
  readonly scopes: readonly Scope[] | null;
  readonly headers: (unsafe: boolean) => Record<string, string>;
};

const ROLES: readonly (Role | null)[] = [null, 'viewer', 'operator', 'admin'];
const SCOPES = Scope.options;
const NAMES = [
  'nobody',
  ...ROLES.map((role) => `a member ${role === null ? 'without a role' : `as ${role}`}`),
  ...SCOPES.map((scope) => `a key for ${scope}`),
];
const callers = new Map<string, Caller>();
let console: Console;

beforeAll(async () => {
  console = await emptyConsole();
  callers.set('nobody', { name: 'nobody', scopes: null, headers: () => ({}) });
  for (const [i, role] of ROLES.entries()) {
    const browser = await signedIn(console, role ?? 'viewer', `member${i}@example.org`);
    if (role === null) await withoutRole(browser);
    callers.set(NAMES[1 + i] as string, {
      name: NAMES[1 + i] as string,
      scopes: role === null ? [] : roleScopes[role],
      headers: (unsafe) => ({
        cookie: `keyturn_session=${browser.cookies.get('keyturn_session')}`,
        ...(unsafe ? { origin: console.url, 'x-keyturn-request': 'page' } : {}),
      }),
    });
  }
  for (const scope of SCOPES) {
    const { body } = await console.byKey('POST', '/v1/keys', { name: scope, scopes: [scope] }, ADMIN_KEY);
    const headers = () => ({ authorization: `Bearer ${body.key}` });
    callers.set(`a key for ${scope}`, { name: `a key for ${scope}`, scopes: [scope], headers });
  }
});
afterAll(() => console.stop());

async function withoutRole(browser: Browser): Promise<void> {
  const memberId = (await browser.send('GET', '/v1/me')).body.actor.replace('member:', '');
  await console.byKey('PATCH', `/v1/members/${memberId}`, { role: null });
}

/** What the policy says comes of a call: let in, or the status of the refusal. */
function expected({ who }: Route, { scopes }: Caller): 'in' | 401 | 403 {
  if (who === 'everybody') return 'in';
  if (scopes === null) return 401;
  return who === 'somebody' || scopes.includes(who) || scopes.includes('admin') ? 'in' : 403;
}

/** Calls it with ids that nobody has and nothing in the body: who is let in changes nothing by that. */
async function came({ method, path, body }: Route, caller: Caller): Promise<'in' | number> {
  const url = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => (name === 'waId' ? '999' : '01900000-0000-7000-8000-00000000dead'));
  const payload = body === undefined ? {} : { body: '{}' };
  const headers = { ...caller.headers(method !== 'get'), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const response = await fetch(`${console.url}${url}`, { method: method.toUpperCase(), headers, redirect: 'manual', ...payload });
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) {
    await response.body?.cancel(); // of a stream there is no end
    return 'in';
  }
  const { code } = (await response.json()) as { code: string };
  return ['request.unauthenticated', 'request.forbidden'].includes(code) ? response.status : 'in';
}

const routes = httpRoutes.console
  .filter(({ operationId }) => operationId !== 'logout')
  .map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);

describe.each(routes)('%s', (_name, route) => {
  it(`lets in whom the policy names (${route.who}), and nobody else`, async () => {
    const found: Record<string, unknown> = {};
    const wanted: Record<string, unknown> = {};
    for (const caller of callers.values()) {
      found[caller.name] = await came(route, caller);
      wanted[caller.name] = expected(route, caller);
    }
    expect(found).toEqual(wanted);
    expect(Object.keys(found)).toEqual(NAMES);
  });
});

it('whoever is somebody may log out, and a member then is nobody', async () => {
  const route = httpRoutes.console.find(({ operationId }) => operationId === 'logout') as Route;
  const me = httpRoutes.console.find(({ operationId }) => operationId === 'getMe') as Route;
  for (const caller of callers.values()) {
    expect(await came(route, caller)).toBe(expected(route, caller));
    expect(await came(me, caller)).toBe(caller.name.startsWith('a key') ? 'in' : 401);
  }
});

it('what roles may grows from viewer to admin, who may all', () => {
  expect(roleScopes.operator).toEqual(expect.arrayContaining([...roleScopes.viewer]));
  expect(roleScopes.admin).toEqual(Scope.options);
  expect(roleScopes.operator).not.toContain('admin');
  expect(roleScopes.viewer).toEqual(['read']);
});
