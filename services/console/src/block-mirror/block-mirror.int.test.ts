import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectGraph, type Graph } from '@keyturn/runtime';
import { GRAPH_APP, GRAPH_TOKEN, type GraphServer, graphNumber, graphWorld, startGraphServer } from '@keyturn/testkit';
import { ADMIN_KEY, changedNumber, consoleWorld, message, type World } from '../console.fixture.ts';
import { start } from '../start.ts';
import { mirrorOnce } from './mirror-once.ts';

let world: World;
let platform: GraphServer;
let graph: Graph;
let seen = 0;
/** What the platform was asked in this test. */
const requests = () => platform.requests.slice(seen);
const numbersOf = ({ world: { wabas } }: GraphServer) => wabas.flatMap(({ numbers }) => numbers);
const numberOf = (id: string) => numbersOf(platform).find((number) => number.id === id) as ReturnType<typeof graphNumber>;
beforeAll(async () => {
  world = await consoleWorld();
  platform = await startGraphServer(graphWorld([graphNumber('P1'), graphNumber('P2')]));
});
beforeEach(async () => {
  graph = connectGraph({ url: platform.url, version: 'v25.0', accessToken: GRAPH_TOKEN, backoffFirstMs: 1, attemptsMax: 2 });
  platform.fail(null);
  platform.world.blockedMax = 64_000;
  await world.pool.query('truncate block_mirror, block_mirror_due');
  for (const { blocked } of numbersOf(platform)) blocked.clear();
  seen = platform.requests.length;
});
afterEach(() => graph.close());
afterAll(async () => {
  await platform.close();
  await world.stop();
});

const NOW = Math.floor(Date.now() / 1000);
const HOUR = 3600;
let last = 4917200000;
const newNumber = () => String(last++);
type Ids = { waId?: string; bsuid?: string };
/** They write to our number, of which the platform takes notice too. */
async function writes(ids: Ids, ago = 60, on = 'P1') {
  if (ago < 24 * HOUR) numberOf(on).recentWriters.add(ids.waId ?? (ids.bsuid as string));
  await world.says(message({ ...ids, at: NOW - ago, on }));
}
async function contactOf({ waId, bsuid }: Ids): Promise<string> {
  const { items } = (await world.call('POST', '/v1/contacts/search', waId === undefined ? { bsuid } : { waId })).body;
  return items[0]?.contactId as string;
}
const path = (contactId: string) => `/v1/contacts/${contactId}/business-block`;
const set = (contactId: string) => world.call('PUT', path(contactId), { reason: 'fraud' });
const lift = (contactId: string) => world.call('DELETE', path(contactId), { reason: 'settled' });
const mirror = () => mirrorOnce(world.pool, graph, () => new Date());
/** As if the time until the next attempt were over. */
const later = () => world.pool.query("update block_mirror_due set due_at = now() - interval '1 s'");
const blockedOn = (id: string) => [...numberOf(id).blocked];
const rows = async () =>
  (await world.pool.query('select phone_number_id, identifier, mirrored_at, refused_code from block_mirror order by 1, 2')).rows;
const due = async () => Number((await world.pool.query('select count(*) from block_mirror_due')).rows[0]?.count);
async function blocked(ids: Ids = { waId: newNumber() }, ago = 60) {
  await writes(ids, ago);
  const contactId = await contactOf(ids);
  await set(contactId);
  return { ...ids, waId: ids.waId as string, contactId };
}

describe('what is blocked by choice is blocked at the platform', () => {
  it('on each number they wrote to today, and lifted with it', async () => {
    const waId = newNumber();
    await writes({ waId }, 60, 'P2');
    const { contactId } = await blocked({ waId });
    await mirror();
    expect([blockedOn('P1'), blockedOn('P2'), await due()]).toEqual([[waId], [waId], 0]);
    const { mirrored } = (await world.call('GET', path(contactId))).body;
    const there = { identifier: { kind: 'wa_id', value: waId }, mirroredAt: expect.any(String), refusedCode: null };
    expect(mirrored).toEqual([
      { phoneNumberId: 'P1', ...there },
      { phoneNumberId: 'P2', ...there },
    ]);
    await lift(contactId);
    await mirror();
    expect([blockedOn('P1'), blockedOn('P2'), await rows(), await due()]).toEqual([[], [], [], 0]);
  });

  it('by the id of who has no number', async () => {
    const bsuid = `XX.${newNumber()}`;
    await blocked({ bsuid });
    await mirror();
    expect(blockedOn('P1')).toEqual([bsuid]);
    expect(requests().at(-1)?.body).toEqual({ messaging_product: 'whatsapp', block_users: [{ user_id: bsuid }] });
  });

  it('who has not written for a day is asked for with their next message, and not before', async () => {
    const { waId } = await blocked({ waId: newNumber() }, 30 * HOUR);
    await mirror();
    expect(requests()).toEqual([]);
    await writes({ waId }, 1);
    await mirror();
    expect(blockedOn('P1')).toEqual([waId]);
  });

  it('the number that they left is let in, and the new one blocked once they write from it', async () => {
    const { waId } = await blocked();
    await mirror();
    const next = newNumber();
    await world.says(changedNumber(NOW - 30, waId, next));
    await mirror();
    expect(blockedOn('P1')).toEqual([]);
    await writes({ waId: next }, 1);
    await mirror();
    expect(blockedOn('P1')).toEqual([next]);
  });

  it('through a merger it stays, and one lift lets all in', async () => {
    const bsuid = `XX.${newNumber()}`;
    const one = await blocked({ bsuid });
    await mirror();
    const waId = newNumber();
    await writes({ waId });
    await writes({ waId, bsuid }, 30);
    await mirror();
    expect(blockedOn('P1').sort()).toEqual([waId, bsuid].sort());
    await lift(one.contactId);
    await mirror();
    expect([blockedOn('P1'), await rows()]).toEqual([[], []]);
  });

  it('many at once go in one request a number, and two processes ask for nobody twice', async () => {
    const people = [await blocked(), await blocked(), await blocked(), await blocked()];
    await Promise.all([mirror(), mirror()]);
    await mirror();
    expect(blockedOn('P1').sort()).toEqual(people.map(({ waId }) => waId).sort());
    const asked = requests().flatMap(({ body }) => (body as { block_users: object[] }).block_users);
    expect(asked).toHaveLength(people.length);
    expect(requests().length).toBeLessThanOrEqual(2);
  });
});

describe('where the platform does not do it', () => {
  it('what it refuses for one is done for the others, shown, and tried again', async () => {
    platform.world.blockedMax = 1;
    await blocked();
    await blocked();
    await mirror();
    expect(blockedOn('P1')).toHaveLength(1);
    expect((await rows()).map((row) => row.refused_code).sort()).toEqual([139_101, null].sort());
    expect(await due()).toBe(1);
    expect(await mirror()).toBe(0); // not at once
    platform.world.blockedMax = 2;
    await later();
    await mirror();
    expect([blockedOn('P1').length, await due()]).toEqual([2, 0]);
  });

  it('who has not written as the platform sees it waits for their next message', async () => {
    const { waId, contactId } = await blocked();
    numberOf('P1').recentWriters.delete(waId);
    await mirror();
    expect(await due()).toBe(0);
    expect(await rows()).toMatchObject([{ mirrored_at: null, refused_code: 131_047 }]);
    await writes({ waId }, 1);
    await mirror();
    expect(await rows()).toMatchObject([{ mirrored_at: expect.any(Date), refused_code: null }]);
    await lift(contactId);
    await mirror();
    expect(blockedOn('P1')).toEqual([]);
  });

  it.each(['internal', 'not_json', 'reset', 'rate_limit'] as const)(
    'it is away (%s): nobody is lost, and it is done once it is back',
    async (kind) => {
      const { waId } = await blocked();
      platform.fail({ kind });
      await mirror();
      expect([blockedOn('P1'), await due()]).toEqual([[], 1]);
      platform.fail(null);
      await later();
      await mirror();
      expect([blockedOn('P1'), await due()]).toEqual([[waId], 0]);
    },
  );

  it('it did it and nobody heard of it: lifted then, they are let in all the same', async () => {
    const { contactId, waId } = await blocked();
    platform.fail({ kind: 'reset_after' });
    await mirror();
    expect(blockedOn('P1')).toEqual([waId]);
    platform.fail(null);
    await lift(contactId);
    await mirror();
    expect([blockedOn('P1'), await rows(), await due()]).toEqual([[], [], 0]);
  });

  it('what is lifted while it is asked is let in afterwards', async () => {
    const { contactId } = await blocked();
    let lifted: Promise<unknown> | undefined;
    const slow: Graph = {
      ...graph,
      async post(...args) {
        const answer = await graph.post(...args);
        lifted = lift(contactId);
        await lifted;
        return answer;
      },
    };
    await mirrorOnce(world.pool, slow, () => new Date());
    expect(blockedOn('P1')).toHaveLength(1);
    await mirror();
    expect([blockedOn('P1'), await due()]).toEqual([[], 0]);
  });

  it('a process that died in the middle leaves its people to others, after a while', async () => {
    const { waId } = await blocked();
    const dies: Graph = { ...graph, post: () => new Promise(() => {}) };
    void mirrorOnce(world.pool, dies, () => new Date());
    while ((await rows()).length === 0);
    expect(await mirror()).toBe(0);
    const afterwards = new Date(Date.now() + 121_000);
    await mirrorOnce(world.pool, graph, () => afterwards);
    expect(blockedOn('P1')).toEqual([waId]);
  });
});

it('the console does it by itself where it is asked to, and proves that it is the app', async () => {
  const env = { DATABASE_URL: world.databaseUrl, CONSOLE_PORT: '0', KEYTURN_ADMIN_API_KEY: ADMIN_KEY, WHATSAPP_GRAPH_URL: platform.url };
  const asked = { ...env, BUSINESS_BLOCK_MIRROR: 'true' };
  await expect(start(asked)).rejects.toThrow(/WHATSAPP_ACCESS_TOKEN/);
  const app = platform.world.apps.find(({ id }) => id === GRAPH_APP.id) as (typeof platform.world.apps)[number];
  app.requiresProof = true;
  const console = await start({ ...asked, WHATSAPP_ACCESS_TOKEN: GRAPH_TOKEN, WHATSAPP_APP_SECRET: GRAPH_APP.secret });
  const { waId } = await blocked();
  while (!blockedOn('P1').includes(waId)) await new Promise((resolve) => setImmediate(resolve));
  await console.stop();
  app.requiresProof = false;
});
