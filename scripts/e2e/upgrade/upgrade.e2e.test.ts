import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { allTopics, contactEvents, identityEvents } from '@keyturn/contracts';
import { connectKafka, createLog, kafkaConfig } from '@keyturn/runtime';
import { compileCache, type TestDatabase, testDatabase, testKafka } from '@keyturn/testkit';
import pg from 'pg';
import { isSettled, readAll } from '../line.ts';
import { until } from '../until.ts';
import { previousRelease, type Release, thisRelease } from './previous-release.ts';
import { isReady, type Running, startProcess } from './processes.ts';
import { SECRETS, startTraffic } from './traffic.ts';

/** Of the release before, and what came since. */
const SERVICES = ['contact', 'identity', 'consent', 'relay', 'console', 'ingress'];
const SINCE = ['account', 'gate'];
const { brokers, prefix } = testKafka();
let database: TestDatabase;
let before: Release;
let pool: pg.Pool;
const running: Running[] = [];
const traffic = startTraffic();
beforeAll(async () => {
  database = await testDatabase();
  before = previousRelease();
  pool = new pg.Pool({ connectionString: database.url, options: '-c search_path=keyturn', max: 4 });
});
afterAll(async () => {
  await traffic.stop();
  await Promise.all(running.map((one) => one.stop()));
  await pool.end();
  await database.drop();
  before.remove();
});

const kafkaEnv = { KAFKA_BROKERS: brokers.join(','), KAFKA_PREFIX: prefix };
const owner = (): NodeJS.ProcessEnv => ({ ...kafkaEnv, DATABASE_URL: database.url, PATH: process.env.PATH, ...compileCache() });
const run = promisify(execFile);
const keyturn = async (...args: string[]) =>
  (await run(process.execPath, [path.join(thisRelease.folder, 'packages/cli/src/main.ts'), ...args], { env: owner() })).stdout;
const urlOf = (services: readonly Running[], service: string) => services.find(({ name }) => name.startsWith(service))?.url as string;
const doorsOf = (...releases: (readonly Running[])[]) => ({
  ingress: releases.map((services) => urlOf(services, 'ingress')),
  console: releases.map((services) => urlOf(services, 'console')),
});

async function startAll(release: Release, env: NodeJS.ProcessEnv, services = SERVICES): Promise<Running[]> {
  const given = { ...kafkaEnv, ...SECRETS, ...env, INGRESS_PORT: '0', CONSOLE_PORT: '0', GATE_PORT: '0' };
  const started = await Promise.all(services.map((service) => startProcess(release, service, given)));
  running.push(...started);
  await until(`${release.name} is ready`, async () => (await Promise.all(started.map(isReady))).every(Boolean));
  return started;
}

/** The role that the services of the new release log in as: it may make nothing. */
async function servicesRole(): Promise<{ role: string; url: string }> {
  const url = new URL(database.url);
  const role = `services_of_${url.pathname.slice(1)}`;
  await pool.query(`create role ${role} login password 'secret'`);
  [url.username, url.password] = [role, 'secret'];
  return { role, url: url.href };
}

const people = (more: number) => {
  const goal = traffic.people.length + more;
  return until(`${more} more people have written`, async () => traffic.people.length >= goal);
};

it('the old release and the new one run side by side through a migration under load, and no event fails', async () => {
  const old = await startAll(before, { DATABASE_URL: database.url });
  traffic.goTo(doorsOf(old));
  await people(30);
  const { role, url } = await servicesRole();
  expect(await keyturn('migrate', '--grant-to', role)).toContain('done');
  await keyturn('topics', '--apply');
  await people(60); // the old release on the new schema
  const fresh = await startAll(thisRelease, { DATABASE_URL: url, MIGRATE_ON_START: 'false' }, [...SERVICES, ...SINCE]);
  traffic.goTo(doorsOf(old, fresh));
  await people(80);
  traffic.goTo(doorsOf(fresh));
  const codes = [];
  for (const one of old) {
    codes.push(await one.stop());
    await people(8);
  }
  await traffic.stop();
  await settled();
  expect(traffic.failures).toEqual([]);
  expect(codes).toEqual(old.map(() => 0));
  expect(running.flatMap(({ complaints }) => complaints)).toEqual([]);
  await expectEachOnce(traffic.people, traffic.decided);
  await expectToldInOrder();
  expect(await Promise.all(fresh.map((one) => one.stop()))).toEqual(fresh.map(() => 0));
  await pool.query(`drop owned by ${role}; drop role ${role}`);
});

const kafka = connectKafka(kafkaConfig(kafkaEnv), createLog('e2e', { level: 'silent' }));
const admin = kafka.admin();
beforeAll(() => admin.connect());
afterAll(() => admin.disconnect());
async function endsOf(topic: string): Promise<{ partition: number; high: bigint }[]> {
  return (await admin.fetchTopicOffsets(prefix + topic)).map(({ partition, high }) => ({ partition, high: BigInt(high) }));
}
const query = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) => (await pool.query<Row>(text, values)).rows;
const settled = () => until('all is applied and published', () => isSettled(query, endsOf));

/** Each person is blocked at version 2, or released at version 3; each version is in the journal once. */
async function expectEachOnce(written: readonly string[], decided: ReadonlySet<string>): Promise<void> {
  const rows = await query<{ identifier: string; contact_id: string; status: string; version: number; told: number }>(
    `select p.identifier, contact_id, s.status, s.version, (select count(*)::int from journal j where j.contact_id = s.contact_id and j.slice = 'identity') as told
     from identifier_period p join identity_state s using (contact_id) where p.identifier like 'w:49152091%' and s.merged_into is null`,
  );
  const is = rows.map(({ identifier, status, version, told }) => ({ identifier, status, version, told }));
  const must = rows.map(({ identifier, contact_id }) => {
    const version = decided.has(contact_id) ? 3 : 2;
    return { identifier, status: version === 3 ? 'clear' : 'blocked', version, told: version };
  });
  expect(is).toEqual(must);
  expect(rows.map(({ identifier }) => identifier).sort()).toEqual(written.map((waId) => `w:${waId}`).sort());
  expect(decided.size).toBeGreaterThan(0);
  expect(await query('select contact_id, slice, version from journal group by 1, 2, 3 having count(*) > 1')).toEqual([]);
  expect(await query('select position from outbox_refused')).toEqual([]);
}

/** On the event topics each contact's versions come without a gap; nothing is in a dead letter topic. */
async function expectToldInOrder(): Promise<void> {
  for (const topic of [contactEvents, identityEvents]) {
    const last = new Map<string, number>();
    for (const { key, value } of await readAll(kafka, prefix + topic.name, await endsOf(topic.name))) {
      const [contactId, { version }] = [String(key), JSON.parse(String(value)) as { version: number }];
      const before = last.get(contactId) ?? 0;
      if (version > before + 1) throw new Error(`${topic.name}: ${contactId} goes from version ${before} to ${version}`);
      last.set(contactId, Math.max(before, version));
    }
    expect(last.size).toBeGreaterThan(0);
  }
  const deadLetters = allTopics.filter(({ name }) => name.endsWith('.dlt'));
  for (const { name } of deadLetters) expect([name, (await endsOf(name)).map(({ high }) => high)]).toEqual([name, [0n]]);
}
