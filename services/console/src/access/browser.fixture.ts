import type { MeJson, Problem } from '@keyturn/contracts';
import { migrate, offerFirstAdmin, openDatabase } from '@keyturn/store';
import { migratedDatabase } from '@keyturn/testkit';
import { wrongWithAnswer } from '@keyturn/testkit/check-answer';
import { ADMIN_KEY } from '../console.fixture.ts';
import { start } from '../start.ts';

/** A password that is none of those that everybody tries. */
export const PASSWORD = 'seven quiet herons wade';

// biome-ignore lint/suspicious/noExplicitAny: whatever a route answers; a test looks at what its route has
type Body = any;
/** What came back. */
type Seen = { readonly status: number; readonly body: Body & Partial<Problem & MeJson>; readonly headers: Headers };
/** Somebody's browser, on our page: it keeps cookies, and says which page a request is from. */
export type Browser = {
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string | undefined>>): Promise<Seen>;
  readonly cookies: Map<string, string>;
};

/** A browser that has been nowhere yet. */
export function browserAt(url: string): Browser {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async send(method, path, body, more = {}) {
      const ours = method === 'GET' ? {} : { origin: new URL(url).origin, 'x-keyturn-request': 'page' };
      const all = {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') || undefined,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...ours,
        ...more,
      };
      const headers = Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined));
      const payload = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${url}${path}`, { method, headers, redirect: 'manual', ...payload });
      for (const cookie of response.headers.getSetCookie()) keep(cookies, cookie);
      const text = await response.text();
      const contentType = response.headers.get('content-type');
      const wrong = wrongWithAnswer(method, path, { status: response.status, contentType, text });
      if (wrong.length > 0) throw new Error(`an answer is not what openapi.json says:\n${wrong.join('\n')}`);
      return { status: response.status, body: text === '' ? null : JSON.parse(text), headers: response.headers };
    },
  };
}

function keep(cookies: Map<string, string>, cookie: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  if (value === '' || /expires=Thu, 01 Jan 1970/i.test(cookie)) cookies.delete(name);
  else cookies.set(name, value);
}

/** A console with nobody in it. */
export type Console = Awaited<ReturnType<typeof emptyConsole>>;
/** Brings up a console on a database of its own; it has these variables too. */
export async function emptyConsole(more: NodeJS.ProcessEnv = {}) {
  const { url: databaseUrl, drop } = await migratedDatabase();
  const database = openDatabase({ DATABASE_URL: databaseUrl, DATABASE_SCHEMA: 'keyturn', DATABASE_CONNECTIONS_MAX: 4 }, 'test');
  await migrate(database, new Date());
  const env = { DATABASE_URL: databaseUrl, CONSOLE_PORT: '0', KEYTURN_ADMIN_API_KEY: ADMIN_KEY, ...more };
  const service = await start(env);
  const url = service.url as string;
  return {
    url,
    pool: database.pool,
    /** Asks with a key, the bootstrap key where none is named. */
    byKey: (method: string, path: string, body?: unknown, key = ADMIN_KEY) =>
      browserAt(url).send(method, path, body, { authorization: `Bearer ${key}` }),
    /** Another console on the same database, with these variables too. */
    another: (also: NodeJS.ProcessEnv) => start({ ...env, ...also, CONSOLE_PORT: '0' }),
    firstAdminToken: async () => String(await offerFirstAdmin(database, new Date())),
    async stop() {
      await service.stop();
      await database.close();
      await drop();
    },
  };
}

/** Signs in the first admin of a console, or, once there is one, a member of this role whom the bootstrap key made. */
export async function signedIn(console: Console, role: 'viewer' | 'operator' | 'admin', email: string): Promise<Browser> {
  const browser = browserAt(console.url);
  const { body } = await console.byKey('POST', '/v1/members', { name: email, email, role });
  const token = new URL(body.invitation.url).hash.slice(1);
  const accepted = await browser.send('POST', '/auth/invitation', { token, password: PASSWORD });
  if (accepted.status !== 200) throw new Error(`${email} could not sign in: ${JSON.stringify(accepted.body)}`);
  return browser;
}
