import { type AppError, isRetryable, type Topic } from '@keyturn/contracts';
import type { EachBatchPayload } from 'kafkajs';
import { backoffMs } from '../backoff.ts';
import type { Log } from '../log.ts';
import { reach } from '../points.ts';
import { consumerMetrics } from './consumer-metrics.ts';
import { type IncomingBatch, piecesOf } from './incoming.ts';
import type { Member } from './keep-member.ts';
import { logGap } from './log-gap.ts';
import type { OffsetHints } from './offset-hints.ts';

/** Decides on a batch and answers the offset it wants next, usually the last one + 1. A retryable `AppError` brings the same records again,
 *  later; any other error stops the consumer. */
export type OnBatch = (batch: IncomingBatch) => Promise<{ nextOffset: bigint }>;

type Options = {
  readonly group: string;
  readonly onBatch: OnBatch;
  readonly hints: OffsetHints;
  readonly log: Log;
  readonly recordsMax: number;
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
};
/** What is known of a partition while this member has it. `askedFor`: the earlier offset that `onBatch` wanted to see again. */
type Partition = { readonly topic: Topic; readonly partition: number; attempts: number; askedFor: bigint | null };
type Outcome = { kind: 'done' } | { kind: 'retry'; error: AppError } | { kind: 'stop'; error: Error };

const HEARTBEAT_MS = 300;

/** Keeps the member in its group while a batch takes its time. */
function whileBeating<T>(payload: EachBatchPayload, work: Promise<T>): Promise<T> {
  // A heartbeat that fails says that the group moves on; kafkajs asks again right after the batch and joins anew.
  const timer = setInterval(() => void payload.heartbeat().catch(() => {}), HEARTBEAT_MS);
  return work.finally(() => clearInterval(timer));
}

/** An offset asked for again that the log no longer has: to go on would skip records in silence. */
function refuseGap({ topic, partition, askedFor }: Partition, piece: IncomingBatch): void {
  const found = piece.records[0]?.offset;
  if (askedFor === null || found === undefined || found <= askedFor) return;
  throw logGap(`${topic.name}/${partition}`, askedFor, found);
}

/** Sees what one fetch brought of one partition through `onBatch`, piece by piece, and never throws: that would stop all partitions of the
 *  member. A retryable failure pauses this partition, any other ends the member. */
export function createEachBatch({ group, onBatch, hints, log, recordsMax, retry }: Options) {
  const partitions = new Map<string, Partition>();
  const measured = consumerMetrics(group);

  const stateOf = (topic: Topic, partition: number): Partition => {
    const name = `${topic.name} ${partition}`;
    const state = partitions.get(name) ?? { topic, partition, attempts: 0, askedFor: null };
    partitions.set(name, state);
    return state;
  };

  async function decide(piece: IncomingBatch, state: Partition): Promise<bigint> {
    reach('consumer.polled', { group, topic: piece.topic.name, partition: piece.partition });
    refuseGap(state, piece);
    const took = measured.startBatch(piece.topic);
    const { nextOffset } = await onBatch(piece).finally(took);
    state.attempts = 0;
    state.askedFor = null;
    return nextOffset;
  }

  async function decideAll(member: Member, payload: EachBatchPayload, state: Partition): Promise<Outcome> {
    const { batch } = payload;
    let next: bigint | null = null;
    let outcome: Outcome = { kind: 'done' };
    try {
      for (const piece of piecesOf(batch, state.topic, recordsMax)) {
        if (!payload.isRunning() || payload.isStale()) break;
        next = await decide(piece, state);
        const last = piece.records.at(-1)?.offset ?? next;
        if (next !== last + 1n) {
          if (next <= last) state.askedFor = next;
          member.consumer().seek({ topic: batch.topic, partition: batch.partition, offset: String(next) });
          break;
        }
        payload.resolveOffset(String(last));
      }
    } catch (error) {
      outcome = isRetryable(error) ? { kind: 'retry', error: error as AppError } : { kind: 'stop', error: error as Error };
    }
    if (next !== null) await hints.passed(payload, next);
    return outcome;
  }

  function retryLater(payload: EachBatchPayload, state: Partition, error: AppError): void {
    const waitMs = backoffMs(state.attempts, retry);
    state.attempts += 1;
    const { topic, partition, attempts } = state;
    measured.retry(topic);
    log.warn(
      { group, topic: topic.name, partition, code: error.code, attempts, wait_ms: waitMs },
      `a batch is tried again: ${error.message}`,
    );
    setTimeout(payload.pause(), waitMs).unref();
  }

  return {
    async eachBatch(member: Member, topic: Topic, payload: EachBatchPayload): Promise<void> {
      if (member.ended()) return;
      const state = stateOf(topic, payload.batch.partition);
      const outcome = await whileBeating(payload, decideAll(member, payload, state));
      if (outcome.kind === 'retry') retryLater(payload, state, outcome.error);
      if (outcome.kind === 'stop') member.end(outcome.error);
    },
    /** The partitions are dealt out anew: what was known about them may be out of date. */
    forget(): void {
      partitions.clear();
      hints.forget();
    },
  };
}
