import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@keyturn/testkit';
import { ADMIN_KEY, consoleWorld, message, type World } from './console.fixture.ts';

let world: World;
let contactId: string;
beforeAll(async () => {
  world = await consoleWorld();
  await world.says(message({ waId: '4915300099', at: 1e9, hash: 'A=' }), message({ waId: '4915300099', at: 1e9 + 60, hash: 'B=' }));
  ({ contactId } = await world.find('4915300099'));
});
afterAll(() => world.stop());

type Asked = { method?: string; body?: string | Buffer; headers?: Record<string, string>; key?: string };
/** A request whose path goes out as it is. */
async function ask(path: string, { method = 'GET', body, headers = {}, key = ADMIN_KEY }: Asked = {}) {
  const { hostname, port } = new URL(world.url);
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const asked = request({ hostname, port, path, method, headers: { authorization: `Bearer ${key}`, ...type, ...headers } });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode, headers: answer.headers, text };
}
const cursor = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url');
const NOBODY = '01900000-0000-7000-8000-000000000001';
/** Of a place with an instant ('Z'): one that can't be, and texts that can't be looked for. */
function cursorsLike(what: string, path: () => string, place: Record<string, string>): [string, number, () => [string]][] {
  const cursorOf = (instant: string, end: string) =>
    cursor(Object.fromEntries(Object.entries(place).map(([name, value]) => [name, value === 'Z' ? instant : value + end])));
  return [
    [`a cursor of ${what} in the year 0`, 422, () => [`${path()}?cursor=${cursorOf('0000-01-01T00:00:00Z', '')}`]],
    [`a cursor of ${what} with NUL`, 422, () => [`${path()}?cursor=${cursorOf('2026-01-01T00:00:00Z', '\0')}`]],
  ];
}
const decision = { keyHash: 'B=', version: 2, verdict: 'same_person', reason: 'in the branch' };
const acknowledge = (more: object | string | Buffer, headers: Record<string, string> = {}): [string, Asked] => [
  `/v1/contacts/${contactId}/identity/acknowledgements`,
  { method: 'POST', body: typeof more === 'string' || Buffer.isBuffer(more) ? more : JSON.stringify({ ...decision, ...more }), headers },
];
const search = (body: string | Buffer, headers: Record<string, string> = {}): [string, Asked] => [
  '/v1/contacts/search',
  { method: 'POST', body, headers },
];

describe('what can not be is named, and is nobody’s fault but the caller’s', () => {
  it.each<[string, number, () => [string, Asked?]]>([
    ['a parameter with brackets', 422, () => ['/v1/identity-changes?limit[]=1']],
    ['a parameter twice', 422, () => ['/v1/identity-changes?limit=1&limit=2']],
    ['a parameter as an object', 422, () => ['/v1/identity-changes?status[open]=1']],
    ['a parameter called __proto__', 422, () => ['/v1/identity-changes?__proto__=1']],
    ['a limit of a billion', 422, () => ['/v1/identity-changes?limit=1e9']],
    ['a limit that is none', 422, () => ['/v1/identity-changes?limit=NaN']],
    ['a cursor of somebody else', 422, () => ['/v1/identity-changes?cursor=%00%ff']],
    ['a cursor of the year 0', 422, () => [`/v1/identity-changes?cursor=${cursor({ blockedAt: '0000-01-01T00:00:00Z', contactId })}`]],
    ['a cursor that is deep', 422, () => [`/v1/identity-changes?cursor=${Buffer.from('['.repeat(5_000)).toString('base64url')}`]],
    ['a cursor of the timeline beyond all numbers', 422, () => [`/v1/contacts/${contactId}/timeline?cursor=${cursor('9'.repeat(19))}`]],
    ...cursorsLike('the ledger', () => `/v1/contacts/${contactId}/consents`, { at: 'Z', factId: 'x' }),
    ...cursorsLike('messages', () => `/v1/contacts/${contactId}/messages`, { at: 'Z', id: 'x' }),
    ...cursorsLike('exposure', () => `/v1/contacts/${contactId}/identity/exposure`, { at: 'Z', wamid: 'x' }),
    ...cursorsLike('blocks by choice', () => '/v1/business-blocks', { blockedAt: 'Z', contactId: NOBODY }),
    ...cursorsLike('decisions', () => '/v1/decisions', { decidedAt: 'Z', decisionId: NOBODY }),
    ['a cursor of our numbers with NUL', 422, () => [`/v1/phone-numbers?cursor=${cursor({ kind: 'number', id: 'a\u0000' })}`]],
    ['a cursor of templates with NUL', 422, () => [`/v1/templates?cursor=${cursor('a\u0000')}`]],
    ['an actor with NUL', 422, () => ['/v1/audit?actor=%00']],
    ['a WABA with NUL', 422, () => ['/v1/templates?wabaId=%00']],
    ['a number of ours with NUL', 422, () => ['/v1/identity-changes?phoneNumberId=%00']],
    ['a group with NUL', 422, () => ['/v1/dead-letters?group=%00']],
    ['a code with NUL', 422, () => ['/v1/dead-letters?code=%00']],
    ['consents of more than 2 MB', 413, () => ['/v1/consents', { method: 'POST', body: JSON.stringify({ items: 'x'.repeat(2_100_000) }) }]],
    ['consents that are no list', 422, () => ['/v1/consents', { method: 'POST', body: '{"phoneNumberId":"P1","items":{"0":{}}}' }]],
    ['NUL in a reason', 422, () => acknowledge({ reason: 'a\u0000b' })],
    ['half of a surrogate pair in a note', 422, () => acknowledge({ note: '\ud800' })],
    ['NUL in a URL', 422, () => acknowledge({ evidenceUrl: 'https://a.test/\u0000' })],
    ['a script as a URL', 422, () => acknowledge({ evidenceUrl: 'javascript:alert(1)' })],
    ['a version beyond all numbers', 422, () => acknowledge({ version: 1e300 })],
    ['prototype keys', 422, () => acknowledge(`{"__proto__":{"keyHash":"B="},"constructor":{},"version":2}`)],
    ['NUL in a BSUID', 422, () => search('{"bsuid":"\\u0000"}')],
    ['a name of wildcards', 200, () => search('{"name":"%_%"}')],
    ['the year 0', 200, () => search('{"waId":"4915300099","at":"0000-01-01T00:00:00Z"}')],
    ['JSON that is a string', 422, () => search('"waId"')],
    ['JSON that is null', 422, () => search('null')],
    ['brackets, 32,000 deep', 400, () => search('['.repeat(32_000) + ']'.repeat(32_000))],
    ['no JSON', 400, () => search('{"waId":')],
    ['nothing', 400, () => search('')],
    ['bytes that are no UTF-8', 400, () => search(Buffer.from([0x22, 0xff, 0x22]))],
    ['a form', 400, () => search('waId=4915300099', { 'content-type': 'application/x-www-form-urlencoded' })],
    ['text', 400, () => search('{"waId":"4915300099"}', { 'content-type': 'text/plain' })],
    ['more than 64 kB', 413, () => search(JSON.stringify({ name: 'x'.repeat(70_000) }))],
    ['a bomb', 415, () => search(gzipSync(Buffer.alloc(10_000_000)), { 'content-encoding': 'gzip' })],
    ['a method that is not there', 404, () => [`/v1/contacts/${contactId}`, { method: 'PATCH' }]],
    ['OPTIONS', 404, () => ['/v1/keys', { method: 'OPTIONS' }]],
    ['a path that climbs', 404, () => ['/v1/contacts/../../../etc/passwd']],
    ['a path that climbs, encoded', 404, () => ['/v1/contacts/..%2f..%2fetc%2fpasswd']],
    ['NUL in a path', 404, () => ['/v1/contacts/%00']],
    ['NUL as a key', 404, () => ['/v1/keys/%00', { method: 'DELETE' }]],
    ['NUL as a number', 404, () => ['/onprem/v1/contacts/%00/identity']],
    ['a header in a path', 404, () => ['/v1/keys/x%0d%0aset-cookie:%20a=b', { method: 'DELETE' }]],
    ['a path that can not be read', 400, () => ['/v1/contacts/%ff']],
    ['a key with blanks', 401, () => ['/v1/keys', { key: `${ADMIN_KEY} ${ADMIN_KEY}` }]],
    ['a key of 15 kB', 401, () => ['/v1/keys', { key: 'k'.repeat(15_000) }]],
    ['another scheme', 401, () => ['/v1/keys', { headers: { authorization: `Basic ${ADMIN_KEY}` } }]],
  ])('%s: %d', async (_case, status, asked) => {
    const answer = await ask(...asked());
    expect([answer.status, answer.text]).toEqual([status, expect.any(String)]);
    expect(answer.headers['set-cookie']).toBeUndefined();
    if (status >= 400) {
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(JSON.parse(answer.text)).toMatchObject({ status, detail: expect.stringMatching(/\w.*[.]$/) });
      expect(answer.text).not.toMatch(/postgres|invalid byte|pg_|node_modules/);
    }
  });

  it('nothing of it was decided', async () =>
    expect((await world.find('4915300099')).identity).toMatchObject({ status: 'blocked', version: 2 }));
});

describe('however many guess keys, or hold connections', () => {
  const guess = () => `kt_${randomBytes(8).toString('hex')}_${randomBytes(32).toString('base64url')}`;
  const lookUps = async () => {
    const waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database() and query like $1";
    return (await world.pool.query(waiting, ['%from api_key%'])).rowCount ?? 0;
  };

  it('those with a good key are answered', async () => {
    const { key } = (await world.call('POST', '/v1/keys', { name: 'a reader', scopes: ['read'] })).body;
    expect((await ask('/v1/identity-changes', { key })).status).toBe(200);
    let over = false;
    const statuses = new Set<number | undefined>();
    const flood = Array.from({ length: 150 }, async () => {
      while (!over) statuses.add((await ask('/v1/identity-changes', { key: guess() })).status);
    });
    for (let i = 0; i < 50; i += 1) expect((await ask('/v1/identity-changes', { key })).status).toBe(200);
    over = true;
    await Promise.all(flood);
    expect([...statuses].sort()).toEqual([401, 503]);
  });

  it('the database sees two of those who guess at a time', async () => {
    const holder = await world.pool.connect();
    await holder.query('begin; lock table api_key in access exclusive mode');
    const guesses = Array.from({ length: 50 }, () => ask('/v1/identity-changes', { key: guess() }));
    await until('keys are looked up', async () => (await lookUps()) >= 2);
    for (let i = 0; i < 20; i += 1) expect((await ask('/auth/methods')).status).toBe(200); // by then the guesses were read too
    expect(await lookUps()).toBe(2);
    await holder.query('rollback');
    holder.release();
    expect(new Set((await Promise.all(guesses)).map(({ status }) => status))).toEqual(new Set([401]));
  });

  it('3,000 silent connections keep nobody out', async () => {
    const { hostname, port } = new URL(world.url);
    const silent = Array.from({ length: 3_000 }, () => connect(Number(port), hostname).on('error', () => undefined));
    for (let i = 0; i < 20; i += 1) expect((await ask('/v1/identity-changes')).status).toBe(200);
    for (const socket of silent) socket.destroy();
  });
});
