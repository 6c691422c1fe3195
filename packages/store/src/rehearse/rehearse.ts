import { setTimeout as pause } from 'node:timers/promises';
import { AppError, contactEvents, inbound, isRetryable, type Topic } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { applyBatch } from '../consume/apply-batch.ts';
import { tally } from '../consume/consumer-metrics.ts';
import type { Ended, Shell } from '../consume/run.ts';
import { neverStops } from '../consume/stop-rule.ts';
import { consentConsumer, contactConsumer, identityConsumer } from '../consumers.ts';
import { rolledBack } from './rolled-back.ts';
import { type Rehearsed, readChanges, readTold, rehearsalStart } from './told-within.ts';

/** A record that is not in the log. */
export type Candidate = Pick<IncomingRecord, 'key' | 'value' | 'headers'>;
/** What would become of candidates: each change as the journal would have it, and how often records would end how, by consumer. */
export type Rehearsal = {
  readonly changes: readonly Rehearsed[];
  readonly ended: Readonly<Record<string, Readonly<Record<string, number>>>>;
};

const CONSUMERS = [contactConsumer, identityConsumer, consentConsumer];
/** No log has it. */
const PARTITION = -1;
const ATTEMPTS_MAX = 20;
const PAUSE_MS = 200;

/** Lets all consumers apply these inbound records, and follow what the directory then tells, exactly as they would, in one transaction that is rolled
 *  back: nothing is changed, and what is answered is what would be. The records carry the header `replay-id` with `replayId`, by which their
 *  changes are found. For as long as it takes it holds the rows of those whom they are about; a row that others hold it gives up, and comes again.
 *  Throws `store.unavailable`. */
export async function rehearse(pool: pg.Pool, candidates: readonly Candidate[], replayId: string, now: () => Date): Promise<Rehearsal> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rolledBack(pool, (inside) => applyAll(inside, candidates, replayId, now));
    } catch (error) {
      if (!(error instanceof AppError) || !isRetryable(error) || attempt === ATTEMPTS_MAX) throw error;
      await pause(PAUSE_MS);
    }
  }
}

async function applyAll(pool: pg.Pool, candidates: readonly Candidate[], replayId: string, now: () => Date): Promise<Rehearsal> {
  const start = await rehearsalStart(pool);
  const ended = new Map<string, Ended[]>();
  const shell: Shell = { pool, now, newContactId: uuidv7, stopRule: neverStops };
  const heads = new Map<string, bigint>();
  await all(shell, inbound, candidates, heads, ended);
  for (let after = start.position; ; ) {
    const told = await readTold(pool, contactEvents, after, replayId);
    if (told.records.length === 0) break;
    await all(shell, contactEvents, told.records, heads, ended);
    after = told.position;
  }
  const counts = [...ended].map(([group, each]) => [group, tally(each)] as const);
  return { changes: await readChanges(pool, start.entryId, replayId), ended: Object.fromEntries(counts) };
}

/** Each consumer in turn, as the next records of a log that none of them has read. */
async function all(
  shell: Shell,
  topic: Topic,
  candidates: readonly Candidate[],
  heads: Map<string, bigint>,
  ended: Map<string, Ended[]>,
): Promise<void> {
  const from = heads.get(topic.name) ?? null;
  const first = from ?? 0n;
  const timestamp = shell.now().getTime();
  const records = candidates.map((candidate, i): IncomingRecord => ({ ...candidate, offset: first + BigInt(i), timestamp }));
  const to = first + BigInt(records.length);
  const run = { topic, partition: PARTITION, records, from, to, caughtUpAt: shell.now(), attempt: 1 };
  for (const consumer of CONSUMERS) {
    const each = await applyBatch<unknown, unknown, never>(shell, consumer as never, run);
    ended.set(consumer.group, [...(ended.get(consumer.group) ?? []), ...each]);
  }
  heads.set(topic.name, to);
}
