import { createHmac } from 'node:crypto';
import { consumerTopics } from '@keyturn/contracts';
import { connectKafka, type Kafka, kafkaEnv, metrics, parseEnv, type Service } from '@keyturn/runtime';
import { migratedDatabase, runLogEnv, testKafka, testLog } from '@keyturn/testkit';
import { wrongWithAnswer } from '@keyturn/testkit/check-answer';
import { hasSchema, wrongWithRecord } from '@keyturn/testkit/check-record';
import type { KafkaMessage } from 'kafkajs';
import pg from 'pg';
import { z } from 'zod';
import { prepare, startServices, stopServices } from '../start/services.ts';
import { until } from './until.ts';

const APP_SECRET = 'a-secret-of-the-tests';
export const ADMIN_KEY = 'an-admin-key-of-the-tests';

/** A record that somebody else than the line writes. */
export type Written = Pick<KafkaMessage, 'key' | 'value'> & {
  readonly headers?: KafkaMessage['headers'] | Readonly<Record<string, string>>;
};
/** The whole product in this process, on the run's own Kafka and PostgreSQL, and its public doors. */
export type Line = {
  /** Where its topics are, and what their names begin with. */
  readonly kafka: { readonly brokers: readonly string[]; readonly prefix: string };
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  /** Where the logs of a topic end. */
  ends(topic: string): Promise<{ partition: number; high: bigint }[]>;
  /** Posts a body as the platform does; answers the status. */
  post(body: string | Buffer): Promise<number>;
  api<Body>(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }>;
  /** Resolves when every record has been applied by every group, and all that was told is published. */
  settled(): Promise<void>;
  /** All records of a topic, each held to its published schema. */
  read(topic: string): Promise<KafkaMessage[]>;
  /** Puts records on a topic (made where it is not there), in this order, as another producer would. */
  write(topic: string, ...records: readonly Written[]): Promise<void>;
  readonly consoleUrl: string;
  readonly gateUrl: string;
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** How the records of a topic ended for a group, by outcome, and how many records the topic holds. */
  ended(group: string, topic: string): Promise<{ outcomes: Record<string, number>; records: number }>;
  stop(): Promise<void>;
};

/** Starts it with a topic prefix and a database of its own, and with these variables beside those that it needs. */
export async function startLine(more: NodeJS.ProcessEnv = {}): Promise<Line> {
  const [kafka, database] = [testKafka(), await migratedDatabase()];
  const env = {
    KAFKA_BROKERS: kafka.brokers.join(','),
    KAFKA_PREFIX: kafka.prefix,
    DATABASE_URL: database.url,
    WHATSAPP_APP_SECRET: APP_SECRET,
    WHATSAPP_VERIFY_TOKEN: 'a-token-of-the-tests',
    KEYTURN_ADMIN_API_KEY: ADMIN_KEY,
    INGRESS_PORT: '0',
    CONSOLE_PORT: '0',
    GATE_PORT: '0',
    ...more,
  };
  Object.assign(process.env, runLogEnv('line'));
  await prepare(env);
  const services = await startServices(env);
  const pool = new pg.Pool({ connectionString: database.url, options: '-c search_path=keyturn', max: 4 });
  const client = connectKafka(parseEnv(z.object(kafkaEnv), env), testLog());
  const admin = client.admin();
  await admin.connect();
  const query = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) => (await pool.query<Row>(text, values)).rows;
  const ends = async (topic: string) =>
    (await admin.fetchTopicOffsets(kafka.prefix + topic)).map(({ partition, high }) => ({ partition, high: BigInt(high) }));
  const line: Line = {
    ...doors(services),
    ...{ kafka, pool, query, ends, databaseUrl: database.url },
    settled: () => until('all is applied and published', () => isSettled(query, ends)),
    async read(topic) {
      const found = await readAll(client, kafka.prefix + topic, await ends(topic));
      const wrong = hasSchema(topic) ? found.flatMap((record) => wrongWithRecord(topic, record)) : [];
      if (wrong.length > 0) throw new Error(`a record is not what its published schema says:\n${wrong.slice(0, 9).join('\n')}`);
      return found;
    },
    async write(topic, ...records) {
      const name = kafka.prefix + topic;
      if (!(await admin.listTopics()).includes(name))
        await admin.createTopics({ topics: [{ topic: name, numPartitions: 6 }], waitForLeaders: true });
      const producer = client.producer();
      await producer.connect();
      await producer.send({ topic: name, messages: records.map((record) => ({ ...record, headers: { ...record.headers } })) });
      await producer.disconnect();
    },
    ended: async (group, topic) => ({
      outcomes: await outcomesOf(group, topic),
      records: Number((await ends(topic)).reduce((sum, end) => sum + end.high, 0n)),
    }),
    async stop() {
      await stopServices(services);
      await admin.disconnect();
      await pool.end();
      await database.drop();
    },
  };
  return line;
}

function doors(services: readonly Service[]): Pick<Line, 'post' | 'api' | 'consoleUrl' | 'gateUrl'> {
  const urlOf = (name: string) => services.find((service) => service.name === name)?.url ?? '';
  return {
    consoleUrl: urlOf('console'),
    gateUrl: urlOf('gate'),
    async post(body) {
      const signature = `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`;
      const answer = await fetch(`${urlOf('ingress')}/webhook`, {
        method: 'POST',
        body: typeof body === 'string' ? body : new Uint8Array(body),
        headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
      });
      return answer.status;
    },
    async api<Body>(method: string, path: string, body?: unknown) {
      const answer = await fetch(urlOf('console') + path, {
        method,
        headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const wrong = wrongWithAnswer(method, path, { status: answer.status, contentType: answer.headers.get('content-type'), text });
      if (wrong.length > 0) throw new Error(`an answer is not what openapi.json says:\n${wrong.join('\n')}`);
      return { status: answer.status, body: JSON.parse(text) as Body };
    },
  };
}

type Query = Line['query'];
type Ends = (topic: string) => Promise<{ partition: number; high: bigint }[]>;
const consumedTopics = [...new Set(Object.values(consumerTopics).flatMap((topics) => topics.map(({ name }) => name)))];
/** Downstream topics only grow from the consumers, so one look at all of them, with the outbox empty in between, is enough when repeated. */
export async function isSettled(query: Query, ends: Ends): Promise<boolean> {
  const applied = async () => {
    const rows = await query<{ group_id: string; topic: string; partition: number; next_offset: string }>('select * from consumer_offset');
    const next = new Map(rows.map((row) => [`${row.group_id} ${row.topic} ${row.partition}`, BigInt(row.next_offset)]));
    const logs = new Map(await Promise.all(consumedTopics.map(async (topic) => [topic, await ends(topic)] as const)));
    return Object.entries(consumerTopics).every(([group, topics]) =>
      topics.every(({ name }) => logs.get(name)?.every(({ partition, high }) => (next.get(`${group} ${name} ${partition}`) ?? 0n) >= high)),
    );
  };
  const published = async () => (await query('select 1 from outbox limit 1')).length === 0;
  return (await applied()) && (await published()) && (await applied());
}

/** Every record of a topic up to its ends. */
export async function readAll(client: Kafka, topic: string, ends: { partition: number; high: bigint }[]): Promise<KafkaMessage[]> {
  const wanted = ends.reduce((sum, end) => sum + end.high, 0n);
  const found: KafkaMessage[] = [];
  const consumer = client.consumer({ groupId: `${topic}-reader-${Math.random().toString(36).slice(2)}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => void found.push(message) });
  await until(`${wanted} records are read from ${topic}`, async () => BigInt(found.length) >= wanted);
  await consumer.disconnect();
  return found;
}

async function outcomesOf(group: string, topic: string): Promise<Record<string, number>> {
  const metric = await metrics.registry.getSingleMetric('keyturn_consumed_total')?.get();
  const mine = (metric?.values ?? []).filter(({ labels }) => labels.group === group && labels.topic === topic);
  const sums: Record<string, number> = {};
  for (const { labels, value } of mine) sums[String(labels.outcome)] = (sums[String(labels.outcome)] ?? 0) + value;
  return sums;
}
