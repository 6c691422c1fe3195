import { allTopics, inbound } from '@keyturn/contracts';
import { consentConsumer, contactConsumer, type Database, identityConsumer } from '@keyturn/store';
import { loadContacts } from '../growth/load-contacts.ts';
import { type Result, ratios } from '../numbers.ts';
import type { Bench, Part } from '../part.ts';
import { cloneDatabase, dropDatabase, type Made, makeDatabase, open } from '../parts/databases.ts';
import { type Broker, openBroker } from '../parts/kafka.ts';
import { cpuSeconds, startProcess } from '../parts/process.ts';
import { fillInbound } from '../parts/records.ts';
import { type CaughtUp, untilCaughtUp } from './caught-up.ts';
import { keepWritten, takeWritten, upsertInServer, type Written } from './in-server.ts';
import { type Done, rowByRow } from './row-by-row.ts';
import type { Consumer } from './take-one.ts';

const CONTACTS = 100_000;
/** As many events as a consumer takes in one transaction. */
const BATCH_EVENTS = 500;
const all = { contact: contactConsumer, identity: identityConsumer, consent: consentConsumer } as const;
type Group = keyof typeof all;
const perSecond = ({ events, seconds }: Done): number => events / seconds;

/** Events a second of each consumer that catches up with a full topic, alone: against the same work row by row, and against the mere writing of the
 *  same rows inside the server. Each slice begins with the same 100,000 contacts known; each fiftieth event is about somebody new. */
export const consumers: Part = async (bench) => {
  const { servers, quick, say } = bench;
  const broker = await openBroker(servers.kafka.brokers, 'bench-consumers.');
  await broker.make(...allTopics);
  const base = await makeDatabase(servers, 'bench_base', (database) => loadContacts(database, CONTACTS));
  const records = quick ? 30_000 : 100_000;
  await fillInbound(broker, { known: CONTACTS, run: 'consumers' }, records);
  if ((await broker.records(inbound)) !== records) throw new Error('each item of the traffic is to be one record');
  say(`${records} records of ${CONTACTS} contacts are there`);
  const results: Result[] = [];
  for (const group of Object.keys(all) as Group[]) results.push(...(await measure(bench, broker, base, group, records)));
  await dropDatabase(servers, base);
  await broker.stop();
  return results;
};

async function measure(bench: Bench, broker: Broker, base: Made, group: Group, records: number): Promise<Result[]> {
  const [ours, one, eight, server]: [number[], number[], number[], number[]] = [[], [], [], []];
  const cpu: [number[], number[]] = [[], []];
  const written = await writes(bench, broker, base, group, records);
  for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
    const done = await ourSlice(bench, broker, base, group, records);
    ours.push(perSecond(done));
    for (const [i, used] of done.used.entries()) cpu[i]?.push((used * 1e6) / done.events);
    server.push(await serverSlice(bench, base, written));
    one.push(await plainSlice(bench, broker, base, group, 1));
    eight.push(await plainSlice(bench, broker, base, group, 8));
    bench.say([group, ...[ours, one, eight, server].map((rates) => `${Math.round(rates.at(-1) ?? 0)}/s`)].join('  '));
  }
  const rate = (name: string, rounds: readonly number[]): Result => ({ name: `${group}: ${name}`, unit: 'events/s', rounds });
  return [
    { name: `${group} : row by row, one connection`, unit: '×', rounds: ratios(ours, one), promised: { floor: 8, goal: 15 } },
    { name: `${group} : row by row, eight connections`, unit: '×', rounds: ratios(ours, eight), promised: { floor: 4, goal: 8 } },
    { name: `${group} : upsert inside the server`, unit: '×', rounds: ratios(ours, server), promised: { floor: 0.25, goal: 0.4 } },
    ...[
      rate('ours', ours),
      rate('row by row, one connection', one),
      rate('row by row, eight', eight),
      rate('upsert inside the server', server),
    ],
    { name: `${group}: ours, processor`, unit: 'µs/event', rounds: cpu[0] },
    { name: `${group}: ours, processor of PostgreSQL`, unit: 'µs/event', rounds: cpu[1] },
  ];
}

/** The service as it is deployed. */
async function ourSlice(bench: Bench, broker: Broker, base: Made, group: Group, records: number): Promise<CaughtUp> {
  const made = await cloneDatabase(bench.servers, base, 'bench_ours');
  const database = open(made, 2);
  const done = await consumeAll(bench, broker, made, database, group, records);
  await database.close();
  await dropDatabase(bench.servers, made);
  return done;
}

async function consumeAll(
  { servers }: Bench,
  broker: Broker,
  made: Made,
  database: Database,
  group: Group,
  records: number,
): Promise<CaughtUp> {
  await forgetGroup(broker, group);
  const env = { KAFKA_BROKERS: servers.kafka.brokers.join(','), KAFKA_PREFIX: broker.prefix, DATABASE_URL: made.url };
  const service = await startProcess({ name: group, main: `services/${group}/src/main.ts`, env, dir: servers.dir });
  const done = await untilCaughtUp(database, group, records, () => [service.pid, servers.postgres.pid].map(cpuSeconds));
  await service.stop();
  await countsAgree(database, group);
  return done;
}

/** All that the service writes, which the server is then to write by itself. */
async function writes(bench: Bench, broker: Broker, base: Made, group: Group, records: number): Promise<Written> {
  const made = await cloneDatabase(bench.servers, base, 'bench_written');
  const database = open(made, 2);
  await keepWritten(database);
  await consumeAll(bench, broker, made, database, group, records);
  const written = await takeWritten(database, group, records, BATCH_EVENTS);
  await database.close();
  await dropDatabase(bench.servers, made);
  return written;
}

async function serverSlice({ servers }: Bench, base: Made, written: Written): Promise<number> {
  const made = await cloneDatabase(servers, base, 'bench_same');
  const done = await upsertInServer(made, written);
  await dropDatabase(servers, made);
  return perSecond(done);
}

/** Nobody is missing, nobody is there twice, and everything that changed was told. */
async function countsAgree({ pool }: { pool: import('pg').Pool }, group: Group): Promise<void> {
  const { rows } = await pool.query<{ gaps: number; letters: number }>(
    `select (select count(*)::int from (select contact_id, version - lag(version) over (partition by contact_id order by version) as step
       from journal where slice = $1) s where step <> 1) as gaps, (select count(*)::int from outbox where topic like '%.dlt') as letters`,
    [group],
  );
  if (rows[0]?.gaps !== 0 || rows[0].letters !== 0)
    throw new Error(`${group}: ${rows[0]?.gaps} gaps in versions, ${rows[0]?.letters} dead letters`);
}

async function plainSlice({ servers, quick }: Bench, broker: Broker, base: Made, group: Group, connections: number): Promise<number> {
  const made = await cloneDatabase(servers, base, 'bench_plain');
  const database = open(made, connections + 1);
  const consumer: Consumer = all[group];
  const done = await rowByRow(broker, database, consumer, { connections, durationMs: quick ? 2_000 : 4_000 });
  await database.close();
  await dropDatabase(servers, made);
  return perSecond(done);
}

/** Kafka's own offset of the group would have it begin at the end. */
async function forgetGroup({ kafka, prefix }: Broker, group: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.deleteGroups([prefix + group]).catch(() => {}); // it was never there
  await admin.disconnect();
}
