import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import { GRAPH_APP, GRAPH_TOKEN, type GraphServer, graphNumber, graphWorld, startGraphServer } from '@keyturn/testkit';
import { connectGraph, type Graph, type GraphOptions } from './graph-client.ts';

const NUMBER = '106540352242922';
let server: GraphServer;
let graph: Graph;
const connect = (changes: Partial<GraphOptions> = {}) =>
  connectGraph({ url: server.url, version: 'v25.0', accessToken: GRAPH_TOKEN, backoffFirstMs: 1, ...changes });
const codeOf = (error: unknown) => (error instanceof AppError ? error.code : error);

beforeEach(async () => {
  server = await startGraphServer(graphWorld([graphNumber(NUMBER)]));
  graph = connect();
});
afterEach(async () => {
  await graph.close();
  await server.close();
});

describe('what comes back', () => {
  it('a success is a value, with the version in the path and the token in a header alone', async () => {
    const answer = await graph.get(`${NUMBER}`, { fields: 'display_phone_number' });
    expect(answer).toEqual({ kind: 'ok', body: { display_phone_number: '+1 631-555-5555', id: NUMBER } });
    expect(server.requests.map(({ query }) => query).join()).not.toContain(GRAPH_TOKEN);
  });

  it('a refusal is a value, with the code and what support asks for', async () => {
    const answer = await graph.get('1');
    expect(answer).toMatchObject({ kind: 'refused', refusal: { httpStatus: 400, code: 100, subcode: 33, fbtraceId: expect.any(String) } });
  });

  it('a partial failure brings what was done and what was not', async () => {
    server.world.wabas[0]?.numbers[0]?.recentWriters.add('16505551234');
    const users = [{ user: '+16505551234' }, { user: '+16505559999' }];
    const answer = await graph.post(`${NUMBER}/block_users`, { messaging_product: 'whatsapp', block_users: users });
    expect(answer).toMatchObject({
      kind: 'refused',
      refusal: { code: 139_100 },
      body: {
        block_users: { added_users: [{ wa_id: '16505551234' }], failed_users: [{ wa_id: '16505559999', errors: [{ code: 131_047 }] }] },
      },
    });
  });

  it('a token that the platform quotes back is not said', async () => {
    const stranger = 'EAAstrangerTokenThatNobodyKnows0001';
    const other = connect({ accessToken: stranger });
    const answer = await other.get(NUMBER);
    await other.close();
    expect(answer).toMatchObject({ kind: 'refused', refusal: { code: 190, httpStatus: 401 } });
    expect(JSON.stringify(answer.kind === 'refused' && answer.refusal)).not.toContain(stranger);
  });

  it('an app that asks for proof gets it', async () => {
    const [app] = server.world.apps;
    if (app) app.requiresProof = true;
    expect(await graph.get(NUMBER)).toMatchObject({ kind: 'refused', refusal: { code: 100 } });
    const proving = connect({ appSecret: GRAPH_APP.secret });
    expect(await proving.get(NUMBER)).toMatchObject({ kind: 'ok' });
    await proving.close();
  });
});

describe('what fails', () => {
  it.each([
    ['an inner error', { kind: 'internal', times: 2 }],
    ['a page of a proxy', { kind: 'not_json', times: 2 }],
    ['a connection that breaks', { kind: 'reset', times: 2 }],
  ] as const)('%s is tried again for a read', async (_what, fault) => {
    server.fail(fault);
    expect(await graph.get(NUMBER)).toMatchObject({ kind: 'ok' });
    expect(server.requests).toHaveLength(3);
  });

  it('a write is sent once, for nobody knows whether it came through', async () => {
    server.fail({ kind: 'reset_after', times: 1 });
    const body = { user_identity_change: { enable_identity_key_check: false } };
    await expect(graph.post(`${NUMBER}/settings`, body)).rejects.toMatchObject({ code: 'graph.unavailable' });
    expect(server.requests).toHaveLength(1);
    expect(server.world.wabas[0]?.numbers[0]?.identityCheck).toBe(false);
  });

  it('a write that may be repeated is', async () => {
    server.fail({ kind: 'reset_after', times: 1 });
    const body = { user_identity_change: { enable_identity_key_check: false } };
    expect(await graph.post(`${NUMBER}/settings`, body, { repeatable: true })).toMatchObject({ kind: 'ok' });
  });

  it('too many calls are not made more', async () => {
    server.fail({ kind: 'rate_limit' });
    await expect(graph.get(NUMBER)).rejects.toMatchObject({ code: 'graph.throttled', detail: { graphCode: 80_007 } });
    expect(server.requests).toHaveLength(1);
  });

  it('an answer that takes too long is none', async () => {
    server.fail({ kind: 'slow', delayMs: 60_000 });
    const hasty = connect({ timeoutMs: 50, attemptsMax: 1 });
    await expect(hasty.get(NUMBER)).rejects.toMatchObject({ code: 'graph.unavailable' });
    await hasty.close();
  });

  it('after failure upon failure the platform is left alone', async () => {
    server.fail({ kind: 'internal' });
    const once = connect({ attemptsMax: 1, name: 'graph-open' });
    const codes = await Promise.all(Array.from({ length: 10 }, () => once.get(NUMBER).catch(codeOf)));
    expect(codes).toEqual(Array.from({ length: 10 }, () => 'graph.unavailable'));
    await expect(once.get(NUMBER)).rejects.toMatchObject({ message: expect.stringContaining('left alone') });
    expect(server.requests).toHaveLength(10);
    await once.close();
  });
});

it('connections are kept, and no more of them opened than are allowed', async () => {
  const pooled = connect({ connectionsMax: 2 });
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 10 }, () => pooled.get(NUMBER)));
  expect(server.connections()).toBe(2);
  await pooled.close();
});
