import { expect } from '@jest/globals';
import { contactEvents, type Group, type InboundEvent, inbound, type Topic } from '@keyturn/contracts';
import { consentSlice, contactSlice, identitySlice, type Slice, type Told } from '@keyturn/domain';
import type { IncomingRecord } from '@keyturn/runtime';
import { inboundRecord } from '@keyturn/testkit';
import { v7 } from 'uuid';
import type { Database } from '../database.ts';
import { directoryDatabase, NOW } from '../directory/directory.fixture.ts';
import type { Repository } from '../repository.ts';
import { consentRepository } from '../slices/consent-repository.ts';
import { contactRepository } from '../slices/contact-repository.ts';
import { identityRepository } from '../slices/identity-repository.ts';
import { applyBatch } from './apply-batch.ts';
import type { ConsumerDefinition } from './run.ts';
import { stopRule } from './stop-rule.ts';

const facets = ['hash', 'link', 'number', 'error', 'window', 'consent', 'status'] as const;
const consumerOf = <State, View, T extends Told>(group: Group, slice: Slice<State, View, T>, repository: Repository<State, T>) =>
  ({
    group,
    slice,
    repository,
    facets,
    topics: [inbound, contactEvents],
    tells: { events: { ...contactEvents, name: `${group}.events.v1` }, state: contactEvents },
  }) as unknown as ConsumerDefinition<unknown, unknown, Told>;
const consumers = [
  consumerOf('contact', contactSlice, contactRepository),
  consumerOf('identity', identitySlice, identityRepository),
  consumerOf('consent', consentSlice, consentRepository),
];

/** What the directory has told, as a row of the outbox. */
export type ToldRow = { key: string; value: Buffer; headers: Record<string, string>; position: string };
/** A database with all three consumers, which apply what they are given, one after the other, and lose nothing. */
export type SlicesWorld = Awaited<ReturnType<typeof slicesWorld>>;
export async function slicesWorld() {
  const { databases, close } = await directoryDatabase();
  const { pool } = databases[0] as Database;
  let places = 0;
  let told = '0';
  const run = async (topic: Topic, records: readonly IncomingRecord[]): Promise<void> => {
    if (records.length === 0) return;
    const partition = ++places;
    const numbered = records.map((record, i) => ({ ...record, offset: BigInt(i) }));
    const shell = { pool, now: () => NOW, newContactId: v7 };
    for (const consumer of consumers) {
      const ended = await applyBatch({ ...shell, stopRule: stopRule(consumer.group) }, consumer, {
        ...{ topic, partition, records: numbered, from: null, to: BigInt(records.length), caughtUpAt: NOW, attempt: 1 },
      });
      expect(ended.filter((one) => one.kind === 'dead_lettered')).toEqual([]);
    }
  };
  return {
    pool,
    close,
    /** One batch of the inbound topic. */
    take: (events: readonly InboundEvent[]) =>
      run(
        inbound,
        events.map((event) => inboundRecord(event, 0n)),
      ),
    /** What the directory has told since, as its topic would bring it; `shuffle`: as other partitions would. */
    async hear(shuffle = (rows: ToldRow[]): ToldRow[] => rows): Promise<void> {
      const { rows } = await pool.query<ToldRow>(
        'select key, value, headers, position from outbox where topic = $1 and position > $2 order by position',
        [contactEvents.name, told],
      );
      told = rows.at(-1)?.position ?? told;
      await run(
        contactEvents,
        shuffle(rows).map(({ key, value, headers }) => ({ key, value, headers, offset: 0n, timestamp: 0 })),
      );
    },
  };
}
