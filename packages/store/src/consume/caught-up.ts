import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@keyturn/contracts';
import { backoffMs, type Kafka, type Log } from '@keyturn/runtime';
import type pg from 'pg';
import { appliedBeyond, beginAtLogStart, stillCaughtUp } from './offsets.ts';
import type { ConsumerDefinition } from './run.ts';

const INTERVAL_MS = 1_000;
const START_ATTEMPTS_MAX = 20;

type Admin = ReturnType<Kafka['admin']>;

type Options = {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly pool: pg.Pool;
  readonly definition: Pick<ConsumerDefinition<never, never, never>, 'group' | 'topics'>;
  readonly log: Log;
};

/** Keeps the instant up to which a group has caught up moving while its topics are idle: where the log ends at the group's offset, nothing is missing.
 *  At the start, partitions that the group never read begin where their logs do. Throws `log.shorter_than_state` then where a log ends before what
 *  was applied from it: the topic was made anew, and its next records would be taken for applied. A broker that can't be asked moves nothing. */
export async function keepCaughtUp(options: Options): Promise<{ stop(): Promise<void> }> {
  const admin = options.kafka.admin();
  await admin.connect();
  await firstLook(options, admin);
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(async () => {
      if (!stopped)
        await look(options, admin, false).catch((error: Error) =>
          options.log.debug({ reason: error.message }, 'could not ask for the log’s end'),
        );
    });
  }, INTERVAL_MS);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
      await admin.disconnect();
    },
  };
}

/** A broker may answer for a partition only a moment after it has made it; one that does not within seconds is not there. */
async function firstLook(options: Options, admin: Admin): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await look(options, admin, true);
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (attempt === START_ATTEMPTS_MAX)
        throw new AppError('kafka.unavailable', 'Kafka does not say where its topics end', { cause: error });
      await pause(backoffMs(attempt, { firstMs: 50, maxMs: 1_000 }));
    }
  }
}

async function look({ prefix, pool, definition }: Options, admin: Admin, starting: boolean): Promise<void> {
  for (const topic of definition.topics) {
    const askedAt = new Date();
    const offsets = await admin.fetchTopicOffsets(prefix + topic.name);
    const ends = offsets.map(({ partition, high, low }) => ({ partition, high: BigInt(high), low: BigInt(low) }));
    const place = { group: definition.group, topic: topic.name };
    const [beyond] = starting ? await appliedBeyond(pool, place, ends) : [];
    if (beyond !== undefined) throw shorter({ ...place, ...beyond });
    if (starting) await beginAtLogStart(pool, place, ends);
    await stillCaughtUp(pool, place, ends, askedAt);
  }
}

const shorter = ({
  group,
  topic,
  partition,
  next,
  high,
}: {
  group: string;
  topic: string;
  partition: number;
  next: bigint;
  high: bigint;
}) =>
  new AppError(
    'log.shorter_than_state',
    `${topic}/${partition} ends at ${high}, but ${group} has applied it up to ${next}: the topic was made anew beside an old database. ` +
      'Restore the topic, or use a new database or KAFKA_PREFIX, or (embedded) run: npm run reset.',
  );
