import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { AuditEntryJson, PlatformTokenJson } from '@keyturn/contracts';
import { until } from '@keyturn/testkit';
import { ADMIN_KEY, consoleWorld, type World } from './console.fixture.ts';
import { start } from './start.ts';

const TOKEN = 'EAAGplatformTokenOfTheTestsZB1';
const [OLD, NEW] = ['a-token-key-of-the-tests-0', 'the-next-token-key-of-the-tests'];
let world: World;
beforeAll(async () => {
  world = await consoleWorld({ KEYTURN_TOKEN_KEY: OLD });
});
afterAll(() => world.stop());

const post = (body: unknown) => world.call('POST', '/v1/platform-tokens', body);
const list = async () => (await world.call('GET', '/v1/platform-tokens')).body.items as unknown as PlatformTokenJson[];
const stored = async () =>
  (await world.pool.query<{ row: string }>('select platform_token::text as row from platform_token')).rows.map(({ row }) => row).join();

it('a token is kept encrypted, shown to nobody, and says who set and removed it', async () => {
  const { status, body } = await post({ phoneNumberId: 'P1', token: TOKEN });
  expect({ status, body }).toMatchObject({
    status: 201,
    body: { phoneNumberId: 'P1', wabaId: null, setBy: 'key:bootstrap', removedAt: null, seal: 'current' },
  });
  const { tokenId } = body as unknown as PlatformTokenJson;
  expect(JSON.stringify([body, await list()])).not.toContain(TOKEN);
  expect(await stored()).not.toContain(Buffer.from(TOKEN).toString('hex'));
  expect((await world.call('DELETE', `/v1/platform-tokens/${tokenId}`)).status).toBe(204);
  expect((await world.call('DELETE', `/v1/platform-tokens/${tokenId}`)).status).toBe(204);
  expect(await list()).toMatchObject([{ tokenId, removedBy: 'key:bootstrap', removedAt: expect.any(String), seal: null }]);
  expect((await world.pool.query('select sealed from platform_token')).rows).toEqual([{ sealed: null }]);
});

it('who sets, removes or encrypts tokens anew is in the audit log, with which, and the token is not', async () => {
  const { tokenId } = (await post({ phoneNumberId: 'P3', token: TOKEN })).body as unknown as PlatformTokenJson;
  await world.call('DELETE', `/v1/platform-tokens/${tokenId}`);
  await world.call('POST', '/v1/platform-tokens/reseal');
  const last = async () => ((await world.call('GET', '/v1/audit?limit=3')).body.items as unknown as AuditEntryJson[]).map(briefly);
  const briefly = ({ actor, action, subject, status }: AuditEntryJson) => [actor, action, subject, status];
  const by = 'key:bootstrap';
  await until('how each ended is written down', async () => (await last()).every(([, , , status]) => status !== null));
  expect(await last()).toEqual([
    [by, 'resealPlatformTokens', null, 200],
    [by, 'removePlatformToken', `token:${tokenId}`, 204],
    [by, 'setPlatformToken', `token:${tokenId}`, 201],
  ]);
  const { rows } = await world.pool.query<{ row: string }>('select audit_log::text as row from audit_log');
  expect(rows.map(({ row }) => row).join()).not.toContain(TOKEN);
});

it('of one holder one is in force, however many set one at once', async () => {
  await Promise.all(Array.from({ length: 8 }, () => post({ wabaId: 'W1', token: TOKEN })));
  const ofWaba = (await list()).filter(({ wabaId }) => wabaId === 'W1');
  expect([ofWaba.length, ofWaba.filter(({ removedAt }) => removedAt === null).length]).toEqual([8, 1]);
});

it.each<[unknown, string]>([
  [{ token: TOKEN }, 'phoneNumberId'],
  [{ phoneNumberId: 'P1', wabaId: 'W1', token: TOKEN }, 'phoneNumberId'],
  [{ phoneNumberId: 'P1', token: 'short' }, 'token'],
  [{ phoneNumberId: 'P1', token: `${TOKEN} \n` }, 'token'],
])('%j is refused, naming %s', async (body, field) => {
  const refused = await post(body);
  expect([refused.status, String(refused.body.detail).includes(field), String(refused.body.detail).includes(TOKEN)]).toEqual([
    422,
    true,
    false,
  ]);
});

it.each(['none', '01900000-0000-7000-8000-000000000001'])('there is no token %s', async (id) =>
  expect((await world.call('DELETE', `/v1/platform-tokens/${id}`)).status).toBe(404),
);

it('the key is changed without a token being set again: both, encrypt anew, the new one alone', async () => {
  await post({ phoneNumberId: 'P2', token: TOKEN });
  const as = async <Result>(
    keys: string,
    work: (call: (method: string, path: string) => Promise<Record<string, unknown>>) => Promise<Result>,
  ) => {
    const other = await start({
      ...{ DATABASE_URL: world.databaseUrl, CONSOLE_PORT: '0', KEYTURN_ADMIN_API_KEY: ADMIN_KEY },
      ...(keys === '' ? {} : { KEYTURN_TOKEN_KEY: keys }),
    });
    try {
      return await work(async (method, path) => {
        const response = await fetch(`${other.url}${path}`, { method, headers: { authorization: `Bearer ${ADMIN_KEY}` } });
        return (await response.json()) as Record<string, unknown>;
      });
    } finally {
      await other.stop();
    }
  };
  const seals = (keys: string) =>
    as(
      keys,
      async (call) =>
        ((await call('GET', '/v1/platform-tokens')).items as PlatformTokenJson[]).find((one) => one.phoneNumberId === 'P2')?.seal,
    );
  const reseal = (keys: string) => as(keys, (call) => call('POST', '/v1/platform-tokens/reseal'));
  expect(await seals(`${NEW},${OLD}`)).toBe('previous');
  expect(await seals(NEW)).toBe('unreadable');
  expect(await reseal(NEW)).toMatchObject({ resealed: 0 });
  expect(await reseal(`${NEW},${OLD}`)).toMatchObject({ resealed: 2, unreadable: 0 });
  expect(await seals(NEW)).toBe('current');
  expect(await reseal('')).toMatchObject({ code: 'platform_token.off' });
});
