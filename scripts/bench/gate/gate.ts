import { createApiKey } from '@keyturn/store';
import { loadContacts } from '../growth/load-contacts.ts';
import { personOf } from '../load/bodies.ts';
import { driveClosed, drivePaced } from '../load/drive.ts';
import { allAnswered200 } from '../load/load.ts';
import { quantile, ratios } from '../numbers.ts';
import type { Part } from '../part.ts';
import { dropDatabase, makeDatabase } from '../parts/databases.ts';
import { type Running, startProcess } from '../parts/process.ts';

const PERSONS = 20_000;
/** Far more than the platform's delay needs, so that what is measured is the work. */
const CONNECTIONS = 256;
const REQUESTS = 5_000;
const NUMBER = '100000000000001';
const GROUPS = ['contact', 'identity', 'consent'];

/** Decisions a second, against a server that answers the JSON it gets; and messages through the gate, against a proxy that only passes them on: as many as
 *  each bears, and how long they take at half of what the gate bears. */
export const gate: Part = async ({ servers, quick, say }) => {
  let key = '';
  const made = await makeDatabase(servers, 'bench_gate', async (database) => {
    await loadContacts(database, PERSONS);
    await database.pool.query(
      `insert into consumer_offset (group_id, topic, partition, next_offset, caught_up_at) select unnest($1::text[]), 'bench', 0, 0, now() + interval '1 day'`,
      [GROUPS],
    );
    ({ key } = await createApiKey(database.pool, { name: 'bench', scopes: ['send'], expiresAt: null }, 'bench', new Date()));
  });
  const start = (name: string, main: string, env = {}) => startProcess({ name, main, env, dir: servers.dir });
  const platform = await start('platform', 'scripts/bench/gate/platform.main.ts');
  const env = { GATE_GRAPH_URL: platform.url };
  const ours = await start('gate', 'services/gate/src/main.ts', {
    ...env,
    DATABASE_URL: made.url,
    GATE_PORT: '0',
    MIGRATE_ON_START: 'false',
  });
  const echo = await start('echo', 'scripts/bench/gate/echo.main.ts');
  const proxy = await start('pass-through', 'scripts/bench/gate/pass-through.main.ts', env);
  try {
    await allows(ours, key);
    const rounds = quick ? 2 : 5;
    const bear = async (server: Running, make: Make) => {
      const url = new URL(server.url);
      const requests = Array.from({ length: REQUESTS }, (_, i) => make(url.host, i, key));
      let next = 0;
      const driven = await driveClosed({
        url,
        connections: CONNECTIONS,
        warmupMs: 1_000,
        durationMs: quick ? 2_000 : 5_000,
        next: () => requests[next++ % REQUESTS] as Buffer,
      });
      allAnswered200(driven);
      return driven.done / driven.seconds;
    };
    const slowest = async (server: Running, ratePerSecond: number) => {
      const url = new URL(server.url);
      const requests = Array.from({ length: Math.round(ratePerSecond * (quick ? 3 : 8)) }, (_, i) => message(url.host, i % PERSONS, key));
      const paced = await drivePaced({ url, connections: CONNECTIONS * 2, ratePerSecond, requests });
      allAnswered200(paced);
      return quantile(paced.latenciesMs, 0.99);
    };
    const [decisions, echoed, sent, passed]: [number[], number[], number[], number[]] = [[], [], [], []];
    const [ourP99, itsP99]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      decisions.push(await bear(ours, decision));
      echoed.push(await bear(echo, decision));
      sent.push(await bear(ours, message));
      passed.push(await bear(proxy, message));
      const half = Math.floor((sent.at(-1) ?? 0) / 2);
      ourP99.push(await slowest(ours, half));
      itsP99.push(await slowest(proxy, half));
      say([decisions, echoed, sent, passed].map((one) => `${Math.round(one.at(-1) ?? 0)}/s`).join('  '));
    }
    return [
      { name: 'decisions : node:http JSON echo', unit: '×', rounds: ratios(decisions, echoed), promised: { floor: 0.3, goal: 0.5 } },
      { name: 'messages : pass-through proxy', unit: '×', rounds: ratios(sent, passed), promised: { floor: 0.5 } },
      {
        name: 'message, p99 : pass-through proxy',
        unit: '×',
        rounds: ratios(ourP99, itsP99),
        promised: { floor: 2, goal: 1.5, most: true },
      },
      { name: 'decisions', unit: 'decisions/s', rounds: decisions },
      { name: 'node:http JSON echo', unit: 'requests/s', rounds: echoed },
      { name: 'messages', unit: 'messages/s', rounds: sent },
      { name: 'pass-through proxy', unit: 'messages/s', rounds: passed },
      { name: 'message, p99', unit: 'ms', rounds: ourP99 },
      { name: 'pass-through proxy, p99', unit: 'ms', rounds: itsP99 },
    ];
  } finally {
    for (const server of [proxy, echo, ours, platform]) await server.stop();
    await dropDatabase(servers, made);
  }
};

type Make = (host: string, number: number, key: string) => Buffer;
const decision: Make = (host, number, key) =>
  request(
    host,
    '/v1/decisions',
    { authorization: `Bearer ${key}` },
    { phoneNumberId: NUMBER, to: personOf(number).waId, category: 'utility' },
  );
const message: Make = (host, number, key) =>
  request(
    host,
    `/v25.0/${NUMBER}/messages`,
    { authorization: 'Bearer a-token-of-the-platform', 'x-keyturn-key': key, 'x-keyturn-category': 'utility' },
    {
      messaging_product: 'whatsapp',
      to: personOf(number).waId,
      type: 'template',
      template: { name: 'parcel_slot', language: { code: 'en' } },
    },
  );

function request(host: string, path: string, headers: Record<string, string>, json: object): Buffer {
  const body = JSON.stringify(json);
  const lines = Object.entries({ host, ...headers, 'content-type': 'application/json', 'content-length': String(body.length) });
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`);
}

/** Throws unless a known person is allowed with their hash, and a stranger denied. */
async function allows({ url }: Running, key: string): Promise<void> {
  const ask = async (to: string) => {
    const body = JSON.stringify({ phoneNumberId: NUMBER, to, category: 'utility' });
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    return (await (await fetch(`${url}/v1/decisions`, { method: 'POST', headers, body })).json()) as {
      decision: string;
      identityKeyHash: string | null;
    };
  };
  const [known, stranger] = [await ask(personOf(7).waId), await ask('15559999999')];
  if (known.decision !== 'allow' || known.identityKeyHash !== personOf(7).keyHash || stranger.decision !== 'deny')
    throw new Error(`the gate answers ${JSON.stringify([known, stranger])}`);
}
