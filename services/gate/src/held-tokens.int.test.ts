import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { gateAt } from '@keyturn/client';
import { removePlatformToken, type Sealer, sealerOf, setPlatformToken, type TokenHolder } from '@keyturn/store';
import { GRAPH_TOKEN, message, until } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { type GateWorld, gateWorld, OURS } from './gate.fixture.ts';

const KEY = 'a-key-for-the-tokens-of-the-tests';
const sealer = sealerOf([KEY]) as Sealer;
const WABA = '102290129340398';
let world: GateWorld;
beforeAll(async () => {
  world = await gateWorld({ KEYTURN_TOKEN_KEY: KEY, GATE_OTHER_PATHS: 'pass' });
  await world.says(message({ waId: PERSON, wabaId: WABA, phoneNumberId: OURS, identityKeyHash: 'h1', at: Math.floor(Date.now() / 1000) }));
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.current();
  await world.pool.query('delete from platform_token');
  before = world.platform.requests.length;
});

let before = 0;
/** What the platform was asked in this test. */
const asked = () => world.platform.requests.slice(before);
const PERSON = '491750000001';
const text = { messaging_product: 'whatsapp', to: PERSON, type: 'text', text: { body: 'Hello' } };
const hold = (holder: TokenHolder, token = GRAPH_TOKEN, by = sealer) =>
  setPlatformToken(world.pool, by, { tokenId: v7(), holder, token }, 'key:test', new Date());
/** What a sender gets whose bearer this is, and nothing else. */
const sendAs = (bearer: string | null, path?: string) =>
  world.send(text, { key: null, headers: bearer === null ? {} : { authorization: `Bearer ${bearer}` }, ...(path ? { path } : {}) });
const once = (status: number, bearer = world.key) =>
  until(`a send is answered ${status}`, async () => (await sendAs(bearer)).status === status);

describe('with a key of ours as its bearer', () => {
  it.each<[string, TokenHolder]>([
    ['its number', { kind: 'number', id: OURS }],
    ['its WABA', { kind: 'waba', id: WABA }],
  ])('a sender sends with the token that is held of %s, and the platform never sees the key', async (_of, holder) => {
    await hold(holder);
    await once(200);
    expect(asked().at(-1)?.headers.authorization).toBe(`Bearer ${GRAPH_TOKEN}`);
    expect(JSON.stringify(asked())).not.toContain(world.key);
  });

  it('the token of the number counts before that of its WABA', async () => {
    await hold({ kind: 'waba', id: WABA }, 'a token that the platform does not know');
    await once(401);
    await hold({ kind: 'number', id: OURS });
    await once(200);
  });

  it('nothing goes out without one, nor within a second of its end', async () => {
    await once(403);
    const { tokenId } = await hold({ kind: 'number', id: OURS });
    await once(200);
    await removePlatformToken(world.pool, tokenId, 'key:test', new Date());
    await once(403);
    expect((await sendAs(world.key)).body.error).toMatchObject({
      code: 990_008,
      error_data: { details: expect.stringContaining('tokens set') },
    });
    expect((await world.pool.query('select sealed from platform_token')).rows).toEqual([{ sealed: null }]);
  });

  it('nor with one that this gate can’t open', async () => {
    await hold({ kind: 'number', id: OURS }, GRAPH_TOKEN, sealerOf(['another key than the gate has']) as Sealer);
    await once(403);
    expect(asked()).toEqual([]);
  });

  it('so does our own client', async () => {
    await hold({ kind: 'number', id: OURS });
    await once(200);
    const sent = await gateAt({ url: world.url, key: world.key }).send({ to: PERSON, type: 'text' }, { phoneNumberId: OURS });
    expect(sent).toMatchObject({ outcome: 'sent' });
  });

  it('it is judged as any other', async () => {
    await hold({ kind: 'number', id: OURS });
    await once(200);
    const { status, body } = await world.send(
      { ...text, to: '491759999999' },
      { key: null, headers: { authorization: `Bearer ${world.key}` } },
    );
    expect([status, body.error.code]).toEqual([403, 990_001]);
  });

  it('a proof that it made of its own bearer stays here', async () => {
    await hold({ kind: 'number', id: OURS });
    await once(200);
    await sendAs(world.key, `/v25.0/${OURS}/messages?appsecret_proof=00`);
    expect(asked().at(-1)).toMatchObject({ query: '' });
  });

  it.each([
    ['no account', `/v25.0/${WABA}/subscribed_apps`, 990_006],
    ['no number', `/v25.0/${OURS}`, 990_006],
    ['no other number', '/v25.0/999/media', 990_008],
    ['and no upload that is none', `/v25.0/${OURS}/media`, 100],
  ])('of other calls it may make %s', async (_what, path, code) => {
    await hold({ kind: 'number', id: OURS });
    await once(200);
    before = world.platform.requests.length;
    expect((await sendAs(world.key, path)).body.error.code).toBe(code);
    expect(asked()).toEqual([]);
  });

  const upload = async (fields: Readonly<Record<string, string | Blob>>) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    const headers = { authorization: `Bearer ${world.key}` };
    const answer = await fetch(`${world.url}/v25.0/${OURS}/media`, { method: 'POST', headers, body });
    return { status: answer.status, body: (await answer.json()) as { id?: string; error?: { code: number } } };
  };
  const file = new Blob([randomBytes(3 * 1024 * 1024)], { type: 'video/mp4' });

  it('it uploads media of any size, byte for byte', async () => {
    await hold({ kind: 'number', id: OURS });
    await once(200);
    expect(await upload({ messaging_product: 'whatsapp', type: 'video/mp4', file })).toMatchObject({
      status: 200,
      body: { id: expect.stringMatching(/^\d+$/) },
    });
    const { body, headers } = asked().at(-1) ?? {};
    const form = await new Response(new Uint8Array(body as Buffer), {
      headers: { 'content-type': headers?.['content-type'] ?? '' },
    }).formData();
    const came = form.get('file') as File;
    expect([came.type, Buffer.from(await came.arrayBuffer()).equals(Buffer.from(await file.arrayBuffer()))]).toEqual(['video/mp4', true]);
    expect(headers?.['content-length']).toBe(String((body as Buffer).length));
  });

  it('and no upload by which something else is done with the token', async () => {
    await hold({ kind: 'number', id: OURS });
    await once(200);
    before = world.platform.requests.length;
    const batch = JSON.stringify([{ method: 'POST', relative_url: `${OURS}/messages`, body: `messaging_product=whatsapp&to=${PERSON}` }]);
    for (const fields of [
      { batch, file },
      { file, batch },
      { file, method: 'delete' },
      { file, access_token: 'x' },
    ])
      expect(await upload({ messaging_product: 'whatsapp', ...fields })).toMatchObject({ status: 422, body: { error: { code: 100 } } });
    expect(asked()).toEqual([]);
    expect((await upload({ messaging_product: 'whatsapp', file })).status).toBe(200);
  });
});

describe('both ways in stand side by side', () => {
  it.each<
    [
      guarantee: string,
      bearer: () => Promise<string | null> | string | null,
      key: (() => string) | null,
      status: number,
      code: number | undefined,
    ]
  >([
    ['the platform’s token with a key beside it', () => GRAPH_TOKEN, () => world.key, 200, undefined],
    ['a key alone', () => world.key, null, 200, undefined],
    ['the platform’s token alone is a bad token', () => GRAPH_TOKEN, null, 401, 190],
    ['a key that nobody has, alone, is one too', () => `kt_${'0'.repeat(16)}_${'a'.repeat(43)}`, null, 401, 190],
    ['half a key, even with a good one beside it', () => world.key.slice(0, 30), () => world.key, 401, 190],
    ['a key that may not send', () => world.keyFor('read'), null, 403, 990_004],
    ['a bad key beside the platform’s token', () => GRAPH_TOKEN, () => 'nonsense', 401, 990_003],
  ])('%s', async (_guarantee, bearer, key, status, code) => {
    await hold({ kind: 'number', id: OURS });
    await once(200);
    const authorization = `Bearer ${await bearer()}`;
    const answer = await world.send(text, { key: key === null ? null : key(), headers: { authorization } });
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
  });
});
