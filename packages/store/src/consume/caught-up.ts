import { setTimeout as pause } from 'node:timers/promises';
import { AppError, isRetryable, type Topic } from '@keyturn/contracts';
import { backoffMs, type Kafka, type Log, logGap, withAdmin } from '@keyturn/runtime';
import type pg from 'pg';
import { keepLogLost, logShorter, requireOwnLog } from './lost-log.ts';
import { appliedBeyond, beginAtLogStart, stillCaughtUp } from './offsets.ts';
import type { Partitions } from './partitions.ts';
import type { Progress } from './progress.ts';
import type { ConsumerDefinition } from './run.ts';

const INTERVAL_MS = 1_000;
const START_ATTEMPTS_MAX = 20;
/** What a group must not go on after. */
const ENDING: readonly string[] = ['log.shorter_than_state', 'log.gap'];

type Admin = ReturnType<Kafka['admin']>;

type Options = {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly pool: pg.Pool;
  readonly definition: Pick<ConsumerDefinition<never, never, never>, 'group' | 'topics'>;
  /** Told what the looks find. */
  readonly progress: Progress;
  /** What this member believes of its partitions. */
  readonly partitions: Partitions;
  /** Told, again with every look, that the group must not go on. */
  readonly onLost: (error: AppError) => void;
  /** Told that PostgreSQL was put back to where `next` comes next. */
  readonly onPutBack: (topic: Topic, partition: number, next: bigint) => void;
  readonly log: Log;
};

/** Keeps the instant up to which a group has caught up moving while its topics are idle: where the log ends at the group's offset, nothing is missing.
 *  At the start, partitions that the group never read begin where their logs do. Finds a log that ends before what was applied from it, as of a topic
 *  made anew, whose next records would be taken for applied: the start then throws `log.shorter_than_state`, a later look tells `onLost`; the start
 *  throws `config.invalid` where the offsets are of another prefix. Finds a PostgreSQL put back to an earlier moment, though no record comes; and, though
 *  none comes, that records are gone from the log which were not applied (`log.gap`, to `onLost`). A broker that can't be asked moves nothing. */
export async function keepCaughtUp(options: Options): Promise<{ stop(): Promise<void> }> {
  const admin = options.kafka.admin();
  await admin.connect();
  await firstLook(options, admin).catch(async (error: unknown) => {
    await admin.disconnect();
    throw error;
  });
  const looking = new Set<Promise<void>>();
  /** A look that takes long is not joined by others; and while PostgreSQL is silent, Kafka is still asked. */
  const once = (what: () => Promise<void>) => {
    let busy = false;
    return () => {
      if (busy) return;
      busy = true;
      const look = what()
        .catch((error: Error) => {
          if (error instanceof AppError && ENDING.includes(error.code)) options.onLost(error);
          else options.log.debug({ reason: error.message }, 'could not look how far the group is');
        })
        .finally(() => {
          busy = false;
          looking.delete(look);
        });
      looking.add(look);
    };
  };
  const looks = options.definition.topics.map((topic) => {
    let found: Ends | null = null;
    let gone: Gone = new Map();
    const store = once(async () => {
      if (found === null) return;
      const { ends } = found;
      const before = gone;
      gone = goneFrom(await storeLook(options, topic, found), ends);
      refuseGone(topic, before, gone);
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
      if (error instanceof AppError && !isRetryable(error)) throw error;
      if (attempt === START_ATTEMPTS_MAX)
        throw new AppError('kafka.unavailable', 'Kafka does not say where its topics end', { cause: error });
      await pause(backoffMs(attempt, { firstMs: 50, maxMs: 1_000 }));
    }
  }
}

async function look(options: Options, admin: Admin): Promise<void> {
  const { pool, prefix, definition } = options;
  await requireOwnLog(pool, definition.group, prefix);
  for (const topic of definition.topics) {
    const found = await askEnds(options, admin, topic);
    await refuseShorter(options, topic, found);
    await beginAtLogStart(pool, { group: definition.group, topic: topic.name }, found.ends, prefix);
    await storeLook(options, topic, found);
  }
}

/** What was applied is read after the logs' ends, and others go on meanwhile: who seems to be beyond an end has Kafka asked again, by a client that
 *  takes no broker's word from before. Only what is beyond that end too is lost, and stays so. */
async function refuseShorter(options: Options, topic: Topic, found: Ends): Promise<void> {
  const { kafka, pool, definition } = options;
  const place = { group: definition.group, topic: topic.name };
  const beyond = await appliedBeyond(pool, place, found.ends);
  if (beyond.length === 0) return;
  const again = await withAdmin(kafka, 'Kafka does not say where its topics end', (admin) => askEnds(options, admin, topic));
  const highs = new Map(again.ends.map(({ partition, high }) => [partition, high]));
  const [lost] = beyond.flatMap((one) => {
    const high = highs.get(one.partition);
    return high !== undefined && one.next > high ? [{ ...one, high }] : [];
  });
  if (lost === undefined) return;
  await keepLogLost(pool, definition.group);
  throw logShorter(definition.group, { topic: topic.name, ...lost });
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

type Position = { readonly partition: number; readonly next: bigint };
async function storeLook(options: Options, topic: Topic, found: Ends): Promise<readonly Position[]> {
  const { pool, prefix, definition, progress, partitions, onPutBack } = options;
  await requireOwnLog(pool, definition.group, prefix);
  await refuseShorter(options, topic, found);
  const { askedAt, ends } = found;
  const believed = new Map(ends.map(({ partition }) => [partition, partitions.believed(topic, partition)])); // before PostgreSQL is asked
  const rows = await stillCaughtUp(pool, { group: definition.group, topic: topic.name }, ends, askedAt);
  progress.positions(topic.name, rows);
  for (const { partition, next } of rows) if ((believed.get(partition) ?? 0n) > next) onPutBack(topic, partition, next);
  return rows;
}

/** Where the log begins behind what comes next for the group. */
type Gone = ReadonlyMap<number, { readonly next: bigint; readonly low: bigint }>;
function goneFrom(rows: readonly Position[], ends: Ends['ends']): Gone {
  const lows = new Map(ends.map(({ partition, low }) => [partition, low]));
  const withLow = rows.map(({ partition, next }) => [partition, { next, low: lows.get(partition) ?? 0n }] as const);
  return new Map(withLow.filter(([, { next, low }]) => next < low));
}

/** Of a log that has lost its end nothing comes that would show it. Once is not enough: a batch that was read before may be about to commit. */
function refuseGone(topic: Topic, before: Gone, now: Gone): void {
  for (const [partition, { next, low }] of now)
    if (before.get(partition)?.next === next) throw logGap(`${topic.name}/${partition}`, next, low);
}
