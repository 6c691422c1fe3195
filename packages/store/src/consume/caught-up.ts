import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type Topic } from '@keyturn/contracts';
import { backoffMs, type Kafka, type Log } from '@keyturn/runtime';
import type pg from 'pg';
import { appliedBeyond, beginAtLogStart, stillCaughtUp } from './offsets.ts';
import type { Progress } from './progress.ts';
import type { ConsumerDefinition } from './run.ts';

const INTERVAL_MS = 1_000;
const START_ATTEMPTS_MAX = 20;

type Admin = ReturnType<Kafka['admin']>;

type Options = {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly pool: pg.Pool;
  readonly definition: Pick<ConsumerDefinition<never, never, never>, 'group' | 'topics'>;
  /** Told what the looks find. */
  readonly progress: Progress;
  readonly log: Log;
};

/** Keeps the instant up to which a group has caught up moving while its topics are idle: where the log ends at the group's offset, nothing is missing.
 *  At the start, partitions that the group never read begin where their logs do. Throws `log.shorter_than_state` then where a log ends before what
 *  was applied from it: the topic was made anew, and its next records would be taken for applied. A broker that can't be asked moves nothing. */
export async function keepCaughtUp(options: Options): Promise<{ stop(): Promise<void> }> {
  const admin = options.kafka.admin();
  await admin.connect();
  await firstLook(options, admin);
  const looking = new Set<Promise<void>>();
  /** A look that takes long is not joined by others; and while PostgreSQL is silent, Kafka is still asked. */
  const once = (what: () => Promise<void>) => {
    let busy = false;
    return () => {
      if (busy) return;
      busy = true;
      const look = what()
        .catch((error: Error) => options.log.debug({ reason: error.message }, 'could not look how far the group is'))
        .finally(() => {
          busy = false;
          looking.delete(look);
        });
      looking.add(look);
    };
  };
  const looks = options.definition.topics.map((topic) => {
    let found: Ends | null = null;
    const store = once(async () => {
      if (found !== null) await storeLook(options, topic, found);
    });
    return once(async () => {
      found = await askEnds(options, admin, topic);
      store();
    });
  });
  const timer = setInterval(() => {
    for (const look of looks) look();
  }, INTERVAL_MS);
  return {
    async stop() {
      clearInterval(timer);
      while (looking.size > 0) await Promise.all(looking);
      await admin.disconnect();
    },
  };
}

/** A broker may answer for a partition only a moment after it has made it; one that does not within seconds is not there. */
async function firstLook(options: Options, admin: Admin): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await look(options, admin);
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (attempt === START_ATTEMPTS_MAX)
        throw new AppError('kafka.unavailable', 'Kafka does not say where its topics end', { cause: error });
      await pause(backoffMs(attempt, { firstMs: 50, maxMs: 1_000 }));
    }
  }
}

async function look(options: Options, admin: Admin): Promise<void> {
  const { pool, definition } = options;
  for (const topic of definition.topics) {
    const found = await askEnds(options, admin, topic);
    const place = { group: definition.group, topic: topic.name };
    const [beyond] = await appliedBeyond(pool, place, found.ends);
    if (beyond !== undefined) throw shorter({ ...place, ...beyond });
    await beginAtLogStart(pool, place, found.ends);
    await storeLook(options, topic, found);
  }
}

/** What a topic's log held, at an instant before the answer. */
type Ends = { readonly askedAt: Date; readonly ends: readonly { partition: number; high: bigint; low: bigint }[] };

async function askEnds({ prefix, progress }: Options, admin: Admin, topic: Topic): Promise<Ends> {
  const askedAt = new Date();
  const offsets = await admin.fetchTopicOffsets(prefix + topic.name);
  const ends = offsets.map(({ partition, high, low }) => ({ partition, high: BigInt(high), low: BigInt(low) }));
  progress.ends(topic.name, ends);
  return { askedAt, ends };
}

async function storeLook({ pool, definition, progress }: Options, topic: Topic, { askedAt, ends }: Ends): Promise<void> {
  progress.positions(topic.name, await stillCaughtUp(pool, { group: definition.group, topic: topic.name }, ends, askedAt));
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
