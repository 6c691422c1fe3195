import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Topic } from '@keyturn/contracts';
import { backoffMs, type Log, metrics, type Publisher, reach } from '@keyturn/runtime';
import { createOutboxAge, type OutboxAge } from './outbox-age.ts';
import { type OutboxRow, type ReadBounds, readmit, readRows, removeRows, setAside } from './outbox-rows.ts';
import { createParking, type Parking } from './parking.ts';
import { publishRows, type Sent, topicsByName } from './publish-rows.ts';
import { relayMetrics } from './relay-metrics.ts';
import { openRelaySession, type RelaySession } from './relay-session.ts';

/** Where the outbox is, and where it goes. */
export type RelayOptions = {
  readonly databaseUrl: string;
  readonly schema: string;
  /** Called until it answers; again where the first answer was a failure. */
  readonly openPublisher: () => Promise<Publisher>;
  readonly log: Log;
  readonly uncleanWaitMs?: number;
  readonly topics?: readonly Topic[];
  readonly bounds?: ReadBounds;
};
/** A relay that runs. */
export type Relay = {
  /** Why nothing goes out now. A relay whose neighbours hold all shards stands by, and is ready. */
  notReady(): readonly string[];
  shardCount(): number;
  /** Ends after the send under way; what it held is free at once for the next. */
  stop(): Promise<void>;
};

/** How long the relay's publisher waits for a send. This bounds the wait, not the write: what a network or a broker holds back may be written later
 *  still, an older state after a newer one, and readers keep the larger `version`. */
export const RELAY_SEND_MS = 3_000;
/** What was given up is written within this, unless something holds it back. */
const SEND_OVER_MS = RELAY_SEND_MS + 1_000;
const UNCLEAN_WAIT_MS = RELAY_SEND_MS + 2_000;
const BOUNDS: ReadBounds = { rowsPerShardMax: 250, bytesMax: 8 * 1024 * 1024 };
const TAKE_EVERY_MS = 250;
const IDLE = { firstMs: 5, maxMs: 100, factor: 1.5 };
const RETRY = { firstMs: 100, maxMs: 2_000 };

type State = {
  readonly options: RelayOptions;
  readonly owner: string;
  readonly parking: Parking;
  readonly age: OutboxAge;
  readonly topics: ReadonlyMap<string, Topic>;
  session: RelaySession | null;
  publisher: Publisher | null;
  readmitted: boolean;
  kafkaFails: boolean;
  takeAt: number;
  /** Until then a send of ours that failed is to be reckoned with, and our shards are not given back as clean. */
  doubtUntil: number;
};
const clock = () => performance.now();

/** Publishes the outbox for as long as it runs, in order per key, at least once: a row goes when Kafka has confirmed all that it says. Several
 *  relays share the shards; each shard has one of them at a time. PostgreSQL or Kafka away: it waits, and goes on by itself. */
export function startRelay(options: RelayOptions): Relay {
  const state: State = {
    ...{
      options,
      owner: randomUUID(),
      parking: createParking(clock),
      age: createOutboxAge(Date.now()),
      topics: topicsByName(options.topics),
    },
    ...{ session: null, publisher: null, readmitted: false, kafkaFails: false, takeAt: 0, doubtUntil: 0 },
  };
  const stopping = new AbortController();
  const hideAge = metrics.beforeScrape(() => relayMetrics().ageSeconds.set(state.age.seconds(state.parking.oldest(), Date.now())));
  const ended = run(state, stopping.signal);
  return {
    notReady: () => [
      ...(state.session === null || state.session.isLost() ? ['PostgreSQL does not answer'] : []),
      ...(state.publisher === null || state.kafkaFails ? ['Kafka does not confirm'] : []),
    ],
    shardCount: () => state.session?.heldCount() ?? 0,
    async stop() {
      stopping.abort();
      await ended;
      await state.session?.release(clock() >= state.doubtUntil);
      await state.publisher?.stop();
      relayMetrics().shards.set(0);
      hideAge();
    },
  };
}

async function run(state: State, stopping: AbortSignal): Promise<void> {
  const { log } = state.options;
  let failures = 0;
  let idleMs = IDLE.firstMs;
  while (!stopping.aborted) {
    let waitMs: number;
    try {
      const did = await publishOnce(state);
      if (failures > 0 && did !== 'failed') log.info({ failures }, 'the relay is back');
      failures = did === 'failed' ? failures + 1 : 0;
      idleMs = did === 'nothing' ? Math.min(IDLE.maxMs, idleMs * IDLE.factor) : IDLE.firstMs;
      waitMs = did === 'failed' ? backoffMs(failures - 1, RETRY) : did === 'more' ? 0 : idleMs;
    } catch (error) {
      waitMs = backoffMs(failures++, RETRY);
      log.warn({ error: String(error), failures, wait_ms: waitMs }, 'the relay can not work now and tries again; nothing is lost');
      if (state.session?.isLost()) await state.session.release(false);
    }
    await pause(waitMs, undefined, { signal: stopping }).catch(() => {});
  }
}

/** One read of the outbox, published and removed. `more`: there is more than it took. */
async function publishOnce(state: State): Promise<'nothing' | 'some' | 'more' | 'failed'> {
  const session = await sessionOf(state);
  state.publisher ??= await state.options.openPublisher();
  if (clock() >= state.takeAt) await takeFree(state, session);
  const shards = session.ready();
  if (shards.length === 0) state.age.looked(undefined, Date.now()); // others look
  if (shards.length === 0 || state.parking.isFull()) return 'nothing';
  const bounds = state.options.bounds ?? BOUNDS;
  const rows = await readRows(session.tx, shards, state.parking.keys(), bounds);
  state.age.looked(rows[0]?.createdAt, Date.now());
  if (rows.length === 0) return 'nothing';
  if (!(await session.isMine())) return 'failed';
  const startedAt = clock();
  const sent = await publishRows({ publisher: state.publisher, topics: state.topics, mayPublish: () => session.isMine() }, rows);
  park(state, rows, sent);
  if (sent.confirmed.length > 0) reach('relay.published', { rows: sent.confirmed.length });
  await removeRows(session.tx, sent.confirmed);
  if (sent.confirmed.length > 0) reach('relay.removed', { rows: sent.confirmed.length });
  await setAside(session.tx, sent.refused);
  report(state, rows, sent, clock() - startedAt);
  if (sent.failed.size > 0 && sent.confirmed.length === 0) return 'failed';
  return rows.length >= bounds.rowsPerShardMax ? 'more' : 'some';
}

async function sessionOf(state: State): Promise<RelaySession> {
  const { databaseUrl, schema, uncleanWaitMs = UNCLEAN_WAIT_MS, log } = state.options;
  if (state.session === null || state.session.isLost()) {
    relayMetrics().shards.set(0);
    state.session = await openRelaySession({ databaseUrl, schema, owner: state.owner, uncleanWaitMs, clock });
    state.takeAt = 0;
    state.parking.clearAll();
  }
  if (!state.readmitted) {
    const rows = await readmit(state.session.tx);
    state.readmitted = true;
    if (rows > 0) log.info({ rows }, 'rows that Kafka once refused are tried again');
  }
  return state.session;
}

async function takeFree(state: State, session: RelaySession): Promise<void> {
  const taken = await session.takeFree();
  state.takeAt = clock() + TAKE_EVERY_MS;
  if (taken.length === 0) return;
  relayMetrics().shards.set(session.heldCount());
  state.options.log.info({ taken, waiting: session.heldCount() - session.ready().length }, 'took shards');
}

/** Keys that failed rest for a while; their rows stay in order, for nothing of theirs is read meanwhile. */
function park({ parking }: State, rows: readonly OutboxRow[], { failed }: Sent): void {
  const seen = new Set<string>();
  for (const { key, createdAt } of rows) {
    if (seen.has(key)) continue;
    seen.add(key);
    if (failed.has(key)) parking.park(key, createdAt);
    else parking.clear(key);
  }
}

function report(state: State, rows: readonly OutboxRow[], { confirmed, refused, failed }: Sent, durationMs: number): void {
  const { log } = state.options;
  const failedRows = rows.length - confirmed.length - refused.length;
  const { rows: counted, seconds } = relayMetrics();
  counted.inc({ outcome: 'published' }, confirmed.length);
  counted.inc({ outcome: 'refused' }, refused.length);
  counted.inc({ outcome: 'failed' }, failedRows);
  seconds.observe(durationMs / 1000);
  state.kafkaFails = failed.size > 0;
  if (failed.size > 0) state.doubtUntil = clock() + SEND_OVER_MS;
  const line = {
    rows: rows.length,
    published: confirmed.length,
    refused: refused.length,
    failed: failedRows,
    duration_ms: Math.round(durationMs),
  };
  if (failed.size === 0) log.info(line, 'published');
  else log.warn({ ...line, error: String([...failed.values()][0]) }, 'some rows did not go out and are tried again');
  for (const { position, reason } of refused) {
    log.error(
      { position, reason },
      'Kafka refuses an outbox row for good. It is kept in outbox_refused: mend the cause (raise max.message.bytes of the topic, or run a relay that knows it), then start a relay again, which tries it once more',
    );
  }
}
