import { type AppError, isRetryable, type Topic } from '@keyturn/contracts';
import type { Batch, EachBatchPayload } from 'kafkajs';
import { backoffMs } from '../backoff.ts';
import type { Log } from '../log.ts';
import { reach } from '../points.ts';
import { consumerMetrics } from './consumer-metrics.ts';
import { type IncomingBatch, piecesOf } from './incoming.ts';
import type { Member } from './keep-member.ts';
import { logGap } from './log-gap.ts';
import type { OffsetHints } from './offset-hints.ts';
import { type PartitionHand, partitionHands } from './partition-hands.ts';

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
type Outcome = { kind: 'done' } | { kind: 'retry'; error: AppError } | { kind: 'stop'; error: Error };
/** `from`: where it is to be read on, if that is not behind the batch. */
type Ended = Outcome & { readonly from: bigint | null };

const HEARTBEAT_MS = 300;

/** Keeps the member in its group while a batch takes its time. */
function whileBeating<T>(payload: EachBatchPayload, work: Promise<T>): Promise<T> {
  // A heartbeat that fails says that the group moves on; kafkajs asks again right after the batch and joins anew.
  const timer = setInterval(() => void payload.heartbeat().catch(() => {}), HEARTBEAT_MS);
  return work.finally(() => clearInterval(timer));
}

/** An offset asked for again that the log no longer has: to go on would skip records in silence. */
function refuseGap({ topic, partition, askedFor }: PartitionHand, piece: IncomingBatch): void {
  const found = piece.records[0]?.offset;
  if (askedFor === null || found === undefined || found <= askedFor) return;
  throw logGap(`${topic.name}/${partition}`, askedFor, found);
}

/** Whether nothing more of a batch is to be begun. */
const isOver = (member: Member, payload: EachBatchPayload): boolean => member.ended() || !payload.isRunning() || payload.isStale();

/** Whether the log goes on behind a batch by as much as `onBatch` takes at a time. */
const isBehind = ({ highWatermark, messages }: Batch, recordsMax: number): boolean =>
  Number(highWatermark) - Number(messages.at(-1)?.offset) > recordsMax;

/** Puts what one fetch brought through `onBatch`, piece by piece, until one fails, asks for another offset, or nothing more is to be begun. */
function pieceByPiece({ group, onBatch, hints, recordsMax }: Options) {
  const measured = consumerMetrics(group);

  async function decide(piece: IncomingBatch, hand: PartitionHand): Promise<bigint> {
    reach('consumer.polled', { group, topic: piece.topic.name, partition: piece.partition });
    refuseGap(hand, piece);
    const took = measured.startBatch(piece.topic);
    const { nextOffset } = await onBatch(piece).finally(took);
    hand.attempts = 0;
    hand.askedFor = null;
    return nextOffset;
  }

  return async (member: Member, payload: EachBatchPayload, hand: PartitionHand): Promise<Ended> => {
    const { turn } = hand;
    const isMine = () => turn === hand.turn;
    let next: bigint | null = null;
    let from: bigint | null = null;
    let outcome: Outcome = { kind: 'done' };
    try {
      for (const piece of piecesOf(payload.batch, hand.topic, recordsMax)) {
        if (!isMine() || isOver(member, payload)) break;
        from = piece.records[0]?.offset ?? null;
        next = await decide(piece, hand);
        const last = piece.records.at(-1)?.offset ?? next;
        from = next === last + 1n ? null : next;
        if (from === null) continue;
        if (next <= last && isMine()) hand.askedFor = next;
        break;
      }
    } catch (error) {
      outcome = isRetryable(error) ? { kind: 'retry', error: error as AppError } : { kind: 'stop', error: error as Error };
    }
    if (next !== null && isMine()) await hints.passed(payload, next);
    return { ...outcome, from };
  };
}

/** Sees what one fetch brought of one partition through `onBatch`, and never throws: that would stop all partitions of the member. A retryable
 *  failure pauses this partition, any other ends the member. Where the log goes on, the next fetch is on its way meanwhile, one batch ahead and no
 *  more: its records wait until those before them are through. */
export function createEachBatch(options: Options) {
  const { group, hints, log, recordsMax, retry } = options;
  const hands = partitionHands();
  const decideAll = pieceByPiece(options);

  async function seeThrough(member: Member, payload: EachBatchPayload, hand: PartitionHand): Promise<void> {
    const { turn } = hand;
    const outcome = await decideAll(member, payload, hand);
    if (outcome.kind === 'stop') return member.end(outcome.error);
    if (turn !== hand.turn || !payload.isRunning()) return;
    if (outcome.from !== null) readFrom(member, payload, hand, outcome.from);
    if (outcome.kind === 'retry') retryLater(payload, hand, outcome.error);
  }

  function readFrom(member: Member, { batch: { topic, partition } }: EachBatchPayload, hand: PartitionHand, offset: bigint): void {
    hand.turn += 1;
    member.consumer().seek({ topic, partition, offset: String(offset) });
  }

  function retryLater(payload: EachBatchPayload, hand: PartitionHand, error: AppError): void {
    const waitMs = backoffMs(hand.attempts, retry);
    hand.attempts += 1;
    const { topic, partition, attempts } = hand;
    consumerMetrics(group).retry(topic);
    log.warn(
      { group, topic: topic.name, partition, code: error.code, attempts, wait_ms: waitMs },
      `a batch is tried again: ${error.message}`,
    );
    setTimeout(payload.pause(), waitMs).unref();
  }

  return {
    async eachBatch(member: Member, topic: Topic, payload: EachBatchPayload): Promise<void> {
      const { batch } = payload;
      const hand = hands.of(topic, batch.partition);
      const { turn } = hand;
      await whileBeating(payload, member.ended() ? hands.allThrough() : hand.inHand);
      if (turn !== hand.turn || isOver(member, payload)) return;
      payload.resolveOffset(String(batch.messages.at(-1)?.offset)); // the next fetch goes on behind it
      hand.inHand = seeThrough(member, payload, hand);
      if (!isBehind(batch, recordsMax)) await whileBeating(payload, hand.inHand);
    },
    leave: hands.leave,
    /** The partitions are dealt out anew. */
    forget(): void {
      hands.forget();
      hints.forget();
    },
    allThrough: hands.allThrough,
  };
}
