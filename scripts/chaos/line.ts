import { createHmac } from 'node:crypto';
import path from 'node:path';
import { freePort } from '@keyturn/embedded';
import { connectKafka, createLog, type Kafka, kafkaEnv, parseEnv } from '@keyturn/runtime';
import pg from 'pg';
import { z } from 'zod';
import type { Parts } from './parts.ts';
import { type Supervised, supervise } from './processes.ts';

const APP_SECRET = 'a-secret-of-the-chaos-run';
const ADMIN_KEY = 'an-admin-key-of-the-chaos-run';
/** Who makes schema and topics first, so that the others find them. */
const SERVICES = ['contact', 'identity', 'consent', 'account', 'relay', 'console', 'ingress', 'gate'] as const;
/** Beside the other caches, since it holds for as long as the code is the same. */
const COMPILED = path.join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'keyturn-compiled');
export type ServiceName = (typeof SERVICES)[number];
/** All that a webhook passes. */
const WITHOUT_GATE = SERVICES.filter((name) => name !== 'gate');

/** The product as a cluster runs it, a process a service, with its public doors and what a checker may look at behind them. */
export type Line = {
  readonly kafka: Kafka;
  readonly prefix: string;
  /** Where the gate listens, where it runs. */
  readonly gateUrl: string;
  /** Posts a body as the platform does; answers the status, 0 where there was no answer. */
  post(body: string): Promise<number>;
  /** Status 0: no answer. */
  api<Body>(method: string, route: string, body?: unknown): Promise<{ status: number; body: Body }>;
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Where each partition of a topic ends now. */
  ends(topic: string): Promise<Map<number, bigint>>;
  deleteUpTo(topic: string, ends: ReadonlyMap<number, bigint>): Promise<void>;
  service(name: ServiceName): Supervised;
  readonly services: readonly Supervised[];
  /** Another process of a service, in the same groups. */
  another(name: ServiceName, label: string): Promise<Supervised>;
  stop(): Promise<void>;
};

/** Starts these services on topics and a schema of their own, some with a module loaded first. */
export async function startLine(
  parts: Parts,
  name: string,
  services: readonly ServiceName[] = WITHOUT_GATE,
  preloads: Partial<Record<ServiceName, string>> = {},
  more: NodeJS.ProcessEnv = {},
): Promise<Line> {
  const prefix = `${name}.`;
  const [ingressPort, consolePort, gatePort] = [await freePort(), await freePort(), await freePort()];
  const env: NodeJS.ProcessEnv = {
    ...{ PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'info' },
    NODE_COMPILE_CACHE: COMPILED, // a process starts, and comes back, in half the time
    ...{ KAFKA_BROKERS: parts.brokers.join(','), KAFKA_PREFIX: prefix, DATABASE_URL: parts.databaseUrl, DATABASE_SCHEMA: name },
    ...{ WHATSAPP_APP_SECRET: APP_SECRET, WHATSAPP_VERIFY_TOKEN: 'a-token-of-the-chaos-run', KEYTURN_ADMIN_API_KEY: ADMIN_KEY },
    ...{ INGRESS_PORT: String(ingressPort), CONSOLE_PORT: String(consolePort), GATE_PORT: String(gatePort) },
    ...more,
  };
  const running: Supervised[] = [];
  const launch = async (service: ServiceName, label: string): Promise<Supervised> => {
    const place = { service, env, adminPort: await freePort(), logFile: path.join(parts.dir, `${prefix}${label}.log`) };
    const supervised = supervise(label, place);
    running.push(supervised);
    await supervised.start(preloads[service]);
    return supervised;
  };
  const kafka = connectKafka(parseEnv(z.object(kafkaEnv), env), createLog('chaos', { level: 'silent' }));
  const [first = 'contact', ...others] = SERVICES.filter((service) => services.includes(service));
  await launch(first, first);
  await Promise.all(others.map((service) => launch(service, service)));
  const admin = kafka.admin();
  await admin.connect();
  const pool = new pg.Pool({ connectionString: parts.databaseUrl, options: `-c search_path=${name}`, max: 4, application_name: 'chaos' });
  pool.on('error', () => {});
  const request = (port: number, route: string, init: RequestInit) =>
    fetch(`http://127.0.0.1:${port}${route}`, { ...init, signal: AbortSignal.timeout(10_000) });
  return {
    ...{ kafka, prefix, gateUrl: `http://127.0.0.1:${gatePort}` },
    async post(body) {
      const signature = `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`;
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
      return request(ingressPort, '/webhook', { method: 'POST', body, headers }).then(
        async (answer) => {
          await answer.arrayBuffer().catch(() => {});
          return answer.status;
        },
        () => 0,
      );
    },
    async api<Body>(method: string, route: string, body?: unknown) {
      const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
      try {
        const answer = await request(consolePort, route, {
          method,
          headers,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { status: answer.status, body: JSON.parse(await answer.text()) as Body }; // not `json()`: under jest its objects are of another realm
      } catch {
        return { status: 0, body: undefined as Body };
      }
    },
    query: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) => (await pool.query<Row>(text, values)).rows,
    ends: async (topic) => new Map((await admin.fetchTopicOffsets(prefix + topic)).map(({ partition, high }) => [partition, BigInt(high)])),
    deleteUpTo: (topic, ends) =>
      admin.deleteTopicRecords({
        topic: prefix + topic,
        partitions: [...ends].map(([partition, offset]) => ({ partition, offset: String(offset) })),
      }),
    service: (wanted) => running.find((service) => service.name === wanted) as Supervised,
    services: running,
    another: launch,
    async stop() {
      await Promise.all(running.map((service) => service.stop()));
      await admin.disconnect();
      await pool.end();
    },
  };
}
