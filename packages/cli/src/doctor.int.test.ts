import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GRAPH_APP, GRAPH_TOKEN, type GraphServer, graphNumber, graphWorld, startGraphServer } from '@keyturn/testkit';
import { inProcess } from './command-line.fixture.ts';

const ID = '106540352242922';
const WABA = '102290129340398';
const FIELDS = [
  ...['messages', 'user_preferences', 'account_update', 'phone_number_quality_update', 'phone_number_name_update'],
  ...['message_template_status_update', 'template_category_update'],
];
const NOW = new Date();
let server: GraphServer;
beforeEach(async () => {
  server = await startGraphServer(graphWorld([graphNumber(ID)], FIELDS));
});
afterEach(() => server.close());
const number = () => server.world.wabas[0]?.numbers[0] as ReturnType<typeof graphNumber>;

const doctor = (args: readonly string[] = [], { env = {}, answer }: { env?: NodeJS.ProcessEnv; answer?: string } = {}) => {
  const own = { WHATSAPP_GRAPH_URL: server.url, WHATSAPP_ACCESS_TOKEN: GRAPH_TOKEN, WHATSAPP_APP_SECRET: GRAPH_APP.secret };
  return inProcess(['doctor', ...args], { env: { ...own, ...env }, answer, now: NOW });
};
const writes = () => server.requests.filter(({ method }) => method !== 'GET').map(({ path, body }) => [path, body]);

it('where all is as it should be, says so and ends well', async () => {
  const { code, out } = await doctor();
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('✓ identity check: is on') });
  expect(out).not.toContain('✗');
  expect(writes()).toEqual([]);
});

describe('what is off is named, with why it matters and what --fix would do', () => {
  it.each<[string, () => void, RegExp]>([
    [
      'the identity check',
      () => Object.assign(number(), { identityCheck: false }),
      /✗ identity check: is off\n.*stranger.*\n.*--fix would switch the identity check/,
    ],
    [
      'messages that go elsewhere, of a number',
      () => Object.assign(number(), { override: 'https://else.example/hook' }),
      /✗ webhook override: its messages go to https:\/\/else.example\/hook/,
    ],
    [
      'messages that go elsewhere, of an account',
      () => server.world.wabas[0]?.subscribed.set(GRAPH_APP.id, { override: 'https://else.example/' }),
      /account \d+\n.*\n {2}✗ webhook override/,
    ],
    ['an account of which no webhook comes', () => server.world.wabas[0]?.subscribed.clear(), /✗ subscribed app: no app is subscribed/],
    ['fields', () => server.world.apps[0]?.webhook?.fields.splice(1, 1), /✗ subscribed fields: not subscribed to user_preferences/],
    ['an app without a webhook', () => Object.assign(server.world.apps[0] ?? {}, { webhook: null }), /✗ webhook: there is none/],
    ['a permission', () => server.world.tokens[0]?.scopes.pop(), /✗ permissions: lacks whatsapp_business_messaging/],
    [
      'a token that ends soon',
      () => Object.assign(server.world.tokens[0] ?? {}, { expiresAt: NOW.getTime() / 1_000 + 3_600 }),
      /✗ validity: ends at/,
    ],
  ])('%s', async (_what, change, expected) => {
    change();
    const { code, out, err } = await doctor();
    expect(out).toMatch(expected);
    expect({ code, err }).toEqual({ code: 7, err: expect.stringMatching(/Nothing was changed/) });
    expect(writes()).toEqual([]);
  });
});

describe('what nobody can say is said to be so', () => {
  const nothing = () => {};
  it.each<[string, () => void, NodeJS.ProcessEnv, RegExp]>([
    [
      'a setting that the platform does not show',
      () => Object.assign(server.world.identity, { readable: false }),
      {},
      /\? identity check: can't be read.*\n.*\n.*nothing changes/,
    ],
    ['fields, without the app itself', nothing, { WHATSAPP_APP_SECRET: '' }, /\? subscribed fields: can't be read without the app itself/],
    [
      'an account that the token may not see',
      () => server.world.wabas.splice(0, 1),
      {},
      /\? subscribed app: can't be read: the platform refused with 100.*fbtrace_id/,
    ],
    ['the mode of the app', nothing, {}, /\? mode: can't be read/],
  ])('%s', async (_what, change, env, expected) => {
    change();
    expect((await doctor([], { env })).out).toMatch(expected);
  });
});

describe('--fix', () => {
  const off = () => Object.assign(number(), { identityCheck: false, override: 'https://else.example/hook' });

  it('shows what it will do, does it once it is told to, and then all is well', async () => {
    off();
    const { code, err, out } = await doctor(['--fix'], { answer: 'y' });
    expect(err).toMatch(/identity check: is off[\s\S]*Will switch the identity check[\s\S]*Will take the override off/);
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^done: switch the identity check.*\ndone: take the override/),
    });
    expect(number()).toMatchObject({ identityCheck: true, override: null });
    expect((await doctor()).code).toBe(0);
  });

  it.each([
    ['is told not to', { answer: 'n' }],
    ['nobody can be asked', {}],
  ])('does nothing where it %s', async (_why, options) => {
    off();
    expect((await doctor(['--fix'], options)).code).toBe(2);
    expect(writes()).toEqual([]);
  });

  it.each(['enable_identity_key_check', 'enabled'] as const)('switches on where the platform calls the setting %s', async (property) => {
    off();
    server.world.identity.property = property;
    expect((await doctor(['--fix', '--yes'])).code).toBe(0);
    expect(number().identityCheck).toBe(true);
  });

  it('says what the platform refused, and does the rest', async () => {
    off();
    server.fail({ kind: 'rate_limit', of: ({ method, path }) => method === 'POST' && path.endsWith('/settings') });
    const { code, out, err } = await doctor(['--fix', '--yes']);
    expect({ code, err }).toEqual({ code: 1, err: 'keyturn: 1 of 2 changes were not made.\n' });
    expect(out).toMatch(/^not done: switch the identity check.*too many calls.*\ndone: take the override/);
    expect(number()).toMatchObject({ identityCheck: false, override: null });
  });

  it('as JSON has each finding and what became of it', async () => {
    off();
    const { out } = await doctor(['--fix', '--yes', '--json']);
    const { findings } = JSON.parse(out) as { findings: { check: string; state: string; fixed: boolean | null }[] };
    expect(findings).toContainEqual(expect.objectContaining({ check: 'identity check', state: 'bad', fixed: true, refused: null }));
    expect(findings).toContainEqual(expect.objectContaining({ check: 'permissions', state: 'good', fix: null, fixed: null }));
  });
});

it('the token is shown nowhere, whatever the platform quotes', async () => {
  const stranger = 'EAAstrangerTokenThatNobodyKnows0001';
  const { out, err, code } = await doctor(['--waba', WABA], { env: { WHATSAPP_ACCESS_TOKEN: stranger } });
  expect(out + err).not.toContain(stranger);
  expect(out).toMatch(/token\n {2}✗ validity: is not valid/);
  expect(code).toBe(7);
});

it('looks at every number of an account, however many pages they fill', async () => {
  const many = Array.from({ length: 230 }, (_, i) => graphNumber(String(2_000 + i), { identityCheck: i % 2 === 0 }));
  server.world.wabas[0]?.numbers.splice(0, 1, ...many);
  const { out } = await doctor();
  expect(out.match(/✓ identity check/g)).toHaveLength(115);
  expect(out.match(/✗ identity check/g)).toHaveLength(115);
});

it('without a token says which variable to set', async () => {
  expect(await doctor([], { env: { WHATSAPP_ACCESS_TOKEN: '' } })).toMatchObject({
    code: 2,
    err: expect.stringContaining('WHATSAPP_ACCESS_TOKEN'),
  });
});
