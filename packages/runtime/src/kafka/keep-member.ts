import { AppError } from '@keyturn/contracts';
import type { Consumer, Kafka } from 'kafkajs';
import { backoffMs } from '../backoff.ts';
import type { Log } from '../log.ts';
import type { Consumption } from './consume.ts';
import { compressedOtherwise, kafkaRoot, kafkaUnavailable } from './kafka-fault.ts';

/** The consumer as its batches see it. */
export type Member = {
  /** The client now; a crash makes a new one. */
  consumer(): Consumer;
  ended(): boolean;
  /** Leaves the group for good because of an error, once the batches under way are through. */
  end(error: Error): void;
};

type Options = {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly groupId: string;
  readonly topicNames: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly log: Log;
  /** The group has dealt its partitions out anew: what was known about them may be out of date. */
  readonly onJoin: (consumer: Consumer, assigned: Assignment) => void;
  /** Resolves once the batches under way are through. */
  readonly underWay: () => Promise<void>;
  readonly run: (consumer: Consumer, member: Member) => Promise<void>;
};

const RESTART = { firstMs: 250, maxMs: 3_000 };

function createConsumer({ kafka, groupId, sessionTimeoutMs }: Options): Consumer {
  return kafka.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: 30_000,
    heartbeatInterval: 300, // 57 ms until a joining member is assigned, not 1.5 s
    minBytes: 1,
    maxWaitTimeInMs: 500, // costs no latency; also how long a stop or a rebalance may wait for an idle fetch
    maxBytesPerPartition: 1_048_576,
    maxBytes: 10_485_760,
    allowAutoTopicCreation: false,
    retry: { retries: 5, restartOnFailure: async () => false }, // restarted here, whatever the error
  });
}

/** What goes wrong on the way out changes nothing: the group notices within the session timeout. */
const leave = (consumer: Consumer): Promise<void> => consumer.disconnect().catch(() => {});

/** While it waits nothing new is begun: see `Member.ended`. */
const leaveAfter = (underWay: Promise<void>, consumer: Consumer): Promise<void> => underWay.then(() => leave(consumer));

async function leaveFor(error: Error, consumer: Consumer): Promise<never> {
  await leave(consumer);
  throw error;
}

type Assignment = ReturnType<Consumption['assigned']>;

const assignmentOf = (dealt: Readonly<Record<string, number[]>>, prefix: string): Assignment =>
  Object.entries(dealt).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic: topic.slice(prefix.length), partition })));

const logStop = (log: Log, groupId: string, error: Error): void => {
  const code = error instanceof AppError ? error.code : error.name;
  log.error({ groupId, code, stack: error.stack }, `stop and page: the consumer stopped, nothing is lost. ${error.message}`);
};

/** Keeps one member in the group until it is told to end: whatever crashes the client, but records that nobody here can read, a new one takes its place,
 *  with growing pauses.
 *  Resolves after its first attempt to join; throws `kafka.unavailable` where no broker can be reached or a topic is missing. */
export async function keepMember(options: Options): Promise<Omit<Consumption, 'seek'>> {
  const { log, prefix, groupId, topicNames, onJoin, run } = options;
  let consumer = createConsumer(options);
  let assignment: Assignment | null = null; // null: not in the group
  let crashes = 0;
  let ending: Promise<void> | null = null;
  let failed = false;
  let wake: () => void = () => {};
  const { promise: stopped, resolve: resolveStopped } = Promise.withResolvers<Error | undefined>();

  const end = (error: Error | undefined): Promise<void> => {
    ending ??= leaveAfter(options.underWay(), consumer).then(() => {
      assignment = null;
      resolveStopped(error);
    });
    wake();
    return ending;
  };
  const member: Member = {
    consumer: () => consumer,
    ended: () => failed || ending !== null,
    end(error) {
      if (failed || ending) return;
      failed = true;
      logStop(log, groupId, error);
      setImmediate(() => void end(error)); // not from within a batch: leaving waits for all of them
    },
  };

  async function join(): Promise<void> {
    const joining = consumer;
    consumer.on('consumer.group_join', ({ payload }) => {
      crashes = 0;
      assignment = assignmentOf(payload.memberAssignment, prefix);
      onJoin(joining, assignment);
    });
    consumer.on('consumer.rebalancing', () => {
      assignment = null;
    });
    consumer.on('consumer.crash', ({ payload }) => void rejoin(payload.error));
    await consumer.connect();
    await consumer.subscribe({ topics: [...topicNames], fromBeginning: true });
    if (!ending) await run(consumer, member);
    if (ending) await leave(consumer); // told to end while it joined
  }

  async function rejoin(error: unknown): Promise<void> {
    assignment = null;
    const lasting = compressedOtherwise(groupId, error);
    if (lasting !== null) return member.end(lasting);
    for (let fault = error; !ending; ) {
      const waitMs = backoffMs(crashes, RESTART);
      crashes += 1;
      log.warn({ groupId, error: kafkaRoot(fault).message, wait_ms: waitMs }, 'the consumer lost Kafka and joins again');
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, waitMs);
      });
      if (ending) return;
      consumer = createConsumer(options);
      try {
        return await join();
      } catch (next) {
        fault = next;
        await leave(consumer);
      }
    }
  }

  await join().catch((error: unknown) => leaveFor(kafkaUnavailable(`group ${groupId} can't be joined`, error), consumer));
  return { stop: () => end(undefined), end: member.end, stopped, isMember: () => assignment !== null, assigned: () => assignment ?? [] };
}
