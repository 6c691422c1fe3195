import { inbound } from '@keyturn/contracts';
import pg from 'pg';
import { allAnswered200, type Load, startLoad } from '../load/load.ts';
import { quantile, type Result } from '../numbers.ts';
import type { Part } from '../part.ts';
import { untilDrained } from './drained.ts';
import { type Line, startLine } from './start-line.ts';

const CONTACTS = 50_000;
const CONNECTIONS = 128;
const ACQUAINTING = 8;
/** Persons whom no other traffic is about. */
const PROBES_FROM = 5_000_000;
const PROBES_PER_SECOND = 40;

/** How long it takes from the instant at which a webhook with somebody's second key hash is due until the block is committed, at a constant rate: with
 *  nothing else to do, and at half of what the whole line bears. With it the processor time of an event, by service. */
export const line: Part = async (bench) => {
  const { quick, say } = bench;
  const running = await startLine(bench, 'line', CONTACTS);
  const load = startLoad();
  try {
    const { perSecond, cpu } = await peak(running, load, quick ? 8_000 : 40_000);
    say(`the whole line bears ${Math.round(perSecond)} webhooks a second`);
    const seconds = quick ? 6 : 25;
    const idle = await delays(running, load, { ratePerSecond: PROBES_PER_SECOND, every: 1, seconds, run: 'idle', personFrom: PROBES_FROM });
    const half = Math.round(perSecond / 2);
    const every = Math.max(1, Math.round(half / PROBES_PER_SECOND));
    const busy = await delays(running, load, { ratePerSecond: half, every, seconds, run: 'half', personFrom: PROBES_FROM + 100_000 });
    return [
      ...percentiles('idle', idle, { floor: 100, goal: 50 }),
      ...percentiles(`half load, ${half}/s`, busy, { floor: 500, goal: 250 }),
      { name: 'whole line, peak', unit: 'webhooks/s', rounds: [perSecond] },
      ...Object.entries(cpu).map(([name, micros]) => ({ name: `processor, ${name}`, unit: 'µs/webhook', rounds: [micros] })),
    ];
  } finally {
    load.stop();
    await running.stop();
  }
};

const percentiles = (name: string, delaysMs: readonly number[], p99: { floor: number; goal: number }): Result[] => [
  { name: `webhook to blocked, p99, ${name}`, unit: 'ms', rounds: [quantile(delaysMs, 0.99)], promised: { ...p99, most: true } },
  { name: `webhook to blocked, p95, ${name}`, unit: 'ms', rounds: [quantile(delaysMs, 0.95)] },
  { name: `webhook to blocked, p50, ${name}`, unit: 'ms', rounds: [quantile(delaysMs, 0.5)] },
];

/** As many as come, until all of them are applied and told. */
async function peak(running: Line, load: Load, count: number): Promise<{ perSecond: number; cpu: Record<string, number> }> {
  const traffic = { url: running.url, secret: running.secret, count, personFrom: 0, persons: CONTACTS };
  await load.closed({ kind: 'all', traffic: { ...traffic, run: 'warm', count: count / 4 }, connections: CONNECTIONS });
  await untilDrained(running);
  const before = { cpu: running.cpu(), records: await running.broker.records(inbound) };
  const startedAt = performance.now();
  const answered = allAnswered200(await load.closed({ kind: 'all', traffic: { ...traffic, run: 'peak' }, connections: CONNECTIONS }));
  await untilDrained(running);
  const seconds = (performance.now() - startedAt) / 1_000;
  const kept = (await running.broker.records(inbound)) - before.records;
  if (answered !== count || kept !== count) throw new Error(`${count} webhooks: ${answered} answered 200, ${kept} kept`);
  const cpu = Object.entries(running.cpu()).map(([name, used]) => [name, ((used - (before.cpu[name] ?? 0)) * 1e6) / count]);
  return { perSecond: count / seconds, cpu: Object.fromEntries(cpu) };
}

type Pace = {
  readonly ratePerSecond: number;
  readonly every: number;
  readonly seconds: number;
  readonly run: string;
  readonly personFrom: number;
};

/** From due to committed, of each probe. Throws where one is missing. */
async function delays(running: Line, load: Load, { ratePerSecond, every, seconds, run, personFrom }: Pace): Promise<number[]> {
  const blockedAt = new Map<number, number>();
  const listener = await listen(running, (person, at) => blockedAt.set(person, at));
  const count = Math.floor(ratePerSecond * seconds);
  const traffic = { url: running.url, secret: running.secret, run, count, personFrom: 0, persons: CONTACTS };
  const probes = { every, personFrom };
  allAnswered200(await load.closed({ kind: 'acquaint', traffic, connections: ACQUAINTING, probes }));
  await untilDrained(running); // that they are new is work of its own, and none of what is measured
  const paced = await load.paced({ kind: 'paced', traffic, connections: CONNECTIONS, ratePerSecond, probes });
  allAnswered200(paced);
  await untilDrained(running);
  await listener.end();
  const sent = Array.from({ length: Math.ceil(count / every) }, (_, i) => ({
    person: personFrom + i,
    due: paced.startedAt + (i * every * 1_000) / ratePerSecond,
  }));
  const missing = sent.filter(({ person }) => !blockedAt.has(person));
  if (missing.length > 0) throw new Error(`${missing.length} of ${sent.length} second hashes blocked nobody`);
  return sent.map(({ person, due }) => (blockedAt.get(person) as number) - due);
}

const TRIGGER = `
  create or replace function bench_tell_blocked() returns trigger language plpgsql as $$
  begin perform pg_notify('bench_blocked', (select key from jsonb_object_keys(new.state->'seen') as seen(key) limit 1)); return null; end $$;
  create or replace trigger bench_blocked after update on identity_state for each row
    when (new.status = 'blocked' and old.status <> 'blocked') execute function bench_tell_blocked()`;

/** Hears of each block when it is committed: PostgreSQL tells it then, not before. */
async function listen({ database }: Line, blocked: (person: number, at: number) => void): Promise<pg.Client> {
  await database.pool.query(TRIGGER);
  const client = new pg.Client(database.pool.options);
  client.on('error', () => {}); // whoever failed says why; this one only breaks with the server
  await client.connect();
  client.on('notification', ({ payload }) => {
    const digits = /^w:1555(\d+)/.exec(payload ?? '')?.[1];
    if (digits !== undefined) blocked(Number(digits), performance.timeOrigin + performance.now());
  });
  await client.query('listen bench_blocked');
  return client;
}
