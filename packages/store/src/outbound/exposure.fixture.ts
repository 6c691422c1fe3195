import { contactEvents, type InboundEvent, inbound, type Topic } from '@keyturn/contracts';
import type { Identifier, Told } from '@keyturn/domain';
import { inboundRecord } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { applyBatch } from '../consume/apply-batch.ts';
import type { ConsumerDefinition, Run } from '../consume/run.ts';
import { stopRule } from '../consume/stop-rule.ts';
import { contactConsumer, identityConsumer } from '../consumers.ts';
import type { Database } from '../database.ts';
import { directoryDatabase, NOW } from '../directory/directory.fixture.ts';
import { holdersNow } from '../directory/holders-now.ts';

const consumers = [contactConsumer, identityConsumer] as unknown as ConsumerDefinition<unknown, unknown, Told>[];

/** The contact and the identity consumer on a database, as their topics would bring things. */
export type Consumers = {
  /** Both apply these as one batch, then what the directory told. Answers how each record ended with the contact consumer. */
  take(events: readonly InboundEvent[], facets?: string): Promise<string[]>;
  /** The same; answers how each ended with the identity consumer. */
  identityEnds(events: readonly InboundEvent[]): Promise<string[]>;
  holder(identifier: Identifier, at: number): Promise<string | null>;
};

/** A database of its own, with consumers that have read nothing. */
export async function lineWithDatabase(): Promise<{ database: Database; line: Consumers; close(): Promise<void> }> {
  const { databases, close } = await directoryDatabase();
  const [database] = databases as [Database];
  return { database, line: consumersOn(database), close };
}

function consumersOn({ pool }: Database): Consumers {
  let told = '0';
  let partition = 0;
  const apply = async (topic: Topic, records: Run['records']) => {
    partition++;
    const run = { topic, partition, from: null, to: BigInt(records.length), caughtUpAt: NOW, attempt: 1 };
    const numbered = records.map((record, i) => ({ ...record, offset: BigInt(i) }));
    const ended: string[][] = [];
    for (const consumer of consumers) {
      const shell = { pool, now: () => NOW, newContactId: v7, stopRule: stopRule(consumer.group) };
      const ends = await applyBatch(shell, consumer, { ...run, records: numbered });
      ended.push(ends.map((end) => (end.kind === 'skipped' ? end.reason : end.kind)));
    }
    return ended;
  };
  const follow = async () => {
    const { rows } = await pool.query<{ key: string; value: Buffer; headers: Record<string, string>; position: string }>(
      'select key, value, headers, position from outbox where topic = $1 and position > $2 order by position',
      [contactEvents.name, told],
    );
    told = rows.at(-1)?.position ?? told;
    const records = rows.map(({ key, value, headers }) => ({ key, value, headers, offset: 0n, timestamp: 0 }));
    if (records.length > 0) await apply(contactEvents, records);
  };
  const takeAll = async (events: readonly InboundEvent[], facets?: string) => {
    const ended = await apply(
      inbound,
      events.map((event) => inboundRecord(event, 0n, facets)),
    );
    await follow();
    return ended;
  };
  return {
    take: async (events, facets) => (await takeAll(events, facets))[0] ?? [],
    identityEnds: async (events) => (await takeAll(events))[1] ?? [],
    holder: async (identifier, at) => (await holdersNow(pool, [{ scope: 'default', identifier, at }]))[0] ?? null,
  };
}
