import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type GateWorld, gateWorld, OURS } from './gate.fixture.ts';

let other: GateWorld;
beforeAll(async () => {
  other = await gateWorld({ GATE_OTHER_PATHS: 'pass' });
});
afterAll(() => other.stop());

it('calls that send nothing pass', async () => {
  await other.send({}, { path: `/v25.0/${OURS}/block_users` });
  expect(other.platform.requests).toHaveLength(1);
});
it.each([
  `/v25.0//${OURS}/messages`,
  `/v25.0/${OURS}/%6dessages`,
  `/v25.0/${OURS}/calls`,
  '/v25.0',
  '/v25.0/',
  `/v25.0/${OURS}?batch=[]`,
  `/v25.0/${OURS}/media?method=post`,
])('%s, by which something could be sent unjudged, does not pass', async (path) => {
  const before = other.platform.requests.length;
  expect((await other.send({ messaging_product: 'whatsapp', to: '491711', type: 'text' }, { path })).status).toBe(404);
  expect(other.platform.requests).toHaveLength(before);
});
it.each<[how: string, type: string, body: string]>([
  ['as JSON', 'application/json', '{"batch":[]}'],
  ['as a form', 'application/x-www-form-urlencoded', 'fields=id&batch=%5B%5D'],
  ['whatever it says that it is', 'text/plain', '{"method":"POST"}'],
  [
    'in parts',
    'multipart/form-data; boundary=0123456789abcdef',
    '--0123456789abcdef\r\ncontent-disposition: form-data; name="batch"\r\n\r\n[]\r\n--0123456789abcdef--',
  ],
])('what is turned into such a call by its body, %s, does not pass', async (_how, type, body) => {
  const before = other.platform.requests.length;
  const answer = await other.send(body, { path: '/v25.0/me', headers: { 'content-type': type } });
  expect([answer.status, answer.body.error.code]).toEqual([422, 100]);
  expect(other.platform.requests).toHaveLength(before);
});
