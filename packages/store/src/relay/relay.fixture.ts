import { connect, createServer, type Server, type Socket } from 'node:net';
import { contactEvents, contactState, type Topic } from '@keyturn/contracts';
import { connectKafka, ensureTopics, type Kafka, kafkaEnv, type Publisher, startPublisher } from '@keyturn/runtime';
import { migratedDatabase, testLog } from '@keyturn/testkit';
import { z } from 'zod';
import { type Database, openDatabase, transact } from '../database.ts';
import { migrate } from '../migrate.ts';
import { enqueue } from '../outbox.ts';
import { type Relay, type RelayOptions, startRelay } from './start-relay.ts';

export const log = testLog();
export const kafkaAt = (brokers: readonly string[]): Kafka =>
  connectKafka(z.object(kafkaEnv).parse({ KAFKA_BROKERS: brokers.join(','), KAFKA_TLS: 'false' }), log);

/** What a topic was found to hold, in the order of each partition. */
export type Read = { readonly topic: string; readonly key: string; readonly version: number; readonly headers: Record<string, string> };

/** All that comes to the topics of contacts from now on, as it comes. */
export async function readTopics(kafka: Kafka, prefix: string): Promise<{ found: Read[]; stop(): Promise<void> }> {
  const found: Read[] = [];
  const consumer = kafka.consumer({ groupId: `${prefix}reader-${Math.random()}`, heartbeatInterval: 300, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topics: [contactEvents, contactState].map(({ name }) => prefix + name), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, message }) => {
      const { version } = JSON.parse(String(message.value)) as { version: number };
      const headers = Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]));
      found.push({ topic: topic.slice(prefix.length), key: String(message.key), version, headers });
    },
  });
  return { found, stop: () => consumer.disconnect() };
}
/** The versions of one contact on one topic, as read. */
export const versionsOf = (found: readonly Read[], topic: { name: string }, key: string): number[] =>
  found.filter((one) => one.topic === topic.name && one.key === key).map(({ version }) => version);

export type Outbox = {
  readonly database: Database;
  readonly url: string;
  /** Adds the contact's next version, as every slice does: under the lock of its row. `bytes` makes event and state larger. */
  tell(contactId: string, bytes?: { event?: number; state?: number }): Promise<void>;
  waiting(): Promise<number>;
  close(): Promise<void>;
};

/** A migrated database with contacts that have told nothing yet. */
export async function testOutbox(contactIds: readonly string[]): Promise<Outbox> {
  const { url, drop } = await migratedDatabase();
  const database = openDatabase({ DATABASE_URL: url, DATABASE_SCHEMA: 'keyturn', DATABASE_CONNECTIONS_MAX: 12 }, 'test');
  await migrate(database, new Date());
  await database.pool.query(
    "insert into contact (contact_id, scope, pin_identifier, pin_at) select id, 'default', id::text, now() from unnest($1::uuid[]) as ids(id)",
    [contactIds],
  );
  const padded = (version: number, bytes = 0) => JSON.stringify({ version, padding: 'x'.repeat(bytes) });
  return {
    database,
    url,
    tell: (contactId, bytes = {}) =>
      transact(database.pool, async (tx) => {
        const { rows } = await tx.query<{ version: number }>(
          'update contact set version = version + 1 where contact_id = $1 returning version',
          [contactId],
        );
        const version = rows[0]?.version ?? 0;
        const state = { topic: contactState, value: padded(version, bytes.state) };
        await enqueue(tx, [{ key: contactId, topic: contactEvents, headers: {}, value: padded(version, bytes.event), state }]);
      }),
    waiting: async () => (await database.pool.query('select from outbox')).rowCount ?? 0,
    async close() {
      await database.close();
      await drop();
    },
  };
}

const contactTopics: readonly Topic[] = [contactEvents, contactState];
/** Makes the topics, for batches of so many bytes. */
export const makeTopics = (
  kafka: Kafka,
  prefix: string,
  messageBytesMax = contactEvents.messageBytesMax,
  topics = contactTopics,
): Promise<void> =>
  ensureTopics(
    kafka,
    prefix,
    topics.map((topic) => ({ ...topic, messageBytesMax })),
  );

/** A relay on the outbox, or on a door to it, whose publisher may be looked at. */
export function relayOn(
  outbox: { url: string },
  kafka: Kafka,
  prefix: string,
  options: Partial<RelayOptions> & { watch?: (publisher: Publisher) => Publisher } = {},
): Relay {
  const { watch = (publisher) => publisher, ...rest } = options;
  const openPublisher = async () => watch(await startPublisher({ kafka, prefix, log, timeoutMs: 1_500 }));
  return startRelay({ databaseUrl: outbox.url, schema: 'keyturn', openPublisher, log, ...rest });
}

type Door = { url: string; shut(): void; open(): void; hush(): void; close(): Promise<void> };
/** A door to PostgreSQL that can be shut: whoever came through it is cut off; hushed, they hear nothing any more. */
export async function doorTo(databaseUrl: string): Promise<Door> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server: Server = createServer((socket) => {
    if (!isOpen) return void socket.destroy();
    const behind = connect(Number(target.port), target.hostname);
    for (const [one, other] of [[socket, behind] as const, [behind, socket] as const]) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as { port: number }).port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    shut() {
      isOpen = false;
      cut();
    },
    open() {
      isOpen = true;
    },
    hush() {
      for (const socket of sockets) socket.unpipe();
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
