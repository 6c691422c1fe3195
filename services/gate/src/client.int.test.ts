import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Decision, gateAt } from '@keyturn/client';
import type { DecisionJson } from '@keyturn/contracts';
import { GRAPH_TOKEN, message } from '@keyturn/testkit';
import { parcelApp } from '../../../packages/client/examples/express-app.ts';
import { type Job, work } from '../../../packages/client/examples/queue-worker.ts';
import { type GateWorld, gateWorld, OURS } from './gate.fixture.ts';
import { start } from './start.ts';

let world: GateWorld;
beforeAll(async () => {
  world = await gateWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.current());

let people = 491_800_000_000;
const nobody = () => String(people++);
const wrote = (waId: string, hash: string, secondsAgo = 0) => {
  const at = Math.floor(Date.now() / 1000) - secondsAgo;
  return message({ waId, phoneNumberId: OURS, identityKeyHash: hash, at, wamid: `wamid.${waId}.${hash}` });
};
const utility = (to: string) => ({ phoneNumberId: OURS, to, category: 'utility' as const });
const client = (more = {}) => gateAt({ url: world.url, key: world.key, ...more });
const codes = ({ reasons }: Pick<Decision, 'reasons'>) => reasons.map(({ code }) => code);
const text = (to: string) => ({ to, type: 'text', text: { body: 'Hello' } });
const options = { phoneNumberId: OURS, accessToken: GRAPH_TOKEN };

it('asks and sends as the gate answers', async () => {
  const [good, blocked] = [nobody(), nobody()];
  await world.says(wrote(good, 'h1'), wrote(blocked, 'h1', 10), wrote(blocked, 'h2'));
  const answer: DecisionJson = (await client().decide(utility(good))) as DecisionJson;
  expect(answer).toMatchObject({ decision: 'allow', identityKeyHash: 'h1' });
  expect(codes(await client().decide(utility(blocked)))).toEqual(['identity_blocked']);
  expect(await client().send(text(good), options)).toMatchObject({ outcome: 'sent', wamid: expect.stringMatching(/^wamid\./) });
  expect(await client().send(text(blocked), options)).toMatchObject({
    outcome: 'denied',
    retryable: false,
    reasons: [{ code: 'identity_blocked' }],
  });
  world.platform.world.refusals.set(good, { status: 400, code: 131_047, message: '(#131047) Re-engagement message' });
  expect(await client().send(text(good), options)).toMatchObject({ outcome: 'refused', status: 400, error: { code: 131_047 } });
  world.platform.fail({ kind: 'reset' });
  world.platform.world.refusals.clear();
  expect(await client().send(text(good), options)).toMatchObject({ outcome: 'unknown' });
  world.platform.fail(null);
});

it('knows that nothing went out where the platform could not be reached', async () => {
  const person = nobody();
  await world.says(wrote(person, 'h1'));
  const apart = await start({ DATABASE_URL: world.databaseUrl, GATE_PORT: '0', GATE_GRAPH_URL: 'http://127.0.0.1:1' });
  await world.current();
  expect(await client({ url: apart.url }).send(text(person), options)).toMatchObject({
    outcome: 'denied',
    retryable: true,
    reasons: [{ code: 'gate_unavailable' }],
  });
  await apart.stop();
});

it('asks about more than a thousand', async () => {
  const person = nobody();
  await world.says(wrote(person, 'h1'));
  const decisions = await client().decideAll(Array.from({ length: 1_500 }, () => utility(person)));
  expect(decisions.map(({ decision }) => decision)).toEqual(decisions.map(() => 'allow'));
});

describe('a gate that gives no answer is a no', () => {
  const allow = { decision: 'allow', reasons: [], shadowed: [], unanswered: [], contactId: null, identityKeyHash: null };
  it.each<[guarantee: string, status: number, body: string]>([
    ['an error', 500, '{}'],
    ['a page of somebody else', 200, '<html>'],
    ['nothing', 200, ''],
    ['an answer for fewer', 200, '{"items":[]}'],
    ['an answer that is neither yes nor no', 200, JSON.stringify({ items: [{ ...allow, decision: 'maybe' }] })],
    ['a yes with a reason against it', 200, JSON.stringify({ items: [{ ...allow, reasons: [{ code: 'opted_out' }] }] })],
    ['a yes behind an error', 503, JSON.stringify({ items: [allow] })],
  ])('%s', async (_guarantee, status, body) => {
    const server = createServer((_req, res) => res.writeHead(status).end(body)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const decision = await gateAt({ url, key: 'k' }).decide(utility('491'));
    expect([decision.decision, codes(decision)]).toEqual(['deny', ['gate_unavailable']]);
    server.closeAllConnections();
    server.close();
  });
  it('nobody there, too slow, a bad key', async () => {
    expect(codes(await client({ url: 'http://127.0.0.1:1' }).decide(utility('491')))).toEqual(['gate_unavailable']);
    expect(codes(await client({ timeoutMs: 1 }).decide(utility('491')))).toEqual(['gate_unavailable']);
    expect(codes(await client({ key: 'kt_none' }).decide(utility('491')))).toEqual(['gate_unavailable']);
    expect(await client({ url: 'http://127.0.0.1:1' }).send(text('491'), options)).toMatchObject({ outcome: 'unknown' });
  });
});

describe('the examples', () => {
  it('an express app tells its own caller why not', async () => {
    const [good, blocked] = [nobody(), nobody()];
    await world.says(wrote(good, 'h1'), wrote(blocked, 'h1', 10), wrote(blocked, 'h2'));
    const app = parcelApp({ gateUrl: world.url, key: world.key, ...options }).listen(0, '127.0.0.1');
    await new Promise((resolve) => app.once('listening', resolve));
    const post = async (to: string) => {
      const body = JSON.stringify({ to, slot: '14:00' });
      const answer = await fetch(`http://127.0.0.1:${(app.address() as AddressInfo).port}/parcels`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await post(good)).toMatchObject({ status: 202, body: { id: expect.stringMatching(/^wamid\./) } });
    expect(await post(blocked)).toMatchObject({ status: 409, body: { reasons: [{ code: 'identity_blocked' }] } });
    app.closeAllConnections();
    app.close();
  });

  it('a queue worker sends, keeps and gives up', async () => {
    const [good, blocked] = [nobody(), nobody()];
    await world.says(wrote(good, 'h1'), wrote(blocked, 'h1', 10), wrote(blocked, 'h2'));
    const delivered: (string | null)[][] = [];
    const settings = {
      gateUrl: world.url,
      key: world.key,
      deliver: async (job: Job, hash: string | null) => void delivered.push([job.id, hash]),
    };
    const jobs = [
      { id: 'a', ...utility(good) },
      { id: 'b', ...utility(blocked) },
    ];
    expect(await work(jobs, settings)).toEqual({ later: [], never: [{ id: 'b', reasons: ['identity_blocked'] }] });
    expect(delivered).toEqual([['a', 'h1']]);
    expect(await work(jobs, { ...settings, gateUrl: 'http://127.0.0.1:1' })).toEqual({ later: ['a', 'b'], never: [] });
  });
});
