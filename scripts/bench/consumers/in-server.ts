import type { Database } from '@keyturn/store';
import { type Made, open } from '../parts/databases.ts';
import { WARM_SHARE } from './caught-up.ts';
import type { Done } from './row-by-row.ts';

/** What a consumer writes to. */
const TABLES = [
  'waba_scope',
  'directory_link',
  'contact',
  'identifier_period',
  'contact_state',
  'identity_state',
  'consent_state',
  'consent_ledger',
  'outbound_status',
  'consumer_offset',
  'journal',
  'outbox',
] as const;

/** Has every row kept as it is written from now on, each time that it is, in that order. It takes its time: nobody is measured meanwhile. */
export async function keepWritten({ pool }: Database): Promise<void> {
  for (const table of TABLES) {
    await pool.query(`create unlogged table bench_${table} as select * from ${table} limit 0`);
    await pool.query(`alter table bench_${table} add column seq bigserial`);
    await pool.query(`create function bench_keep_${table}() returns trigger language plpgsql as
      $$ begin insert into bench_${table} select new.*; return null; end $$`);
    await pool.query(`create trigger bench_keep after insert or update on ${table} for each row execute function bench_keep_${table}()`);
  }
}

/** What was written, as files of the server, dealt out to so many transactions in its order. A row that one of them would write twice it writes as it
 *  was last: an upsert can't do else. */
export type Written = { readonly files: ReadonlyMap<string, string>; readonly events: number; readonly batches: number };

/** Takes what was kept of so many events out of the database. */
export async function takeWritten({ pool }: Database, name: string, events: number, batchEvents: number): Promise<Written> {
  const { rows } = await pool.query<{ folder: string }>("select current_setting('data_directory') as folder");
  const batches = Math.ceil(events / batchEvents);
  const files = new Map<string, string>();
  for (const table of TABLES) {
    const { key } = await columnsOf({ pool }, table);
    const file = `${rows[0]?.folder}/bench-${name}-${table}.copy`;
    const dealt = `select *, ntile(${batches}) over (order by seq) as batch from bench_${table}`;
    await pool.query(`copy (select distinct on (batch, ${key}) * from (${dealt}) d order by batch, ${key}, seq desc) to '${file}'`);
    files.set(table, file);
  }
  return { files, events, batches };
}

/** Upserts all of it once more into a database that is as the first was before, by the server itself, a transaction a batch, as durable as a
 *  consumer's: nothing leaves the server, nothing is decided. Its clock, too, runs once a quarter is written. */
export async function upsertInServer(made: Made, written: Written): Promise<Done> {
  const database = open(made, 2);
  try {
    await stage(database, written);
    const statements: string[] = [];
    for (const table of TABLES) statements.push(await upsertOf(database, table));
    await database.pool.query('checkpoint');
    const write = (from: number, to: number) =>
      database.pool.query(`do $$ begin for k in ${from}..${to} loop ${statements.join('; ')}; commit; end loop; end $$`);
    const warm = Math.ceil(written.batches * WARM_SHARE);
    await write(1, warm);
    const startedAt = performance.now();
    await write(warm + 1, written.batches);
    const seconds = (performance.now() - startedAt) / 1_000;
    return { events: written.events * (1 - warm / written.batches), seconds };
  } finally {
    await database.close();
  }
}

async function stage({ pool }: Database, { files }: Written): Promise<void> {
  for (const [table, file] of files) {
    await pool.query(`create unlogged table bench_${table} as select *, 0::bigint as seq, 0 as batch from ${table} limit 0`);
    await pool.query(`copy bench_${table} from '${file}'`);
    await pool.query(`create index on bench_${table} (batch)`);
    await pool.query(`analyze bench_${table}`);
  }
}

async function upsertOf(database: Database, table: string): Promise<string> {
  const { columns, key, others } = await columnsOf(database, table);
  const set = others.map((column) => `${column} = excluded.${column}`).join(', ');
  return `insert into ${table} (${columns}) overriding system value select ${columns} from bench_${table} where batch = k
          on conflict (${key}) do update set ${set}`;
}

type Columns = { readonly columns: string[]; readonly key: string[]; readonly others: string[] };
async function columnsOf({ pool }: Pick<Database, 'pool'>, table: string): Promise<Columns> {
  const { rows } = await pool.query<Columns>(
    `with keyed as (
       select a.attname, a.attnum, a.attnum = any(i.indkey) as in_key from pg_attribute a join pg_index i on i.indrelid = a.attrelid and i.indisprimary
       where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped)
     select array_agg(quote_ident(attname) order by attnum) as columns,
            array_agg(quote_ident(attname) order by attnum) filter (where in_key) as key,
            coalesce(array_agg(quote_ident(attname) order by attnum) filter (where not in_key), '{}') as others from keyed`,
    [table],
  );
  return rows[0] as Columns;
}
