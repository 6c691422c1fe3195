import { randomUUID } from 'node:crypto';
import {
  type ConsentEvent,
  type ContactEvent,
  consentEvents,
  contactEvents,
  type IdentityEvent,
  identityEvents,
  type Topic,
} from '@keyturn/contracts';
import { connectKafka, createLog } from '@keyturn/runtime';
import type { Instance } from './instance.ts';
import { storyBroke } from './story-broke.ts';
import { until } from './until.ts';

/** What is told downstream about contacts. */
export type Told = ContactEvent | IdentityEvent | ConsentEvent;
/** Everything that was told since the story began, as any downstream reads it. */
export type Followed = {
  /** All events about a contact so far, in the order in which they came. */
  about(contactId: string): readonly Told[];
  /** The first event of a type about a contact, once it is there. */
  next(contactId: string, type: Told['type'], version?: number): Promise<Told>;
  count(type: Told['type'], contactIds: ReadonlySet<string>): number;
  stop(): Promise<void>;
};

const topics: readonly Topic[] = [contactEvents, identityEvents, consentEvents];

/** Reads the event topics from their present end on. Each event is held against its published schema. */
export async function followTopics({ kafka: config }: Instance): Promise<Followed> {
  const kafka = connectKafka(config, createLog('simulate', { level: 'silent' }));
  const [admin, groupId] = [kafka.admin(), `${config.KAFKA_PREFIX}simulate-${randomUUID()}`];
  const consumer = kafka.consumer({ groupId, heartbeatInterval: 300, maxWaitTimeInMs: 100 });
  const told: Told[] = [];
  let broken: unknown;
  const names = topics.map(({ name }) => config.KAFKA_PREFIX + name);
  try {
    await Promise.all([admin.connect(), consumer.connect()]);
    const ends = await Promise.all(names.map((topic) => admin.fetchTopicOffsets(topic)));
    await consumer.subscribe({ topics: names });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, message }) => {
        const schema = topics[names.indexOf(topic)]?.schema;
        const parsed = schema?.safeParse(JSON.parse(String(message.value)));
        if (parsed?.success) told.push(parsed.data as Told);
        else broken ??= storyBroke(`A record of ${topic} is not what its schema says: ${parsed?.error.message}`);
      },
    });
    names.forEach((topic, i) => {
      for (const { partition, high } of ends[i] ?? []) consumer.seek({ topic, partition, offset: high });
    });
  } catch (error) {
    throw storyBroke(
      `The topics can't be read at ${config.KAFKA_BROKERS.join(', ')}: ${String(error)}. Run npm start first and leave it running.`,
      error,
    );
  }
  return {
    about: (contactId) => told.filter((event) => event.contactId === contactId),
    count: (type, contactIds) =>
      new Set(told.filter((event) => event.type === type && contactIds.has(event.contactId)).map(({ contactId }) => contactId)).size,
    next: (contactId, type, version = 1) =>
      until(`an event ${type} about ${contactId}`, () => {
        if (broken) throw broken;
        return told.find((event) => event.contactId === contactId && event.type === type && event.version >= version);
      }),
    async stop() {
      await consumer.disconnect();
      await admin.deleteGroups([groupId]).catch(() => {}); // one that never joined is not there
      await admin.disconnect();
    },
  };
}
