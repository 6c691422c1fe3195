import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { hasPgBouncer, type Pooler, startPgBouncer, startPooler, type TestDatabase, testDatabase, until } from '@keyturn/testkit';
import pg from 'pg';
import { atOnce, type Database, openDatabase, storeError, transact, unhurried } from './database.ts';
import { migrate } from './migrate.ts';
import { doorTo } from './relay/relay.fixture.ts';
import { openRelaySession } from './relay/relay-session.ts';

type Mode = 'transaction' | 'session';
/** Our own pooler always; PgBouncer itself too where it is installed. */
const kinds = {
  'a pooler': (url: string, mode: Mode) => startPooler(url, mode),
  'a pooler that lends two in turn': (url: string, mode: Mode) => startPooler(url, mode, true),
  ...(hasPgBouncer ? { PgBouncer: startPgBouncer } : {}),
};
const names = Object.keys(kinds);
let database: TestDatabase;
const doors: Record<string, Pooler> = {};
beforeAll(async () => {
  database = await testDatabase();
  for (const [name, start] of Object.entries(kinds)) {
    doors[`${name} in session mode`] = await start(database.url, 'session');
    doors[`${name} in transaction mode`] = await start(database.url, 'transaction');
  }
});
afterAll(async () => {
  for (const door of Object.values(doors)) await door.stop();
  await database.drop();
});

const urlOf = (door: string): string => doors[door]?.url ?? database.url;
async function withPool<Result>(url: string, work: (one: Database) => Promise<Result>): Promise<Result> {
  const one = openDatabase({ DATABASE_URL: url, DATABASE_SCHEMA: 'keyturn', DATABASE_CONNECTIONS_MAX: 3 }, 'test');
  return work(one).finally(() => one.close());
}
const openRelay = (databaseUrl: string) =>
  openRelaySession({ databaseUrl, schema: 'keyturn', owner: 'o', uncleanWaitMs: 0, clock: () => performance.now() });
const refusal = { code: 'config.invalid', message: expect.stringMatching(/pooler in transaction mode.*pool in session mode/) };

it('a connection that leaves a statement without an answer is given up, and the next statement gets another', async () => {
  const config = { DATABASE_URL: database.url, DATABASE_SCHEMA: 'keyturn', DATABASE_CONNECTIONS_MAX: 2 };
  const { pool, close } = openDatabase(config, 'test', {}, 1_000);
  const silent = pool.query('select pg_sleep(20)').then(() => 'answered', storeError);
  expect(await silent).toMatchObject({ code: 'store.unavailable', message: expect.stringContaining('timeout') });
  const inOne = transact(pool, (tx) => tx.query('select pg_sleep(20)'));
  await expect(inOne).rejects.toMatchObject({ code: 'store.unavailable' });
  await until('another answers', () =>
    pool.query('select').then(
      () => pool.totalCount <= 1,
      () => false,
    ),
  );
  await close();
});

describe.each(['PostgreSQL itself', ...names.map((name) => `${name} in session mode`)])('%s', (door) => {
  it('keeps settings and locks for as long as a connection lives', async () => {
    await withPool(urlOf(door), (one) => migrate(one, new Date('2026-11-23T00:00:00Z')));
    const settings = `select current_setting('search_path') as path, current_setting('timezone') as zone, current_setting('statement_timeout') as timeout`;
    const { rows } = await withPool(urlOf(door), ({ pool }) => pool.query(settings));
    expect(rows).toEqual([{ path: 'keyturn', zone: 'UTC', timeout: '30s' }]);
    const first = await openRelay(urlOf(door));
    const second = await openRelay(urlOf(door));
    expect(await first.takeFree()).toHaveLength(8);
    expect(await second.takeFree()).toHaveLength(0);
    await Promise.all([first.release(true), second.release(true)]);
  });
});

describe.each(names.map((name) => `${name} in transaction mode`))('%s', (door) => {
  it.each<[string, (url: string) => Promise<unknown>]>([
    ['a statement', (url) => withPool(url, ({ pool }) => pool.query('select 1'))],
    ['a transaction', (url) => withPool(url, ({ pool }) => transact(pool, (tx) => tx.query('select 1')))],
    ['a migration', (url) => withPool(url, (one) => migrate(one, new Date()))],
    ['a relay', openRelay],
  ])('is refused with the reason: %s', async (_what, work) => {
    for (let time = 0; time < 3; time++) await expect(work(urlOf(door))).rejects.toMatchObject(refusal);
  });

  it('is found out also while others use it', async () => {
    const stopping = new AbortController();
    const others = Array.from({ length: 4 }, async () => {
      const client = new pg.Client({ connectionString: urlOf(door) });
      await client.connect();
      while (!stopping.signal.aborted) await Promise.all([client.query('select pg_sleep(0.002)'), pause(1)]);
      await client.end();
    });
    for (let time = 0; time < 10; time++) await expect(openRelay(urlOf(door))).rejects.toMatchObject(refusal);
    stopping.abort();
    await Promise.all(others);
  });
});

it('a connection that breaks in the midst of a transaction fails that transaction, and nothing else', async () => {
  const door = await startPooler(database.url, 'session');
  await withPool(door.url, async ({ pool }) => {
    const begun = Promise.withResolvers<void>();
    const held = transact(pool, async (tx) => {
      await tx.query('select 1');
      begun.resolve();
      await tx.query('select pg_sleep(60)');
    });
    await begun.promise;
    await door.stop();
    await expect(held).rejects.toThrow(/terminated|ECONNRESET/);
  });
});

describe('an answer that does not come', () => {
  /** After a minute on the clock of this process, in which `asked` got under way. */
  async function afterAMinute<Answer>(asked: () => Promise<Answer>): Promise<PromiseSettledResult<Answer>> {
    jest.useFakeTimers({
      doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'Date', 'performance'],
    });
    try {
      const asking = Promise.allSettled([asked()]);
      await new Promise((resolve) => setImmediate(resolve));
      await jest.advanceTimersByTimeAsync(60_000);
      return (await asking)[0];
    } finally {
      jest.useRealTimers();
    }
  }

  it('of a server that vanished without a word is given up, to be tried again, and the next connection is a new one', async () => {
    const door = await doorTo(database.url);
    await withPool(door.url, async ({ pool }) => {
      for (const ask of [() => pool.query('select 1'), () => transact(pool, (tx) => tx.query('select 1'))]) {
        await pool.query('select 1');
        door.hush();
        const ended = await afterAMinute(ask);
        expect(ended.status).toBe('rejected');
        expect(storeError((ended as PromiseRejectedResult).reason)).toMatchObject({ code: 'store.unavailable' });
        expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
      }
    });
    await door.close();
  });

  it('is waited for by whoever has put off the end of its statements, and by nobody after', async () => {
    await withPool(database.url, async ({ pool }) => {
      const client = await pool.connect();
      const slow = () => client.query('select pg_sleep(1)');
      expect(await afterAMinute(() => unhurried(client, slow))).toMatchObject({ status: 'fulfilled' });
      expect(await afterAMinute(slow)).toMatchObject({ status: 'rejected' });
      client.release(true);
    });
  });
});

describe('what is asked at once', () => {
  const failure = (work: Promise<unknown>) => work.catch((error: { cause?: { code?: string } }) => error.cause?.code);

  it('is on its way before the first answer comes, and is done in the order in which it was asked', async () => {
    const asked: string[] = [];
    const answers = await withPool(database.url, ({ pool }) =>
      transact(pool, async (tx) => {
        await tx.query('create temporary table said (place serial, what text) on commit drop');
        const say = (what: string) => async () => {
          asked.push(what);
          await tx.query('insert into said (what) values ($1)', [what]);
          asked.push(`answered ${what}`);
        };
        await atOnce(tx, say('one'), say('two'));
        return (await tx.query<{ what: string }>('select what from said order by place')).rows.map(({ what }) => what);
      }),
    );
    expect(answers).toEqual(['one', 'two']);
    expect(asked).toEqual(['one', 'two', 'answered one', 'answered two']);
  });

  it.each<[string, readonly string[], string]>([
    ['what failed first, and not what failed for its sake', ['select 1', 'select 1/0', 'select 1'], '22012'],
    ['that, whatever fails after it', ['select 1/0', 'select nothing'], '22012'],
  ])('throws %s; nothing of the transaction is left, and the connection serves the next', async (_what, texts, code) => {
    await withPool(database.url, async ({ pool }) => {
      await pool.query('create table if not exists public.kept (id int)');
      const failing = transact(pool, async (tx) => {
        await tx.query('insert into public.kept values (1)');
        await atOnce(tx, ...texts.map((text) => () => tx.query({ name: text, text })));
      });
      expect(await failure(failing)).toBe(code);
      expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
      const again = await transact(pool, (tx) =>
        atOnce(tx, ...['select 1', 'select 2'].map((text) => () => tx.query({ name: text, text }))),
      );
      expect(again.map(({ rowCount }) => rowCount)).toEqual([1, 1]);
      expect((await pool.query('select from public.kept')).rowCount).toBe(0);
    });
  });

  it('throws only once all of it has ended: nothing is asked any more of a connection that others have by then', async () => {
    await withPool(database.url, async ({ pool }) => {
      let ended = false;
      const failing = transact(pool, async (tx) => {
        await atOnce(
          tx,
          () => Promise.reject(new Error('refused')),
          async () => {
            await tx.query('select pg_sleep(0.05)');
            await tx.query('select 1');
            ended = true;
          },
        );
      });
      await expect(failing).rejects.toThrow('refused');
      expect(ended).toBe(true);
    });
  });
});
