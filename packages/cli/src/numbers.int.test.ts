import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { account, consumerTopics, inbound, type PhoneNumberDetailJson, type TemplateJson, type Topic } from '@keyturn/contracts';
import { applyAccount, applyBatch, stopRule } from '@keyturn/store';
import { GRAPH_TOKEN, graphNumber, graphWorld, iso, message, startGraphServer } from '@keyturn/testkit';
import { ADMIN_KEY, consoleWorld, type World } from '../../../services/console/src/console.fixture.ts';
import { inProcess } from './command-line.fixture.ts';

const consumer = { group: 'account', topics: consumerTopics.account, apply: applyAccount } as const;
const NOW = new Date();
const T = Math.floor(NOW.getTime() / 1_000) - 3_600;
let world: World;
beforeAll(async () => {
  world = await consoleWorld();
  await apply(account, [
    said('phone_number.name_decided', 'P1', { decision: 'APPROVED', requestedName: 'Jasper\u001b[31m' }),
    said('phone_number.quality_changed', 'P1', { event: 'FLAGGED', limit: 'TIER_1K' }),
    said('account.updated', 'W', {
      displayNumber: undefined,
      event: 'ACCOUNT_RESTRICTION',
      restrictions: [{ restriction: 'RESTRICTED_X' }],
    }),
    said('phone_number.quality_changed', 'P9', { event: 'UNFLAGGED', displayNumber: '12025550009' }),
    ...['1', '2', '3'].map((id) => said('template.status_changed', id, { templateId: id, name: `t${id}`, status: 'APPROVED' })),
  ]);
  await apply(inbound, [0, 1, 2, 3].map((i) => wrote('P1', T + i)).concat(wrote('P2', T, 'h='), wrote('P2', T + 1, 'h=')));
});
afterAll(() => world.stop());

let ids = 0;
const said = (type: string, _of: string, fields: object) => ({
  ...{ id: `e${ids++}`, type, wabaId: 'W1', displayNumber: '12025550001', occurredAt: iso(T), receivedAt: iso(T) },
  ...{ source: { webhookId: 'w', path: '/entry/0' }, ...fields },
});
const wrote = (phoneNumberId: string, at: number, identityKeyHash?: string) => {
  const displayNumber = `1202555000${phoneNumberId.slice(1)}`;
  return message({
    at,
    waId: '4915700000001',
    phoneNumberId,
    displayNumber,
    wabaId: 'W1',
    ...(identityKeyHash ? { identityKeyHash } : {}),
  });
};
async function apply(topic: Topic, values: readonly object[]): Promise<void> {
  const shell = { pool: world.pool, now: () => NOW, newContactId: () => '', stopRule: stopRule('account') };
  const records = values.map((value, i) => ({
    ...{ offset: BigInt(i), key: 'W1', value: Buffer.from(JSON.stringify(value)), headers: {}, timestamp: 0 },
  }));
  await applyBatch(shell, consumer, { topic, partition: 0, records, from: null, to: BigInt(records.length), caughtUpAt: NOW, attempt: 1 });
}
const get = async <Body>(path: string) => (await world.call('GET', path)) as unknown as { status: number; body: Body };
type Page = { items: (PhoneNumberDetailJson & TemplateJson)[]; nextCursor: string | null };
async function pages(path: string, limit: number) {
  const items: Page['items'] = [];
  for (let cursor = ''; ; ) {
    const { body } = await get<Page>(`${path}limit=${limit}${cursor}`);
    items.push(...body.items);
    if (body.nextCursor === null) return items;
    cursor = `&cursor=${body.nextCursor}`;
  }
}

describe('the API', () => {
  it('lists each number once, those without an id too, page by page', async () => {
    const found = (await pages('/v1/phone-numbers?', 1)).map(({ phoneNumberId, displayNumber }) => [phoneNumberId, displayNumber]);
    expect(found).toEqual([
      ['P2', '12025550002'],
      ['P1', '12025550001'],
      [null, '12025550009'],
    ]);
  });

  it('answers one with what was said of it and of its account, and its coverage', async () => {
    const { status, body } = await get<PhoneNumberDetailJson>('/v1/phone-numbers/P1');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{
        quality: { status: 'flagged' },
        messagingLimit: { limit: 'TIER_1K' },
        account: { restrictions: [{ restriction: 'RESTRICTED_X' }] },
      },
      identityCheck: { status: 'off', newest: { messages: 4, withHash: 0 }, lastHashAt: null },
      coverage: [{ messages: 4, withHash: 0, share: 0, exact: true }],
    });
    expect(body.history).toHaveLength(3);
  });

  it('refuses what it does not know, and what can not be', async () => {
    expect((await get('/v1/phone-numbers/nobody')).status).toBe(404);
    expect((await get('/v1/phone-numbers/a%00b')).status).toBe(404);
    expect((await get('/v1/phone-numbers?cursor=x')).status).toBe(422);
    expect((await world.call('GET', '/v1/phone-numbers', undefined, null)).status).toBe(401);
    expect((await get('/v1/templates?limit=0')).status).toBe(422);
  });

  it('lists the templates of an account, page by page', async () => {
    expect((await pages('/v1/templates?wabaId=W1&', 2)).map(({ templateId }) => templateId)).toEqual(['1', '2', '3']);
    expect(await pages('/v1/templates?wabaId=W2&', 2)).toEqual([]);
  });
});

const keyturn = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  inProcess(args, { env: { KEYTURN_URL: world.url, KEYTURN_API_KEY: ADMIN_KEY, ...env }, now: NOW });

describe('keyturn numbers', () => {
  const numbers = (...args: string[]) => keyturn(['numbers', ...args]);

  it('says of each what an operator has to know, and warns where the check is off', async () => {
    const { code, out } = await numbers();
    expect(code).toBe(0);
    expect(out).toMatch(/^NUMBER +ID +NAME +LIMIT +QUALITY +CHECK +TROUBLE\n/);
    expect(out).toMatch(/\+12025550001 +P1 +Jasper\[31m +TIER_1K +flagged +off, never a hash +quality is flagged, RESTRICTED_X\n/);
    expect(out).toMatch(/\+12025550002 +P2 .* on +RESTRICTED_X\n/);
    expect(out).toMatch(/\+12025550009 +\? /);
    expect(out).toContain('The identity check is off for 1 of these');
  });

  it('says of one its history and coverage', async () => {
    const { code, out } = await numbers('P1');
    expect(code).toBe(0);
    expect(out).toMatch(/Check +off: of the newest 4 messages 0 carried a key hash; none ever did/);
    expect(out).toMatch(/DAY +MESSAGES +WITH HASH +SHARE\n\d{4}-\d\d-\d\d +4 +0 +0 %/);
    expect(out).toMatch(/number +phone_number.quality_changed +event=FLAGGED limit=TIER_1K/);
    expect((await numbers('nobody')).code).toBe(3);
  });

  it('says of one what went past the gate, and nothing where nothing did', async () => {
    expect((await numbers('P2')).out).not.toMatch(/^Gate /m);
    await world.pool.query(
      `insert into ungated_day (day, phone_number_id, messages) select $1::date - ago, 'P2', messages from (values (1, 3), (4, 2), (29, 1)) as d(ago, messages)`,
      [NOW.toISOString().slice(0, 10)],
    );
    const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString().slice(0, 10);
    expect((await numbers('P2')).out).toContain(`Gate       6 sent past it since ${ago(29)}, the last on ${ago(1)}: nothing judged them\n`);
  });

  it('keyturn doctor says so too, with the way out, of each number that sends through the gate; and that it can’t be seen without the console', async () => {
    const ours = graphWorld(['P1', 'P2', 'nobody wrote to it'].map((id) => graphNumber(id)));
    const platform = await startGraphServer(ours);
    const env = { WHATSAPP_GRAPH_URL: platform.url, WHATSAPP_ACCESS_TOKEN: GRAPH_TOKEN };
    const { code, out } = await keyturn(['doctor'], env);
    const blind = await keyturn(['doctor'], { ...env, KEYTURN_API_KEY: 'kt_no_such_key' });
    await platform.close();
    expect({ code, past: out.split('\n').filter((line) => line.includes('past the gate')) }).toEqual({
      code: 7,
      past: [
        '  ✓ past the gate: nothing goes through it',
        expect.stringMatching(/^ {2}✗ past the gate: 6 sent since \S{10}, the last on \S{10}$/),
      ],
    });
    expect(out).toContain('point it at the gate');
    expect(blind).toMatchObject({
      code: 0,
      out: expect.stringMatching(/gate\n {2}\? past the gate: can't be read: the console does not say\./),
    });
  });
});
