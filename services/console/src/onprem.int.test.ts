import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { consoleWorld, holdSlice, message, type World } from './console.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
const get = (waId: string) => world.call('GET', `/onprem/v1/contacts/${waId}/identity`);
const put = (waId: string, hash: string) => world.call('PUT', `/onprem/v1/contacts/${waId}/identity`, { hash });
const answer = (hash: string, at: number, acknowledged: boolean) => ({
  status: 200,
  body: { contacts: { hash, created_timestamp: at * 1000, acknowledged } },
});

it('hash, since when in whole milliseconds, and whether it is acknowledged, through a change', async () => {
  const waId = '5511987650000';
  await world.says(message({ waId, at: T, hash: 'A=' }));
  expect(await get(waId)).toMatchObject(answer('A=', T, true));
  expect(await put(waId, 'A=')).toMatchObject({ status: 200, body: {} }); // accepted already
  expect(await put(waId, 'B=')).toMatchObject({ status: 409 });
  await world.says(message({ waId, at: T + 60, hash: 'B=' }));
  expect(await get(waId)).toMatchObject(answer('B=', T + 60, false));
  expect(await put(waId, 'A=')).toMatchObject({
    status: 409,
    body: { code: 'identity.conflict', identity: { status: 'blocked', keyHash: 'B=' } },
  });
  expect(await put('551187650000', 'B=')).toMatchObject({ status: 200, body: {} }); // the same number, spelled as it was once
  expect(await get(waId)).toMatchObject(answer('B=', T + 60, true));
  expect(await put(encodeURIComponent('+55 (11) 98765-0000'), 'B=')).toMatchObject({ status: 200, body: {} });
  expect(await get(encodeURIComponent('٠٠٥٥١١٩٨٧٦٥٠٠٠٠'))).toMatchObject(answer('B=', T + 60, true));
  const { contactId } = await world.find(waId);
  const { rows } = await world.pool.query('select verdict, reason, actor from identity_decision where contact_id = $1', [contactId]);
  expect(rows).toEqual([{ verdict: 'same_person', reason: 'onprem', actor: 'key:bootstrap' }]);
});

it('the same hash put many times at once is acknowledged once, and taken every time', async () => {
  const waId = '4915400001';
  await world.says(message({ waId, at: T, hash: 'A=' }), message({ waId, at: T + 60, hash: 'B=' }));
  const { contactId } = await world.find(waId);
  const row = await holdSlice(world, contactId);
  const answers = Array.from({ length: 4 }, () => put(waId, 'B='));
  await row.waiting(answers.length);
  await row.release();
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await world.pool.query('select 1 from identity_decision where contact_id = $1', [contactId])).rowCount).toBe(1);
});

it('404 where the number, or its hash, is not known; 422 without a hash', async () => {
  await world.says(message({ waId: '4915400002', at: T }));
  for (const waId of ['4915499999', '4915400002', 'x']) {
    expect(await get(waId)).toMatchObject({ status: 404, body: { code: 'contact.not_found' } });
    expect(await put(waId, 'A=')).toMatchObject({ status: 404 });
  }
  const { status, body } = await world.call('PUT', '/onprem/v1/contacts/4915400002/identity', { hash: '' });
  expect({ status, code: body.code }).toEqual({ status: 422, code: 'request.invalid' });
});

it('a block whose new hash nobody knows has none to acknowledge', async () => {
  const waId = '4915400003';
  const failed = { ...message({ waId, at: T }), type: 'status.reported', subject: 'delivery', status: 'failed', errorCodes: [137000] };
  await world.says(failed as never);
  expect(await get(waId)).toMatchObject({ body: { contacts: { hash: null, created_timestamp: T * 1000, acknowledged: false } } });
  expect(await put(waId, 'A=')).toMatchObject({ status: 409, body: { identity: { status: 'blocked' } } });
});
