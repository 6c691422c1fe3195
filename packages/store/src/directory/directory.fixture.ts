import { afterAll, beforeAll } from '@jest/globals';
import type { Cause } from '@keyturn/contracts';
import type { Carried, DirectoryFact, Identifier } from '@keyturn/domain';
import { migratedDatabase } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { type Database, openDatabase, transact } from '../database.ts';
import { migrate } from '../migrate.ts';
import { type ResolvedTo, resolve, type ToResolve } from './resolve.ts';
import { splitContact } from './split-contact.ts';

/** The clock of these tests. */
export const NOW = new Date('2026-11-23T12:00:00Z');
export const newContactId = (): string => v7();
const cause: Cause = { actor: 'system:test' };

/** A migrated database of its own, with as many pools as processes are wanted. */
export async function directoryDatabase(processes = 1): Promise<{ databases: Database[]; close(): Promise<void> }> {
  const { url, drop } = await migratedDatabase();
  const config = { DATABASE_URL: url, DATABASE_SCHEMA: 'keyturn', DATABASE_CONNECTIONS_MAX: 8 };
  const databases = Array.from({ length: processes }, () => openDatabase(config, 'test'));
  await migrate(databases[0] as Database, NOW);
  const close = async () => {
    await Promise.all(databases.map((database) => database.close()));
    await drop();
  };
  return { databases, close };
}

/** The database of a test file, there from before its first test until after its last; for each of so many processes, with a pool of its own. */
export function ownDatabases(processes: number): Database[] {
  let opened: Awaited<ReturnType<typeof directoryDatabase>>;
  beforeAll(async () => {
    opened = await directoryDatabase(processes);
  });
  afterAll(() => opened.close());
  const of = (index: number) => opened.databases[index] as Database;
  return Array.from({ length: processes }, (_, i) => ({
    get pool() {
      return of(i).pool;
    },
    schema: 'keyturn',
    close: () => of(i).close(),
  }));
}
/** The same for one process. */
export const ownDatabase = (): Database => ownDatabases(1)[0] as Database;

/** Facts as generated, of a world of their own: no identifier of it is in another. */
export const inWorld = (world: number, fact: DirectoryFact): DirectoryFact =>
  JSON.parse(JSON.stringify(fact, (_key, value) => (typeof value === 'string' ? inWorldId(world, value) : value))) as DirectoryFact;
/** `w:1` of world 7 is `w:70001`; `u:a:1` is `u:a7:1`. */
export const inWorldId = (world: number, identifier: string): string =>
  identifier.replace(/^w:/, `w:${world}000`).replace(/^([up]):(\w+):/, `$1:$2${world}:`);

/** Whether one item can say it: all BSUIDs are of one namespace, as those of one WABA are. */
export const isSayable = (fact: DirectoryFact): boolean => namespaces(fact).size <= 1;
const carriedIn = (fact: DirectoryFact): Identifier[] => (fact.type === 'report' ? [...fact.previous, ...fact.current] : [...fact.carried]);
const namespaces = (fact: DirectoryFact) => new Set(carriedIn(fact).flatMap((identifier) => identifier.split(':').slice(1, -1)));

/** The fact as an event would bring it. */
export function toResolve(fact: Exclude<DirectoryFact, { type: 'claim' | 'split' }>): ToResolve {
  const wabaId = [...namespaces(fact)][0] ?? 'a';
  const about = { wabaId, cause, occurredAt: new Date(fact.at * 1000).toISOString() };
  if (fact.type === 'report')
    return { ...about, fact: { type: 'report', previous: idsOf(fact.previous), current: idsOf(fact.current), at: fact.at } };
  return { ...about, fact: { type: 'item', ids: idsOf(fact.carried), at: fact.at } };
}
const idsOf = (carried: Carried) =>
  Object.fromEntries(
    carried.map((identifier) => [
      { w: 'waId', u: 'bsuid', p: 'parentBsuid' }[identifier[0] as 'w'],
      identifier.slice(identifier.lastIndexOf(':') + 1),
    ]),
  );

/** Takes a batch in as the product does: splits in a transaction of their own, all else by `resolve`. */
export async function take({ pool }: Database, batch: readonly DirectoryFact[]): Promise<(ResolvedTo | null)[]> {
  for (const fact of batch) if (fact.type === 'split') await split(pool, fact);
  const others = batch.filter((fact) => fact.type === 'item' || fact.type === 'report');
  return resolve(
    pool,
    others.map((fact) => toResolve(fact as Parameters<typeof toResolve>[0])),
    NOW,
    newContactId,
  );
}
const split = (pool: Database['pool'], { carried, at }: { carried: Carried; at: number }) =>
  transact(pool, (tx) => splitContact(tx, { scope: 'default', carried, at, cause, occurredAt: NOW.toISOString(), now: NOW, newContactId }));
