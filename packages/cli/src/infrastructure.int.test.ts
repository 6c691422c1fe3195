import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { allTopics, identityState, inbound } from '@keyturn/contracts';
import { connectKafka, createLog, ensureTopics, kafkaConfig, withAdmin } from '@keyturn/runtime';
import { compileCache, type TestDatabase, testDatabase, testKafka } from '@keyturn/testkit';
import pg from 'pg';
import { inProcess } from './command-line.fixture.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const keyturn = (args: readonly string[], env: NodeJS.ProcessEnv) => inProcess(args, { env, now: new Date('2026-11-23T00:00:00Z') });

describe('keyturn migrate', () => {
  const migrate = (...args: string[]) => keyturn(['migrate', ...args], { DATABASE_URL: database.url });
  const tables = async () => (await client.query(`select from pg_tables where schemaname = 'keyturn'`)).rowCount;

  it('says what it would do, does it, and finds it done', async () => {
    const check = await migrate('--check');
    expect(check).toMatchObject({ code: 7, err: expect.stringContaining('Nothing was changed') });
    expect(check.out).toMatch(/^PostgreSQL .+, schema keyturn, as role keyturn\n {2}to do {4}0000_ground\n {13}CREATE TABLE "api_key"/);
    expect(await tables()).toBe(0);
    const done = await migrate();
    expect(done).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/done {5}0000_ground[\s\S]*what this release needs/) });
    expect(await migrate('--check')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/there {4}0000_ground[\s\S]*what this release needs/),
    });
    const again = await migrate('--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ role: 'keyturn', schema: 'keyturn', pending: [], changed: [], grantedTo: null });
  });

  it('grants to the role of the services', async () => {
    const role = `cli_${new URL(database.url).pathname.slice(1)}`;
    await client.query(`create role ${role}`);
    expect(await migrate('--grant-to', role)).toMatchObject({ code: 0, out: expect.stringContaining(`to ${role}`) });
    const { rows } = await client.query(`select has_table_privilege($1, 'keyturn.outbox', 'delete') as may`, [role]);
    expect(rows).toEqual([{ may: true }]);
    await client.query(`drop owned by ${role}; drop role ${role}`);
  });

  it.each<[string, NodeJS.ProcessEnv, string[], number, RegExp]>([
    ['2: no database is named', {}, [], 2, /DATABASE_URL is missing/],
    ['2: no role of that name', {}, ['--grant-to', 'nobody_has_this_name'], 2, /create role/],
    ['5: the password is wrong', { PGPASSWORD: 'wrong' }, [], 5, /password authentication failed/],
  ])('exit code %s', async (what, env, args, code, says) => {
    const url = new URL(database.url);
    if (env.PGPASSWORD) url.password = env.PGPASSWORD;
    const given = what.startsWith('2: no database') ? {} : { DATABASE_URL: url.href };
    expect(await keyturn(['migrate', ...args], { ...given, ...env })).toMatchObject({ code, out: '', err: expect.stringMatching(says) });
  });
});

describe('keyturn topics', () => {
  let env: NodeJS.ProcessEnv;
  beforeEach(() => {
    const { brokers, prefix } = testKafka();
    env = { KAFKA_BROKERS: brokers.join(','), KAFKA_PREFIX: prefix };
  });
  const topics = (...args: string[]) => keyturn(['topics', ...args], env);

  it('says what is missing, makes it, and finds it there', async () => {
    const check = await topics('--check');
    expect(check).toMatchObject({ code: 7, err: expect.stringContaining(`${allTopics.length} of ${allTopics.length}`) });
    expect(check.out.split('\n')).toContain(`  missing  ${env.KAFKA_PREFIX}whatsapp.inbound.v1`);
    const applied = await topics('--apply');
    expect(applied).toMatchObject({ code: 0, err: '' });
    expect(applied.out.match(/^ {2}made/gm)).toHaveLength(allTopics.length);
    expect((await topics('--apply')).out).not.toContain('made');
    const json = JSON.parse((await topics('--check', '--json')).out);
    expect(json.made).toEqual([]);
    expect(json.topics).toHaveLength(allTopics.length);
    expect(json.topics[0]).toMatchObject({ state: 'right', faults: [], notes: [expect.stringContaining('one replica')] });
  });

  it.each([
    ['another number of partitions', { partitions: 5 }, /has 5 partitions, not 6/, 2],
    [
      'another cleanup',
      { cleanup: 'compact' as const, retentionMs: undefined },
      /cleanup.policy is compact, not delete: kafka-configs.sh/,
      7,
    ],
    ['less room for a record', { messageBytesMax: 1000 }, /max.message.bytes is 1000, less than 8388608: kafka-configs.sh/, 7],
  ])('names a topic with %s, and leaves it as it is', async (_what, differs, says, code) => {
    const [first] = allTopics as [(typeof allTopics)[number]];
    const kafka = connectKafka(kafkaConfig(env), createLog('test', { level: 'silent' }));
    await ensureTopics(kafka, env.KAFKA_PREFIX ?? '', [{ ...first, ...differs } as typeof first]);
    for (const option of ['--apply', '--check']) {
      const ended = await topics(option);
      expect([7, option === '--apply' ? code : 7]).toContain(ended.code);
      expect(ended.out + ended.err).toMatch(option === '--apply' ? says : new RegExp(says.source.replace('has ', '')));
    }
  });

  it('names a topic that the broker compresses as no consumer could read it, and none that only others read', async () => {
    const [prefix, config] = [env.KAFKA_PREFIX ?? '', kafkaConfig(env)];
    const kafka = connectKafka(config, createLog('test', { level: 'silent' }));
    const configEntries = [{ name: 'compression.type', value: 'zstd' }];
    const made = [inbound, identityState].map(({ name, partitions }) => ({
      topic: prefix + name,
      numPartitions: partitions,
      configEntries,
    }));
    await withAdmin(kafka, 'no topics', (admin) => admin.createTopics({ topics: made }));
    const { out } = await topics('--check');
    expect(out).toMatch(/compression\.type is zstd, which keyturn can't read: kafka-configs\.sh .*inbound.*compression\.type=producer/);
    expect(out.match(/compression\.type is/g)).toHaveLength(1);
  });

  it.each<[string, NodeJS.ProcessEnv, string[], number, RegExp]>([
    ['2: neither --check nor --apply', {}, [], 2, /--check to look, or --apply/],
    ['2: both', {}, ['--check', '--apply'], 2, /--check to look, or --apply/],
    ['2: no broker is named', { KAFKA_BROKERS: '' }, ['--check'], 2, /KAFKA_BROKERS is missing/],
  ])('exit code %s', async (_what, more, args, code, says) => {
    expect(await keyturn(['topics', ...args], { ...env, ...more })).toMatchObject({ code, out: '', err: expect.stringMatching(says) });
  });
});

it.each([
  ['migrate', { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' }, ['migrate'], /^keyturn: the database did not answer/],
  ['topics', { KAFKA_BROKERS: '127.0.0.1:1' }, ['topics', '--check'], /^keyturn: the topics could not be looked at/],
])('exit code 6 where nobody answers: %s', (_what, env, args, says) => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, ...compileCache(), ...env },
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toMatchObject({ status: 6, stdout: '', stderr: expect.stringMatching(says) });
});
