import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { message, T0, until } from '@keyturn/testkit';
import { type GateWorld, gateWorld, OURS, STATE_AGE_MAX_MS } from './gate.fixture.ts';
import { start } from './start.ts';

const question = { phoneNumberId: OURS, to: '491711', category: 'utility' };
const reasons = async (world: GateWorld) => (await world.decide(question)).body.reasons.map(({ code }) => code);

describe('a database that is away', () => {
  let other: GateWorld;
  beforeAll(async () => {
    other = await gateWorld();
  });
  afterAll(() => other.stop());

  it('trap 25: denies, and nothing is sent; it is asked again as soon as it is back', async () => {
    await other.says(message({ waId: '491711', phoneNumberId: OURS, identityKeyHash: 'h1', at: T0, wamid: 'wamid.491711' }));
    await other.pool.query('alter table consumer_offset rename to consumer_offset_away');
    expect(await reasons(other)).toEqual(['state_unreadable']);
    expect((await other.send({ messaging_product: 'whatsapp', to: '491711', type: 'text' })).status).toBe(503);
    expect(other.platform.requests).toEqual([]);
    await other.pool.query('alter table consumer_offset_away rename to consumer_offset');
    await other.current();
    expect((await other.decide(question)).body.decision).toBe('allow');
  });

  it('or silent takes no connection for longer than it is waited for: keys are still known over the two that there are', async () => {
    const narrow = await gateWorld({ DATABASE_CONNECTIONS_MAX: '2' });
    const holder = await narrow.pool.connect();
    await holder.query('set idle_in_transaction_session_timeout = 0');
    await holder.query('begin');
    await holder.query('lock table keyturn.consumer_offset in access exclusive mode');
    for (let i = 0; i < 3; i++) expect(await reasons(narrow)).toEqual(['state_unreadable']);
    holder.release(true);
    await narrow.stop();
  });

  it('or is gone without a word keeps no question unanswered, and what answers in its place is asked', async () => {
    const wire = await startWire(other.databaseUrl);
    const env = { DATABASE_URL: wire.url, GATE_GRAPH_URL: other.platform.url, GATE_STATE_AGE_MAX_MS: String(STATE_AGE_MAX_MS) };
    const gate = await start({ ...env, GATE_PORT: '0', KEYTURN_TOKEN_KEY: 'a-key-for-the-tokens-of-the-tests' });
    const ask = async () => {
      const headers = { authorization: `Bearer ${other.key}`, 'content-type': 'application/json' };
      const asked = { method: 'POST', headers, body: JSON.stringify(question) };
      const [answer, send] = await Promise.all([
        fetch(`${gate.url}/v1/decisions`, asked),
        fetch(`${gate.url}/v25.0/${OURS}/messages`, { ...asked, body: JSON.stringify({ to: question.to, type: 'text' }) }),
      ]);
      await send.text();
      return [answer.status, ((await answer.json()) as { decision?: string }).decision, send.status];
    };
    await other.current();
    expect((await ask()).slice(0, 2)).toEqual([200, 'allow']);
    wire.go();
    for (let i = 0; i < 2; i++) expect(await ask()).toEqual([503, undefined, 503]);
    wire.come();
    await until('it is asked again', async () => {
      await other.current();
      return (await ask())[1] === 'allow';
    });
    await wire.stop();
    await gate.stop();
  });
});

/** What lies between a gate and its database. Once it is gone, nothing that is open says or hears anything any more, and nothing that is opened is answered;
 *  when something has come in its place, what is opened from then on is. */
async function startWire(databaseUrl: string) {
  const { hostname, port } = new URL(databaseUrl);
  const sockets: Socket[] = [];
  let isThere = true;
  const server = createServer((near) => {
    sockets.push(near.on('error', () => {}));
    if (!isThere) return;
    const far = connect(Number(port), hostname).on('error', () => near.destroy());
    sockets.push(far);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  [url.hostname, url.port] = ['127.0.0.1', String((server.address() as AddressInfo).port)];
  return {
    url: url.href,
    go() {
      isThere = false;
      for (const one of sockets) one.unpipe().pause();
    },
    come() {
      isThere = true;
    },
    async stop() {
      for (const one of sockets) one.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
