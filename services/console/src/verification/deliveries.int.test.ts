import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { metrics } from '@keyturn/runtime';
import { until } from '@keyturn/testkit';
import { businessEndpoint } from '@keyturn/testkit/business-endpoint';
import { ADMIN_KEY } from '../console.fixture.ts';
import { start } from '../start.ts';
import { type Asking, askingEnv, askingWorld, says } from './asking.fixture.ts';

let world: Asking;
beforeAll(async () => {
  world = await askingWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.business.behaviour = 200;
  world.business.script = null;
});

const requestOf = async (contactId: string) => {
  await until('there is a request', async () => (await world.verifications(contactId)).length > 0);
  return (await world.verifications(contactId))[0]?.requestId as string;
};
const failed = (contactId: string) =>
  until('an attempt failed', async () => ((await world.verifications(contactId))[0]?.lastDelivery?.outcome ?? null) !== null);

describe('an endpoint that does not take a request', () => {
  it.each([
    ['answers 500', 500, 'status', 500],
    ['answers 404', 404, 'status', 404],
    ['breaks the connection off', 'reset', 'unreachable', null],
    ['says nothing', 'hold', 'timeout', null],
  ] as const)(
    'and %s gets it again, the same bytes under the same id, once it takes it, and each attempt is on record',
    async (_case, behaviour, outcome, httpStatus) => {
      world.business.behaviour = behaviour;
      const { contactId } = await world.block();
      await failed(contactId);
      world.business.behaviour = 200;
      const requestId = await requestOf(contactId);
      await until('it is delivered', async () => (await world.detail(requestId)).status === 'delivered');
      const { deliveries, attempts, deliveredAt } = await world.detail(requestId);
      const got = world.business.requests.filter(({ webhookId }) => webhookId === requestId);
      expect(got.length).toBeGreaterThan(1);
      expect(new Set(got.map(({ body }) => body)).size).toBe(1);
      expect(got.map(({ verified }) => verified)).toEqual(got.map(() => true));
      expect(deliveries).toHaveLength(attempts);
      expect(deliveries[0]).toMatchObject({ attempt: attempts, outcome: 'delivered', httpStatus: 200, endedAt: deliveredAt });
      expect(deliveries.at(-1)).toMatchObject({ attempt: 1, outcome, httpStatus });
      world.business.release();
    },
  );

  it('but sends it elsewhere, has it failed: nothing goes there', async () => {
    const inside = await businessEndpoint();
    world.business.behaviour = { redirectTo: inside.url };
    const { contactId } = await world.block();
    await failed(contactId);
    expect((await world.verifications(contactId))[0]?.lastDelivery).toMatchObject({ outcome: 'redirect', httpStatus: 307 });
    expect(inside.requests).toEqual([]);
    world.business.behaviour = 200;
    await until('it is delivered', async () => (await world.verifications(contactId))[0]?.status === 'delivered');
    await inside.close();
  });

  it('and goes on so is left alone but for a call now and then, and is seen to fail', async () => {
    world.business.behaviour = 500;
    const openings = await metric('keyturn_breaker_openings_total{breaker="verification:app"}');
    const people = await world.blockSome(12);
    await until('all wait', async () => (await metric('keyturn_verifications_waiting{endpoint="app"}')) === 12);
    await until('the breaker opened', async () => (await metric('keyturn_breaker_openings_total{breaker="verification:app"}')) > openings);
    expect(await metric('keyturn_verifications_oldest_seconds{endpoint="app"}')).toBeGreaterThan(0);
    world.business.behaviour = 200;
    await until('all are delivered', async () => (await metric('keyturn_verifications_waiting{endpoint="app"}')) === 0);
    for (const { contactId } of people) expect((await world.verifications(contactId))[0]).toMatchObject({ status: 'delivered' });
    expect(await metric('keyturn_verification_deliveries_total{endpoint="app",outcome="status"}')).toBeGreaterThan(0);
  });

  it('holds up no other', async () => {
    const well = await businessEndpoint();
    const slow = await businessEndpoint();
    slow.behaviour = 'hold';
    const own = await askingWorld({ VERIFICATION_PRIVATE_ORIGINS: `${well.origin},${slow.origin}`, VERIFICATION_TIMEOUT_MS: '20000' });
    const endpoints = [
      { name: 'app', url: slow.url },
      { name: 'branch', url: well.url },
    ];
    await own.rules({ endpoints });
    await own.blockSome(20);
    await until('the slow one has all that it may have', async () => slow.requests.length === 16);
    await own.rules({ endpoints, rules: [{ name: 'all', endpoint: 'branch' }] });
    await own.blockSome(20);
    await until('the other has all', async () => well.requests.length === 20);
    expect(slow.requests).toHaveLength(16);
    slow.release();
    for (const one of [own, well, slow]) await ('stop' in one ? one.stop() : one.close());
  });
});

it('an answer that comes before the endpoint has said that it took the request counts', async () => {
  world.business.behaviour = 'hold';
  const { contactId } = await world.block();
  const { requested } = await world.asked(contactId);
  expect(await world.business.answer(requested, says('same_person'))).toMatchObject({
    status: 200,
    body: { identity: { status: 'clear' } },
  });
  world.business.release();
  await until('the attempt ended', async () => ((await world.verifications(contactId))[0]?.lastDelivery?.endedAt ?? null) !== null);
  expect((await world.verifications(contactId))[0]).toMatchObject({ status: 'answered', attempts: 1 });
});

it('two consoles bring each request once', async () => {
  const second = await start({
    ...askingEnv(world.business),
    DATABASE_URL: world.databaseUrl,
    CONSOLE_PORT: '0',
    KEYTURN_ADMIN_API_KEY: ADMIN_KEY,
  });
  try {
    const people = await world.blockSome(40);
    for (const { contactId } of people) await world.asked(contactId);
    await until('all are on record', async () =>
      (await Promise.all(people.map(({ contactId }) => world.verifications(contactId)))).every(([one]) => one?.status === 'delivered'),
    );
    const counts = people.map(
      ({ contactId }) => world.business.requests.filter(({ requested }) => requested.data.contactId === contactId).length,
    );
    expect(counts).toEqual(people.map(() => 1));
  } finally {
    await second.stop();
  }
});

const metric = async (series: string): Promise<number> => {
  const line = (await metrics.scrape()).split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.split(' ').at(-1) ?? 0);
};
