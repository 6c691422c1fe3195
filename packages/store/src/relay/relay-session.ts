import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { storeError, type Tx } from '../database.ts';
import { OUTBOX_SHARDS } from '../outbox.ts';
import { beginSession } from '../session.ts';

/** Where the outbox is, and who asks for its shards. `owner` is new with every start. */
export type SessionOptions = {
  readonly databaseUrl: string;
  readonly schema: string;
  readonly owner: string;
  /** How long a shard rests that its last owner did not release: longer than that owner waits for a send. A send that is held back on its way may
   *  outlast it; readers keep the larger `version`. */
  readonly uncleanWaitMs: number;
  /** Milliseconds that only go forward. */
  readonly clock: () => number;
};

/** One connection with all that hangs on it: the locks of the shards end when it does. */
export type RelaySession = {
  /** Reads and writes by the connection that holds the locks: an answer shows that they are still ours. */
  readonly tx: Tx;
  isLost(): boolean;
  /** Whether the shards are ours as of a moment ago. Asks the connection where its last answer is to a question of more than a second ago. */
  isMine(): Promise<boolean>;
  /** Takes the shards that nobody has; answers those. */
  takeFree(): Promise<readonly number[]>;
  /** The shards that we hold and may send for now. */
  ready(): readonly number[];
  heldCount(): number;
  /** Gives the shards back. `clean`: no send of ours is under way or was given up a moment ago, so the next owner need not wait. */
  release(clean: boolean): Promise<void>;
};

const ANSWER_TIMEOUT_MS = 5_000;
const FRESH_MS = 1_000;
/** A connection that goes silent keeps its locks until PostgreSQL's keepalive gives it up (11 s, see below): with the wait for a send (3 s) this is over by then. */
const STALE_MS = 3_000;
const END_TIMEOUT_MS = 1_000;
/** Deletes may be lost in a crash of the server (the rows are then published again); a host that vanished loses its locks within seconds. */
const SETTINGS = {
  synchronous_commit: 'off',
  timezone: 'UTC',
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 3,
};

/** Connects. It needs a session of its own: throws `config.invalid` where a pooler in transaction mode answers, else `store.unavailable`. */
export async function openRelaySession(options: SessionOptions): Promise<RelaySession> {
  const { clock } = options;
  const client = new pg.Client({
    connectionString: options.databaseUrl,
    application_name: 'keyturn-relay-shards',
    connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
  });
  let lost = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  client.on('error', () => {
    lost = true;
  });
  client.on('end', () => {
    lost = true;
  });
  const asked = async <Result>(work: Promise<Result>): Promise<Result> => {
    const at = clock();
    try {
      const answer = await work;
      askedAt = at; // ours at some time after the question
      return answer;
    } catch (error) {
      lost = true; // a statement that fails may have left the session in any state
      throw storeError(error);
    }
  };
  await asked(client.connect());
  await asked(beginSession(client, options.databaseUrl, { search_path: options.schema, ...SETTINGS })).catch(async (error: unknown) => {
    await client.end().catch(() => {});
    throw error;
  });
  const tx: Tx = {
    query: ((...args: Parameters<typeof client.query>) => asked(client.query(...args) as unknown as Promise<unknown>)) as Tx['query'],
  };
  const sendsFrom = new Map<number, number>();
  const ready = () => (lost ? [] : [...sendsFrom].filter(([, from]) => from <= clock()).map(([shard]) => shard));
  return {
    tx,
    ready,
    isLost: () => lost,
    heldCount: () => (lost ? 0 : sendsFrom.size),
    async isMine() {
      if (!lost && clock() - askedAt >= FRESH_MS) await tx.query('select').catch(() => {});
      return !lost && clock() - askedAt < STALE_MS;
    },
    async takeFree() {
      const taken = await takeShards(tx, options, [...sendsFrom.keys()]);
      for (const { shard, clean } of taken) sendsFrom.set(shard, clean ? clock() : clock() + options.uncleanWaitMs);
      return taken.map(({ shard }) => shard);
    },
    async release(clean) {
      if (clean && !lost) await markReleased(tx, options.owner, ready()).catch(() => {});
      lost = true;
      await Promise.race([client.end().catch(() => {}), pause(END_TIMEOUT_MS, undefined, { ref: false })]);
    },
  };
}

type Taken = { shard: number; clean: boolean };

/** Locks first, reads after: only a statement that begins under the lock sees what the last owner wrote. */
async function takeShards(tx: Tx, { schema, owner }: SessionOptions, held: readonly number[]): Promise<Taken[]> {
  const wanted = Array.from({ length: OUTBOX_SHARDS }, (_, shard) => shard).filter((shard) => !held.includes(shard));
  if (wanted.length === 0) return [];
  const locked = await tx.query<{ shard: number }>(
    'select shard from unnest($1::smallint[]) as wanted(shard) where pg_try_advisory_lock(hashtextextended($2 || shard::text, 0))',
    [wanted, `keyturn.relay:${schema}:`],
  );
  if (locked.rows.length === 0) return [];
  return durably(tx, async () => {
    const { rows } = await tx.query<Taken>(
      `with before as (select shard, owner, released from relay_shard),
            now_ours as (
              insert into relay_shard (shard, owner, released, changed_at) select shard, $2, false, now() from unnest($1::smallint[]) as taken(shard)
              on conflict (shard) do update set owner = excluded.owner, released = false, changed_at = excluded.changed_at returning shard)
       select shard, coalesce(released or before.owner = $2, true) as clean from now_ours left join before using (shard)`,
      [locked.rows.map(({ shard }) => shard), owner],
    );
    return rows;
  });
}

async function markReleased(tx: Tx, owner: string, shards: readonly number[]): Promise<void> {
  await durably(tx, () =>
    tx.query('update relay_shard set released = true, changed_at = now() where shard = any($1::smallint[]) and owner = $2', [
      shards,
      owner,
    ]),
  );
}

/** Who owns a shard must outlive a crash of the server. */
async function durably<Result>(tx: Tx, work: () => Promise<Result>): Promise<Result> {
  await tx.query('begin');
  await tx.query('set local synchronous_commit = on');
  const result = await work();
  await tx.query('commit');
  return result;
}
