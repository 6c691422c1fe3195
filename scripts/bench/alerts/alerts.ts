import { setTimeout as pause } from 'node:timers/promises';
import { type AlertJson, inbound } from '@keyturn/contracts';
import { untilDrained } from '../line/drained.ts';
import { type Line, startLine } from '../line/start-line.ts';
import { allAnswered200, type Load, startLoad } from '../load/load.ts';
import { type Result, ratios } from '../numbers.ts';
import type { Part } from '../part.ts';
import { startProcess } from '../parts/process.ts';
import { startTold, type Told } from './told.ts';

const KEY = 'a-bootstrap-key-for-the-benchmark';
const CONTACTS = 10_000;
const CONNECTIONS = 128;
/** More than the line bears: as fast as it goes. */
const RATE = 20_000;
/** Persons whom no other traffic is about. */
const STORM_FROM = 6_000_000;
const RULE = { kind: 'identity_changes', name: 'storm', routes: ['told'], waitSeconds: 2, repageMinutes: 0, when: {} } as const;

type Alerting = Line & { readonly console: string; readonly told: Told; readonly load: Load };

/** Webhooks a second, each with somebody's second key hash, until all are applied and told: with a rule that tells them and its route, and without, in turns. The console follows
 *  every block either way, and each storm is one page. */
export const alerts: Part = async (bench) => {
  const { quick, say, servers } = bench;
  const line = await startLine(bench, 'alerts', CONTACTS);
  const told = await startTold();
  const env = {
    ...{ DATABASE_URL: line.databaseUrl, CONSOLE_PORT: '0', KEYTURN_ADMIN_API_KEY: KEY, MIGRATE_ON_START: 'false' },
    ...{ KEYTURN_VERIFICATION_KEY: 'a-verification-key-for-the-benchmark', ALERT_PRIVATE_ORIGINS: told.origin, ALERT_LOOK_MS: '1000' },
  };
  const service = await startProcess({ name: 'console', main: 'services/console/src/main.ts', env, dir: servers.dir });
  const load = startLoad();
  const all: Alerting = { ...line, console: service.url, told, load };
  try {
    await ask(all, 'POST', '/v1/alert-routes', { kind: 'webhook', name: 'told', url: `${told.origin}/alerts` });
    const count = quick ? 1_000 : 6_250;
    await storm(all, 0, count); // compiles what is hot
    const [on, off]: [number[], number[]] = [[], []];
    for (let round = 0; round < (quick ? 2 : 4); round++) {
      const sides = round % 2 === 0 ? [true, false] : [false, true];
      for (const [i, isOn] of sides.entries()) {
        const from = count * (1 + 2 * round + i);
        (isOn ? on : off).push(isOn ? await withAlerts(all, () => storm(all, from, count)) : await storm(all, from, count));
      }
      say(`on ${Math.round(on.at(-1) ?? 0)}/s, off ${Math.round(off.at(-1) ?? 0)}/s`);
    }
    return resultsOf(on, off);
  } finally {
    load.stop();
    await service.stop();
    told.stop();
    await line.stop();
  }
};

const resultsOf = (on: readonly number[], off: readonly number[]): Result[] => [
  { name: 'ingest of a storm, alerts on : off', unit: '×', rounds: ratios(on, off), promised: { floor: 0.9 } },
  { name: 'ingest of a storm, alerts on', unit: 'webhooks/s', rounds: on },
  { name: 'ingest of a storm, alerts off', unit: 'webhooks/s', rounds: off },
];

/** As many second hashes as come, of persons whom nobody blocked yet, until all of them are applied and told downstream. */
async function storm(line: Alerting, from: number, count: number): Promise<number> {
  const traffic = { url: line.url, secret: line.secret, run: `storm-${from}`, count, personFrom: 0, persons: CONTACTS };
  const probes = { every: 1, personFrom: STORM_FROM + from };
  allAnswered200(await line.load.closed({ kind: 'acquaint', traffic, connections: CONNECTIONS, probes }));
  await untilDrained(line);
  const before = await line.broker.records(inbound);
  const startedAt = performance.now();
  allAnswered200(await line.load.paced({ kind: 'paced', traffic, connections: CONNECTIONS, ratePerSecond: RATE, probes }));
  await untilDrained(line);
  const seconds = (performance.now() - startedAt) / 1_000;
  const kept = (await line.broker.records(inbound)) - before;
  if (kept !== count) throw new Error(`${count} webhooks were answered 200, ${kept} are kept`);
  return count / seconds;
}

/** Measures with a rule that tells what is open, and takes it away again. Throws where that is not one page, or it never knows of all. */
async function withAlerts(line: Alerting, measure: () => Promise<number>): Promise<number> {
  const before = line.told.sent.length;
  await ask(line, 'POST', '/v1/alert-rules', RULE);
  const perSecond = await measure();
  const { rows } = await line.database.pool.query<{ open: number }>(
    `select count(*)::int as open from identity_state where status = 'blocked' and merged_into is null`,
  );
  await untilAllAreFollowed(line, rows[0]?.open ?? 0);
  const { items } = await ask<{ items: AlertJson[] }>(line, 'GET', '/v1/alerts');
  const pages = line.told.sent.slice(before).filter(({ type }) => type !== 'alert.resolved'); // the one before may just have ended
  if (items.length !== 1 || pages.length !== 1) throw new Error(`a storm is ${items.length} alerts and ${pages.length} pages`);
  await ask(line, 'DELETE', '/v1/alert-rules/storm');
  return perSecond;
}

async function untilAllAreFollowed({ database }: Alerting, open: number, timeoutMs = 120_000): Promise<void> {
  for (const deadline = performance.now() + timeoutMs; ; await pause(100)) {
    const { rows } = await database.pool.query<{ followed: boolean }>(
      `select (select count(*) from alert_change) = $1 and exists (select from alert_delivery where status = 'delivered' and created_at >= a.opened_at) as followed
       from alert a where status = 'open'`,
      [open],
    );
    if (rows[0]?.followed === true) return;
    if (performance.now() > deadline) throw new Error(`the alerts do not know of all ${open} changes after ${timeoutMs} ms`);
  }
}

async function ask<Answer>({ console: url }: Alerting, method: string, path: string, body?: object): Promise<Answer> {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answers ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}
