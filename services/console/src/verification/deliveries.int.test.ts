import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { VerificationJson } from '@keyturn/contracts';
import { metrics } from '@keyturn/runtime';
import { until } from '@keyturn/testkit';
import { type Behaviour, businessEndpoint } from '@keyturn/testkit/business-endpoint';
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

/** How the first attempt that is seen to have failed did: the next may be under way at any moment. */
async function failed(contactId: string, of = world) {
  let last: VerificationJson['lastDelivery'] = null;
  await until('an attempt failed', async () => {
    last = (await of.verifications(contactId))[0]?.lastDelivery ?? null;
    return last !== null && last.outcome !== null;
  });
  return last;
}

describe('an endpoint that does not take a request', () => {
  const comesAgain = async (of: Asking, behaviour: Behaviour, first: { outcome: string; httpStatus: number | null }) => {
    of.business.behaviour = behaviour;
    const { contactId } = await of.block();
    await failed(contactId, of);
    of.business.behaviour = 200;
    const requestId = (await of.verifications(contactId))[0]?.requestId as string;
    await until('it is delivered', async () => (await of.detail(requestId)).status === 'delivered');
    const { deliveries, attempts, deliveredAt } = await of.detail(requestId);
    const got = of.business.requests.filter(({ webhookId }) => webhookId === requestId);
    expect(got.length).toBeGreaterThan(1);
    expect(new Set(got.map(({ body }) => body)).size).toBe(1);
    expect(got.map(({ verified }) => verified)).toEqual(got.map(() => true));
    expect(deliveries).toHaveLength(attempts);
    expect(deliveries[0]).toMatchObject({ attempt: attempts, outcome: 'delivered', httpStatus: 200, endedAt: deliveredAt });
    expect(deliveries.at(-1)).toMatchObject({ attempt: 1, ...first });
  };
  it.each([
    ['answers 500', 500, { outcome: 'status', httpStatus: 500 }],
    ['answers 404', 404, { outcome: 'status', httpStatus: 404 }],
    ['breaks the connection off', 'reset', { outcome: 'unreachable', httpStatus: null }],
  ] as const)(
    'and %s gets it again, the same bytes under the same id, once it takes it, and each attempt is on record',
    (_case, behaviour, first) => comesAgain(world, behaviour, first),
  );

  it('and says nothing gets it again so, too', async () => {
    const hasty = await askingWorld({ VERIFICATION_TIMEOUT_MS: '500' });
    await comesAgain(hasty, 'hold', { outcome: 'timeout', httpStatus: null });
    await hasty.stop();
  });

  it('but sends it elsewhere, has it failed: nothing goes there', async () => {
    const inside = await businessEndpoint();
    world.business.behaviour = { redirectTo: inside.url };
    const { contactId } = await world.block();
    expect(await failed(contactId)).toMatchObject({ outcome: 'redirect', httpStatus: 307 });
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
    const own = await askingWorld({ VERIFICATION_PRIVATE_ORIGINS: `${well.origin},${slow.origin}` });
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
