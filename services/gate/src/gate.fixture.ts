import { contactEvents, type DecisionJson, type InboundEvent, inbound, type Scope, type Topic } from '@keyturn/contracts';
import {
  applyBatch,
  type ConsumerDefinition,
  consentConsumer,
  contactConsumer,
  createApiKey,
  type Database,
  identityConsumer,
  migrate,
  openDatabase,
  stopRule,
} from '@keyturn/store';
import { GRAPH_TOKEN, type GraphServer, graphWorld, migratedDatabase, runLogEnv, startGraphServer } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { start } from './start.ts';

Object.assign(process.env, runLogEnv('gate'));
/** How far behind what is known may be for these gates: as far as can be set, so that a busy machine does not count for a line that stands. */
export const STATE_AGE_MAX_MS = 60_000;
/** The number of ours that the local platform knows. */
export const OURS = '106540352242922';

const read = [contactEvents, inbound] as const;
const consumers = [contactConsumer, identityConsumer, consentConsumer] as const;
type Group = (typeof consumers)[number]['group'];
const all = consumers.map(({ group }) => group);

type Answer<Body> = { readonly status: number; readonly body: Body; readonly text: string };
/** An error in the platform's shape, with what the gate says. */
type Refused = {
  error: {
    code: number;
    message: string;
    error_data: { details: string; keyturn: { reasons: { code: string }[]; contactId: string | null } };
  };
};
type Told = { value: Buffer; headers: Record<string, string> };

/** A gate on a database of its own, before a local platform, with consumers that a test moves. */
export type GateWorld = {
  readonly url: string;
  readonly databaseUrl: string;
  readonly platform: GraphServer;
  readonly pool: Database['pool'];
  readonly key: string;
  keyFor(...scopes: Scope[]): Promise<string>;
  /** All consumers apply these, the relay brings what they told, and they follow. */
  says(...events: InboundEvent[]): Promise<void>;
  /** These consumers alone apply them; nothing is brought or followed. */
  hears(groups: readonly Group[], ...events: InboundEvent[]): Promise<void>;
  /** These consumers follow what was told since they last did, and hear what the gate told; and the relay has brought all of it. */
  follow(groups?: readonly Group[]): Promise<void>;
  /** Everybody was there just now. */
  current(): Promise<void>;
  decide(body: unknown, key?: string | null): Promise<Answer<DecisionJson & { items: DecisionJson[] }>>;
  send(
    body: unknown,
    more?: { path?: string; key?: string | null; headers?: Record<string, string>; url?: string; signal?: AbortSignal },
  ): Promise<Answer<Refused>>;
  /** As it is told to stop; the rest of the world goes on. */
  stopGate(): Promise<void>;
  stop(): Promise<void>;
};

/** Brings a world up. */
export async function gateWorld(env: NodeJS.ProcessEnv = {}): Promise<GateWorld> {
  const { url: databaseUrl, drop } = await migratedDatabase();
  const database = openDatabase({ DATABASE_URL: databaseUrl, DATABASE_SCHEMA: 'keyturn', DATABASE_CONNECTIONS_MAX: 8 }, 'test');
  await migrate(database, new Date());
  const platform = await startGraphServer(graphWorld());
  const age = { GATE_STATE_AGE_MAX_MS: String(STATE_AGE_MAX_MS) };
  const service = await start({ DATABASE_URL: databaseUrl, GATE_PORT: '0', GATE_GRAPH_URL: platform.url, ...age, ...env });
  const url = service.url as string;
  const { pool } = database;
  let stopping: Promise<void> | undefined;
  const stopGate = () => {
    stopping ??= service.stop();
    return stopping;
  };
  const apply = feeder(database);
  const { bring, follow } = await lineOf(pool, apply);
  const keyFor = async (...scopes: Scope[]) =>
    (await createApiKey(pool, { name: 'test', scopes, expiresAt: null }, 'test', new Date())).key;
  const key = await keyFor('send');
  const hears: GateWorld['hears'] = (groups, ...events) =>
    apply(
      groups,
      inbound,
      events.map((event) => ({ value: Buffer.from(JSON.stringify(event)), headers: { 'event-type': event.type } })),
    );
  const post = async (path: string, body: unknown, headers: Record<string, string>, at = url, signal: AbortSignal | null = null) => {
    const sent = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(at + path, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: sent, signal },
    });
    const text = await response.text();
    return { status: response.status, text, body: JSON.parse(text) };
  };
  return {
    ...{ url, databaseUrl, platform, pool, key, keyFor, hears },
    async says(...events) {
      await hears(all, ...events);
      await bring();
      await follow();
      await bring();
    },
    async follow(groups) {
      await bring();
      await follow(groups);
      await bring();
    },
    current: async () => void (await pool.query('update consumer_offset set caught_up_at = now()')),
    decide: (body, as = key) => post('/v1/decisions', body, as === null ? {} : { authorization: `Bearer ${as}` }),
    send: (body, { path = `/v25.0/${OURS}/messages`, key: as = key, headers = {}, url: at = url, signal } = {}) =>
      post(path, body, { authorization: `Bearer ${GRAPH_TOKEN}`, ...(as === null ? {} : { 'x-keyturn-key': as }), ...headers }, at, signal),
    stopGate,
    async stop() {
      await stopGate();
      await platform.close();
      await database.close();
      await drop();
    },
  };
}

/** Relay and topics, as far as a test lets them: what the outbox has is brought, then followed. */
async function lineOf(pool: Database['pool'], apply: Feed) {
  const told = new Map<Group, bigint>();
  await pool.query('create table outbox_told as select * from outbox');
  await pool.query('create unique index on outbox_told (position)');
  return {
    async follow(groups: readonly Group[] = all) {
      for (const group of groups) {
        const { rows } = await pool.query<Told & { position: string; topic: string }>(
          'select position, topic, value, headers from outbox_told where topic = any($1) and position > $2 order by position',
          [read.map(({ name }) => name), told.get(group) ?? 0n],
        );
        told.set(group, BigInt(rows.at(-1)?.position ?? told.get(group) ?? 0n));
        const byTopic = Map.groupBy(rows, ({ topic }) => topic);
        for (const topic of read) await apply([group], topic, byTopic.get(topic.name) ?? []);
      }
    },
    async bring() {
      await pool.query('insert into outbox_told select * from outbox on conflict do nothing');
      await pool.query('delete from outbox');
    },
  };
}

type Feed = (groups: readonly Group[], topic: Topic, values: readonly Told[]) => Promise<void>;
/** Applies records through the consumers' own transaction, as one partition of each topic. */
function feeder({ pool }: Database): Feed {
  const offsets = new Map<string, bigint>();
  const shells = new Map(
    consumers.map(({ group }) => [group, { pool, now: () => new Date(), newContactId: v7, stopRule: stopRule(group) }]),
  );
  return async (groups, topic, values) => {
    if (values.length === 0) return;
    for (const consumer of consumers.filter(({ group }) => groups.includes(group))) {
      const key = `${consumer.group} ${topic.name}`;
      const from = offsets.get(key) ?? null;
      const records = values.map((value, i) => ({ ...value, offset: (from ?? 0n) + BigInt(i), key: null, timestamp: Date.now() }));
      const to = (from ?? 0n) + BigInt(values.length);
      const definition = { ...consumer, topics: [topic] } as unknown as ConsumerDefinition<unknown, unknown, { type: string }>;
      const shell = shells.get(consumer.group);
      if (shell) await applyBatch(shell, definition, { topic, partition: 0, records, from, to, caughtUpAt: new Date(), attempt: 1 });
      offsets.set(key, to);
    }
  };
}
