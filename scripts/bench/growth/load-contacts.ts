import { contactEvents, headers, inbound, type Topic } from '@keyturn/contracts';
import type { IncomingRecord, OutgoingRecord } from '@keyturn/runtime';
import {
  applyBatch,
  consentConsumer,
  contactConsumer,
  type Database,
  identityConsumer,
  type Shell,
  stopRule,
  unhurried,
} from '@keyturn/store';
import type pg from 'pg';
import { changeOf, type Person, personOf } from '../load/bodies.ts';
import { recordsOf } from '../parts/records.ts';

/** The ones with most to write first: two are written at a time. */
const TABLES = [
  'journal',
  'identity_state',
  'contact_state',
  'consent_state',
  'identifier_period',
  'directory_link',
  'consent_ledger',
  'contact',
] as const;
/** How long ago the first one said it. */
const AGE_DAYS = 3;
/** Kinds of traffic: a text, a message with the key hash, two statuses. */
const FIRST_SAID = [60, 70, 20, 30];
/** What is said of a person at an instant, in whole seconds. */
export type FirstChange = (person: Person, at: number, id: string) => string;
const said =
  (kind: number): FirstChange =>
  (person, at, id) =>
    changeOf(kind, person, at, id);
const FIRST_ID = '01980000-0000-7000-8000-000000000000';

/** Fills the tables with this many contacts, each as the product itself makes one: the first goes through the consumers, the others are that one's
 *  rows under their own names. Persons 0 to count - 1 of the traffic are then known, with a name, a key hash and an opt-in. */
export async function loadContacts(database: Database, count: number): Promise<void> {
  await loadCopies(database, count, FIRST_SAID.map(said));
  const blocked = await database.pool.query("select from identity_state where status <> 'clear'");
  if (blocked.rowCount !== 0) throw new Error('the first contact is not clear');
}

/** The same, with what is said of the first one: changes of a body, each a second after the one before it. */
export async function loadCopies(database: Database, count: number, changes: readonly FirstChange[]): Promise<void> {
  await makeFirst(database, changes);
  const { pool } = database;
  await pool.query('truncate outbox, consumer_offset');
  await pool.query("alter system set max_wal_size = '32GB'"); // one checkpoint at the end, not one every few seconds
  await pool.query('select pg_reload_conf()');
  const waiting: string[] = [...TABLES];
  const copyNext = async (): Promise<void> => {
    for (let table = waiting.shift(); table !== undefined; table = waiting.shift()) await copyInto(pool, table, count);
  };
  await Promise.all([copyNext(), copyNext()]);
  await pool.query('alter system reset max_wal_size');
  await pool.query('select pg_reload_conf()');
  await onConnection(pool, async (client) => {
    await client.query('vacuum analyze');
    await client.query('checkpoint');
  });
}

/** On a connection of its own, which may take its time and is thrown away with its settings. */
async function onConnection(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<unknown>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('set synchronous_commit = off; set statement_timeout = 0');
    await unhurried(client, () => work(client));
  } finally {
    client.release(true);
  }
}

const copyInto = (pool: pg.Pool, table: string, count: number): Promise<void> =>
  onConnection(pool, async (client) => client.query(await copies(client, table, count)));

async function makeFirst({ pool }: Database, changes: readonly FirstChange[]): Promise<void> {
  const at = new Date(Date.now() - AGE_DAYS * 86_400_000);
  const seconds = Math.floor(at.getTime() / 1_000);
  const records = changes.flatMap((change, i) => recordsOf(change(personOf(0), seconds + i, `first.${i}`), at));
  const shell: Shell = { pool, now: () => at, newContactId: () => FIRST_ID, stopRule: stopRule('bench') };
  const apply = async (topic: Topic, records: readonly IncomingRecord[]) => {
    const run = { topic, partition: 0, records, from: null, to: BigInt(records.length), caughtUpAt: at, attempt: 1 };
    await applyBatch(shell, contactConsumer, run);
    await applyBatch(shell, identityConsumer, run);
    await applyBatch(shell, consentConsumer, run);
  };
  await apply(inbound, records.map(incoming));
  const { rows } = await pool.query<{ key: string; value: Buffer; headers: Record<string, string> }>(
    'select key, value, headers from outbox where topic = $1 order by position',
    [contactEvents.name],
  );
  await apply(
    contactEvents,
    rows.map((row, i) => incoming({ ...row, topic: contactEvents }, i)),
  );
}

const incoming = ({ key, value, headers: sent = {} }: OutgoingRecord, i: number): IncomingRecord => ({
  offset: BigInt(i),
  key,
  value: Buffer.from(value),
  headers: sent,
  timestamp: Date.parse(sent[headers.occurredAt] ?? ''),
});

/** The statement that says of everybody else what the table says of the first: the same rows, with the names in them replaced. */
async function copies(client: pg.PoolClient, table: string, count: number): Promise<string> {
  const { rows: columns } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attidentity = '' order by attnum`,
    [table],
  );
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const texts = columns.map(({ name }) => `"${name}"::text as "${name}"`).join(', ');
  const { rows } = await client.query<Record<string, string | null>>(`select ${texts} from ${table}`);
  const selects = rows.map((row) => columns.map(({ name, type }) => valueFor(row[name] ?? null, type)).join(', '));
  const from = `from generate_series(1, ${count - 1}) as n, lateral (select lpad(n::text, 7, '0') as digits, lpad(to_hex(n), 12, '0') as hex) as d`;
  return `insert into ${table} (${names}) ${selects.map((values) => `select ${values} ${from}`).join(' union all ')}`;
}

function valueFor(text: string | null, type: string): string {
  if (text === null) return `null::${type}`;
  const { waId, bsuid, keyHash } = personOf(0);
  const literal = `'${text.replaceAll("'", "''")}'`;
  const named = [
    { first: FIRST_ID, theirs: `'${FIRST_ID.slice(0, -12)}' || hex` },
    { first: waId, theirs: `'${waId.slice(0, -7)}' || digits` },
    { first: bsuid, theirs: `'${bsuid.slice(0, -7)}' || digits` },
    { first: keyHash, theirs: `'${keyHash.slice(0, -8)}' || digits || '='` },
  ].filter(({ first }) => text.includes(first));
  const replaced = named.reduce((sofar, { first, theirs }) => `replace(${sofar}, '${first}', ${theirs})`, literal);
  return `(${replaced})::${type}`;
}
