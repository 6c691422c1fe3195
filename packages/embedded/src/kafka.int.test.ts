import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigResourceTypes, Kafka, logLevel, Partitioners } from 'kafkajs';
import { type EmbeddedKafka, startEmbeddedKafka } from './kafka.ts';
import { otherProcess, removeTestDirs, testDir } from './testing.ts';

const TOPIC = 'kept';
const BODY = Buffer.alloc(3_000_000, 'x'); // the largest webhook body
const clientOf = (brokers: string[]) => new Kafka({ brokers, logLevel: logLevel.NOTHING });

async function produce(brokers: string[]): Promise<void> {
  const [admin, producer] = [clientOf(brokers).admin(), clientOf(brokers).producer({ createPartitioner: Partitioners.DefaultPartitioner })];
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }], waitForLeaders: true });
  await producer.send({ topic: TOPIC, acks: -1, messages: [{ value: BODY }] });
  await Promise.all([admin.disconnect(), producer.disconnect()]);
}

async function recordsIn(brokers: string[]): Promise<number> {
  const admin = clientOf(brokers).admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets(TOPIC);
  await admin.disconnect();
  return Number(partition?.high) - Number(partition?.low);
}

/** A JAVA_HOME whose Java only says which version it is. */
function javaHome(version: string): string {
  const home = testDir();
  mkdirSync(path.join(home, 'bin'));
  writeFileSync(path.join(home, 'bin', 'java'), `#!/bin/sh\necho 'openjdk version "${version}" 2018-09-25' >&2\n`);
  chmodSync(path.join(home, 'bin', 'java'), 0o755);
  return home;
}

describe('the embedded Kafka', () => {
  const dir = testDir();
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  let kafka: EmbeddedKafka | undefined;
  /** How long it takes here to start on what a killed one left. */
  let startMs = 0;
  afterAll(async () => {
    await kafka?.stop();
    removeTestDirs();
  });

  it('starts over in a half-formatted directory, and keeps what it acknowledged, 3 MB large, when its owner is killed', async () => {
    mkdirSync(path.join(dir, 'kafka', 'data', 'half-written'), { recursive: true });
    const owner = await otherProcess<{ brokers: string[] }>(
      `tell(await embedded.startEmbeddedKafka({ dir: ${JSON.stringify(dir)}, say: () => undefined }));`,
    );
    expect(existsSync(path.join(dir, 'kafka', 'data', 'half-written'))).toBe(false);
    await produce(owner.told.brokers);
    await owner.kill9();
    const from = performance.now();
    kafka = await startEmbeddedKafka({ dir, say });
    startMs = performance.now() - from;
    expect(await recordsIn(kafka.brokers)).toBe(1);
  });

  it('confirms a record only once it is on the disk, and makes no topic by itself', async () => {
    const admin = clientOf(kafka?.brokers ?? []).admin();
    await admin.connect();
    const configNames = ['log.flush.interval.messages', 'auto.create.topics.enable'];
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.BROKER, name: '1', configNames }],
    });
    await admin.disconnect();
    const values = Object.fromEntries(resources[0]?.configEntries.map((entry) => [entry.configName, entry.configValue]) ?? []);
    expect(values).toEqual({ 'log.flush.interval.messages': '1', 'auto.create.topics.enable': 'false' });
  });

  it('is not started a second time in its directory', async () => {
    const second = startEmbeddedKafka({ dir, say });
    await expect(second).rejects.toThrow(`The embedded Kafka of this directory already runs (process ${kafka?.pid}`);
    await expect(second).rejects.toMatchObject({ name: 'EmbeddedError' });
  });

  it('tells when it was killed, and starts again within seconds, on the port it is given, with all it had', async () => {
    const port = Number(kafka?.brokers[0]?.split(':')[1]);
    process.kill(kafka?.pid ?? 0, 'SIGKILL');
    expect(await kafka?.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const from = performance.now();
    kafka = await startEmbeddedKafka({ dir, port, say });
    expect(kafka.brokers).toEqual([`127.0.0.1:${port}`]);
    expect(await recordsIn(kafka.brokers)).toBe(1);
    expect(performance.now() - from).toBeLessThan(20_000 + 3 * startMs); // nothing of the one that was killed is waited for
  });

  it('refuses a directory that was ready and has lost its data, without touching what is left', async () => {
    await kafka?.stop();
    rmSync(path.join(dir, 'kafka', 'data', 'meta.properties'));
    await expect(startEmbeddedKafka({ dir, say })).rejects.toThrow(/has lost data\/meta\.properties, so .* npm run reset$/);
    expect(existsSync(path.join(dir, 'kafka', 'data', `${TOPIC}-0`))).toBe(true);
  });

  it('says why it died, in its own words, when it does not come up', async () => {
    const wrong = startEmbeddedKafka({ dir: testDir(), say, overrides: { 'num.io.threads': 0 } });
    await expect(wrong).rejects.toThrow(/^(The embedded Kafka ended while starting|Kafka could not set up \S+): .*num\.io\.threads.*$/);
  });
});

describe('a machine that can not run it', () => {
  afterAll(removeTestDirs);
  const say = () => undefined;
  const wayOut = /Install Java 17 or newer .*, or set KAFKA_BROKERS and DATABASE_URL to use a Kafka and a PostgreSQL of your own\.$/;

  it('without Java is told what to install or set', async () => {
    const start = startEmbeddedKafka({ dir: testDir(), say, env: { PATH: testDir() } });
    await expect(start).rejects.toThrow(/^The embedded Kafka needs Java, and none was found by JAVA_HOME or on PATH\. /);
    await expect(start).rejects.toThrow(wayOut);
  });

  it('with too old a Java is told which, and what to install or set', async () => {
    const home = javaHome('11.0.2');
    const start = startEmbeddedKafka({ dir: testDir(), say, env: { JAVA_HOME: home, PATH: '' } });
    await expect(start).rejects.toThrow(`The Java at ${home}/bin/java is version 11.0.2; the embedded Kafka needs 17 or newer. `);
    await expect(start).rejects.toThrow(wayOut);
  });

  it('with the port in use is told which, and what moves it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = (server.address() as { port: number }).port;
    const start = startEmbeddedKafka({ dir: testDir(), port, say });
    await expect(start).rejects.toThrow(
      `Port ${port}, which the embedded Kafka wants, is in use. Stop what uses it, or choose another with KEYTURN_KAFKA_PORT.`,
    );
    server.close();
  });
});
