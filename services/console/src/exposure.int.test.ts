import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { consoleWorld, message, reached, type World } from './console.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
let numbers = 4915600000;
async function blocked(): Promise<{ waId: string; contactId: string; path: string }> {
  const waId = String(numbers++);
  await world.says(
    message({ waId, at: T, hash: 'A=' }),
    ...[10, 20, 30].map((at) => reached({ waId, at: T + at, wamid: `w${at}`, status: 'delivered', category: 'utility' })),
    message({ waId, at: T + 60, hash: 'B=' }),
    reached({ waId, at: T + 70, wamid: 'w70', status: 'read' }),
  );
  const { contactId } = await world.find(waId);
  return { waId, contactId, path: `/v1/contacts/${contactId}/identity/exposure` };
}

it('says what went out, from when to when, and pages through the messages', async () => {
  const { contactId, path } = await blocked();
  const { status, body, headers } = await world.call('GET', `${path}?limit=3`);
  expect({ status, cache: headers.get('cache-control') }).toEqual({ status: 200, cache: 'no-store' });
  expect(body).toMatchObject({
    ...{ contactId, blockedAt: '2026-03-01T00:01:00.000Z', decidedAt: null, sinceElsewhere: '2026-03-01T00:00:00.000Z' },
    since: [{ phoneNumberId: 'P1', at: '2026-03-01T00:00:00.000Z' }],
    beforeBlock: { sent: 0, delivered: 3, read: 0, failed: 0, byCategory: { utility: 3 } },
    afterBlock: { sent: 0, delivered: 0, read: 1, failed: 0, byCategory: { unknown: 1 } },
  });
  expect(body.items.map(({ wamid }) => wamid)).toEqual(['w70', 'w30', 'w20']);
  const next = await world.call('GET', `${path}?limit=3&cursor=${body.nextCursor}`);
  expect([next.body.items.map(({ wamid }) => wamid), next.body.nextCursor]).toEqual([['w10'], null]);
});

it('of a contact that was never blocked it is empty', async () => {
  const waId = String(numbers++);
  await world.says(message({ waId, at: T, hash: 'A=' }), reached({ waId, at: T + 1, wamid: 'w', status: 'read' }));
  const { contactId } = await world.find(waId);
  const { status, body } = await world.call('GET', `/v1/contacts/${contactId}/identity/exposure`);
  expect([status, body.blockedAt, body.items]).toEqual([200, null, []]);
});

it.each([
  ['an unknown contact', '/v1/contacts/01900000-0000-7000-8000-00000000ffff/identity/exposure', 404],
  ['no contactId', '/v1/contacts/4915600000/identity/exposure', 404],
  ['a cursor of another route', `/v1/contacts/{id}/identity/exposure?cursor=${Buffer.from('"7"').toString('base64url')}`, 422],
  ['no limit', '/v1/contacts/{id}/identity/exposure?limit=0', 422],
])('%s is refused', async (_case, path, expected) => {
  const { contactId } = await blocked();
  expect((await world.call('GET', path.replace('{id}', contactId))).status).toBe(expected);
});

it('needs a key that may read', async () => {
  const { path } = await blocked();
  expect((await world.call('GET', path, undefined, null)).status).toBe(401);
});
