import type { Database } from '@keyturn/store';
import { type Made, open } from '../parts/databases.ts';

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

/** The transaction after which all that is written counts as written by what is measured. */
export async function lookAtClock({ pool }: Database): Promise<string> {
  const { rows } = await pool.query<{ xid: string }>('select pg_current_xact_id()::xid::text as xid');
  return rows[0]?.xid as string;
}

/** Copies every row written since then out of one database into staging tables of another, which is as the first was before, dealt out to so many
 *  batches. Answers how many. */
export async function stage(from: Database, since: string, to: Database, batches: number): Promise<number> {
  const { rows } = await from.pool.query<{ folder: string }>("select current_setting('data_directory') as folder");
  let staged = 0;
  for (const table of TABLES) {
    const file = `${rows[0]?.folder}/bench-${table}.copy`;
    const written = `select *, ntile(${batches}) over (order by ctid) as batch from ${table} where xmin::text::bigint > ${since}`;
    const out = await from.pool.query(`copy (${written}) to '${file}'`);
    await to.pool.query(`create unlogged table bench_${table} as select *, 0 as batch from ${table} limit 0`);
    await to.pool.query(`copy bench_${table} from '${file}'`);
    await to.pool.query(`create index on bench_${table} (batch)`);
    await to.pool.query(`analyze bench_${table}`);
    staged += out.rowCount ?? 0;
  }
  return staged;
}

/** Upserts what was staged in one call to the server, a transaction a batch, as durable as a consumer's: nothing leaves the server, nothing is
 *  decided. Answers the seconds. */
export async function upsertInServer(made: Made, batches: number): Promise<number> {
  const database = open(made, 2);
  try {
    const statements: string[] = [];
    for (const table of TABLES) statements.push(await upsertOf(database, table));
    await database.pool.query('checkpoint');
    const startedAt = performance.now();
    await database.pool.query(`do $$ begin for k in 1..${batches} loop ${statements.join('; ')}; commit; end loop; end $$`);
    return (performance.now() - startedAt) / 1_000;
  } finally {
    await database.close();
  }
}

async function upsertOf({ pool }: Database, table: string): Promise<string> {
  const { rows } = await pool.query<{ columns: string[]; key: string[]; others: string[] }>(
    `with keyed as (
       select a.attname, a.attnum, a.attnum = any(i.indkey) as in_key from pg_attribute a join pg_index i on i.indrelid = a.attrelid and i.indisprimary
       where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped)
     select array_agg(quote_ident(attname) order by attnum) as columns,
            array_agg(quote_ident(attname) order by attnum) filter (where in_key) as key,
            coalesce(array_agg(quote_ident(attname) order by attnum) filter (where not in_key), '{}') as others from keyed`,
    [table],
  );
  const { columns = [], key = [], others = [] } = rows[0] ?? {};
  const set = others.map((column) => `${column} = excluded.${column}`).join(', ');
  return `insert into ${table} (${columns}) overriding system value select ${columns} from bench_${table} where batch = k
          on conflict (${key}) do update set ${set}`;
}
