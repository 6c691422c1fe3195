import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consoleWorld, message, type World } from './console.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
const nobody = '01900000-0000-7000-8000-000000000001';
let numbers = 4915600000;
/** A message that identity could not take in. */
async function deadLetter() {
  const waId = String(numbers++);
  const { mend } = await world.poison('POISON');
  await world.says(message({ waId, at: T, hash: 'POISON=' }));
  await mend();
  const { items } = (await world.call('GET', '/v1/dead-letters?limit=200')).body;
  const { contactId } = await world.find(waId);
  const letter = items.find((one) => one.contactId === contactId);
  if (letter === undefined) throw new Error('nothing was dead-lettered');
  return { ...letter, waId };
}
const redrive = (body: object, key?: string) => world.call('POST', '/v1/dead-letters/redrive', body, key);
const discard = (body: object) => world.call('POST', '/v1/dead-letters/discard', body);

it('a list says what failed on whom, without a number; one alone says all, and is not to be cached', async () => {
  const { deadLetterId, waId, ...listed } = await deadLetter();
  expect(listed).toMatchObject({ group: 'identity', topic: 'whatsapp.inbound.v1', code: 'store.data', status: 'open', decision: null });
  expect(listed.cause).toContain('poison');
  const list = await world.call('GET', '/v1/dead-letters?group=identity&code=store.data');
  expect(JSON.stringify(list.body)).not.toContain(waId);
  expect((await world.call('GET', '/v1/dead-letters?group=consent')).body.items).toEqual([]);
  const { status, body, headers } = await world.call('GET', `/v1/dead-letters/${deadLetterId}`);
  expect({ status, event: body.event }).toMatchObject({
    status: 200,
    event: { type: 'message.received', waId, identityKeyHash: 'POISON=' },
  });
  expect(headers.get('cache-control')).toBe('no-store');
});

it('pages have every one exactly once, the oldest first', async () => {
  for (let i = 0; i < 5; i++) await deadLetter();
  const all = (await world.call('GET', '/v1/dead-letters?limit=200')).body.items.map(({ deadLetterId }) => deadLetterId);
  const paged: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body } = await world.call('GET', `/v1/dead-letters?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    paged.push(...body.items.map(({ deadLetterId }) => deadLetterId));
    cursor = body.nextCursor;
  }
  expect(paged).toEqual(all);
  expect(all).toEqual([...all].sort());
});

it('a decision is taken once, by whom the key names, and what it came to can be asked', async () => {
  const letters = [await deadLetter(), await deadLetter(), await deadLetter()];
  const [first, second, third] = letters.map(({ deadLetterId }) => deadLetterId) as [string, string, string];
  const { key, keyId } = (await world.call('POST', '/v1/keys', { name: 'platform', scopes: ['admin'] })).body;
  const taken = await redrive({ ids: [first.toUpperCase(), second], reason: 'the constraint is gone' }, key);
  expect(taken).toMatchObject({
    status: 200,
    body: { decided: 2, refused: [], nextCursor: null, action: 'redrive', actor: `key:${keyId}` },
  });
  const again = await redrive({ ids: [first, third], reason: 'again' }, key);
  expect(again).toMatchObject({ status: 200, body: { decided: 1, refused: [{ deadLetterId: first, status: 'requested' }] } });
  const conflict = await redrive({ ids: [first, second, nobody], reason: 'once more' });
  expect(conflict).toMatchObject({
    status: 409,
    body: {
      code: 'dead_letter.conflict',
      refused: [{ status: 'requested' }, { status: 'requested' }, { deadLetterId: nobody, status: 'not_found' }],
    },
  });
  expect(await discard({ ids: [nobody], reason: 'x' })).toMatchObject({ status: 404, body: { code: 'dead_letter.not_found' } });
  expect(await world.call('GET', `/v1/dead-letter-decisions/${taken.body.decisionId.toUpperCase()}`)).toMatchObject({
    status: 200,
    body: { reason: 'the constraint is gone', letters: { requested: 2, open: 0, redriven: 0, discarded: 0 } },
  });
  const requested = (await world.call('GET', '/v1/dead-letters?status=requested&limit=200')).body.items;
  expect(requested.find(({ deadLetterId }) => deadLetterId === third)?.decision).toMatchObject({ reason: 'again' });
});

it('a filter means the open ones of its group and code, and none is no conflict', async () => {
  await deadLetter();
  expect(await discard({ filter: { group: 'contact' }, reason: 'none' })).toMatchObject({ status: 200, body: { decided: 0, refused: [] } });
  const { body } = await discard({ filter: { group: 'identity', code: 'store.data' }, reason: 'tests' });
  expect(body.decided).toBeGreaterThan(0);
  expect((await world.call('GET', '/v1/dead-letters')).body.items).toEqual([]);
});

describe('422 names what can’t be', () => {
  it.each([
    ['status=lost', 'status'],
    ['group=gate', 'group'],
    ['code=nothing', 'code'],
    ['sort=newest', 'sort'],
    ['cursor=nonsense', 'cursor'],
  ])('in a query: %s', async (query, named) => {
    const { status, body } = await world.call('GET', `/v1/dead-letters?${query}`);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'request.invalid' });
    expect(body.detail).toContain(named);
  });

  it.each([
    ['no reason', { ids: [nobody] }, 'reason'],
    ['a blank reason', { ids: [nobody], reason: ' ' }, 'reason'],
    ['neither ids nor filter', { reason: 'x' }, 'exactly one of ids, filter'],
    ['both', { ids: [nobody], filter: {}, reason: 'x' }, 'exactly one of ids, filter'],
    ['no ids', { ids: [], reason: 'x' }, 'ids'],
    ['too many ids', { ids: Array.from({ length: 1_001 }, () => nobody), reason: 'x' }, 'ids'],
    ['an id that is none', { ids: ['x'], reason: 'x' }, 'ids'],
    ['a cursor with ids', { ids: [nobody], cursor: nobody, reason: 'x' }, 'cursor'],
    ['a filter that nobody knows', { filter: { contact: 'x' }, reason: 'x' }, 'contact'],
  ])('in a body: %s', async (_what, body, named) => {
    const answer = await redrive(body);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 422, code: 'request.invalid' });
    expect(answer.body.detail).toContain(named);
  });

  it.each([`/v1/dead-letters/${nobody}`, '/v1/dead-letters/x', `/v1/dead-letter-decisions/${nobody}`])('404: %s', async (path) =>
    expect(await world.call('GET', path)).toMatchObject({ status: 404, body: { code: 'dead_letter.not_found' } }),
  );
});
