import { type InboundEvent, inbound } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import { inboundRecord } from '@keyturn/testkit';
import { v7 } from 'uuid';
import type { Database } from '../database.ts';
import { directoryDatabase, NOW } from '../directory/directory.fixture.ts';
import type { Ended, Run, Shell } from './run.ts';
import { stopRule } from './stop-rule.ts';

/** A database that two members use, and batches for them of a partition that is new to each test. */
export type Batches = Awaited<ReturnType<typeof batchesWorld>>;
export async function batchesWorld() {
  const { databases, close } = await directoryDatabase(2);
  const pool = (index = 0) => (databases[index] as Database).pool;
  const query = async <Row>(text: string, values: unknown[] = []) => (await pool().query(text, values)).rows as Row[];
  const world = {
    ...{ databases, close, pool, query },
    partition: 0,
    place: () => ({ group: 'identity', topic: inbound.name, partition: world.partition }),
    shellOf: (index = 0): Shell => ({ pool: pool(index), now: () => NOW, newContactId: v7, stopRule: stopRule('identity') }),
    runOf: (records: readonly IncomingRecord[], from: bigint | null = null): Run => ({
      ...{ topic: inbound, partition: world.partition, records, from, caughtUpAt: NOW, attempt: 1 },
      to: (records.at(-1)?.offset ?? -1n) + 1n,
    }),
    statusOf: async (contactId: string) =>
      (
        await query<{ status: string; version: number }>('select status, version from identity_state where contact_id = $1', [contactId])
      )[0],
  };
  return world;
}

export const recordsOf = (...events: InboundEvent[]) => events.map((event, i) => inboundRecord(event, BigInt(i)));
/** Whom a record was about that was applied. */
export const contactOf = (ended: readonly Ended[], i: number): string => {
  const one = ended[i];
  if (one === undefined || !('contactId' in one)) throw new Error(`record ${i} was not applied: ${JSON.stringify(one)}`);
  return one.contactId;
};
let people = 0;
export const newNumber = () => `4915700${String(++people).padStart(6, '0')}`;
