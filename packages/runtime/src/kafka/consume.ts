import type { Topic } from '@keyturn/contracts';
import type { Consumer, Kafka } from 'kafkajs';
import type { Log } from '../log.ts';
import { consumerMetrics } from './consumer-metrics.ts';
import { createEachBatch, type OnBatch } from './each-batch.ts';
import { keepMember } from './keep-member.ts';
import { offsetHints } from './offset-hints.ts';
import { type Place, type ResumeAt, resume } from './resume.ts';

/** What is read, by whom, and what becomes of it. */
export type ConsumeOptions = {
  readonly kafka: Kafka;
  readonly prefix: string;
  /** Without prefix. */
  readonly group: string;
  readonly topics: readonly Topic[];
  readonly onBatch: OnBatch;
  /** Asked whenever partitions are dealt out. Absent: the group's offset in Kafka counts. */
  readonly resumeAt?: ResumeAt;
  readonly log: Log;
  /** At most so many records in one batch. */
  readonly recordsMax?: number;
  /** How many partitions at a time. */
  readonly concurrency?: number;
  /** After so long without a sign of life, the group deals our partitions out to others: also how long a killed member is waited for. 6 s is the
   *  least that a broker takes as it comes. */
  readonly sessionTimeoutMs?: number;
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
};

/** A running consumer. It outlives brokers and rebalances; only `stop`, `end` and an error that is not retryable end it. */
export type Consumption = {
  /** Waits for the batches under way, leaves the group, disconnects. */
  stop(): Promise<void>;
  /** Leaves the group for good because of an error, once the batches under way are through. */
  end(error: Error): void;
  /** Reads on from there, where this member has the partition now. */
  seek(place: Place & { readonly offset: bigint }): void;
  /** Nothing after `stop`, else the error that a human must look at. */
  readonly stopped: Promise<Error | undefined>;
  /** Whether it is in the group now. One that finds all partitions dealt out already stands by. */
  isMember(): boolean;
  /** What this member reads now, topics without prefix; empty while it is not in the group. */
  assigned(): { topic: string; partition: number }[];
};

const defaults = { recordsMax: 500, concurrency: 3, sessionTimeoutMs: 6_000, retry: { firstMs: 200, maxMs: 3_000 } } as const;

/** Reads the topics as a member of the group, batch by batch: at least once, in order within a partition, several partitions at a time. The
 *  group's offset in Kafka follows `onBatch`'s answer, a second later at most, and is a hint only. Resolves after the first attempt to join; throws
 *  `kafka.unavailable` where no broker can be reached or a topic is missing. */
export async function consume(options: ConsumeOptions): Promise<Consumption> {
  const { kafka, prefix, group, topics, onBatch, resumeAt, log } = options;
  const { recordsMax, concurrency, sessionTimeoutMs, retry } = { ...defaults, ...options };
  const byName = new Map(topics.map((topic) => [prefix + topic.name, topic]));
  const hints = offsetHints(log);
  const batches = createEachBatch({ group, onBatch, hints, log, recordsMax, retry });
  let joined: Consumer | undefined;
  const member = await keepMember({
    kafka,
    prefix,
    log,
    groupId: prefix + group,
    topicNames: [...byName.keys()],
    sessionTimeoutMs,
    underWay: () => batches.allThrough().then(hints.stop), // who has left can tell nothing
    onJoin(consumer, assigned) {
      joined = consumer;
      batches.forget();
      if (resumeAt) void resume(consumer, assigned, { prefix, resumeAt, log });
    },
    run: (consumer, member) =>
      consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: concurrency,
        eachBatch: async (payload) => {
          const topic = byName.get(payload.batch.topic);
          if (topic) await batches.eachBatch(member, topic, payload);
        },
      }),
  });
  const hide = consumerMetrics(group).showAssigned(topics, member.assigned);
  return {
    ...member,
    async stop() {
      await Promise.all([hints.stop(), member.stop()]).finally(hide); // the hints are on their way before the member leaves
    },
    seek({ topic, partition, offset }) {
      const isOurs = member.assigned().some((one) => one.topic === topic && one.partition === partition);
      const known = byName.get(prefix + topic);
      if (!isOurs || known === undefined) return;
      batches.leave(known, partition);
      joined?.seek({ topic: prefix + topic, partition, offset: String(offset) });
    },
  };
}
