import { expect, it } from '@jest/globals';
import type { Identifier } from '@keyturn/domain';
import { until } from '@keyturn/testkit';
import { transact } from '../database.ts';
import { NOW, newContactId, ownDatabase, toResolve } from './directory.fixture.ts';
import { lockScopes } from './read-components.ts';
import { type ScopedFact, scopedFact } from './scoped-fact.ts';
import { settleFacts } from './settle-facts.ts';
import { takeCold } from './take-cold.ts';

const database = ownDatabase();

let numbers = 0;
const newNumber = () => `w:4915110${String(++numbers).padStart(6, '0')}` as const;
/** Has somebody new taken in, and answers who they are. It waits in line before it returns. */
async function takenIn(number: Identifier, more: Partial<ScopedFact> = {}): Promise<string | undefined> {
  const fact = scopedFact(toResolve({ type: 'item', carried: [number], at: 10 }), 'default') as ScopedFact;
  const settled = await takeCold(database.pool, [{ ...fact, ...more }], NOW, newContactId);
  return settled.holderOf(more.scope ?? 'default', number, 10);
}

/** Asks for all of these while somebody new waits for the scope, which another has locked: they are the next round. */
async function askedMeanwhile<Answer>(ask: () => readonly Promise<Answer>[]): Promise<PromiseSettledResult<Answer>[]> {
  const { first, answers } = await transact(database.pool, async (tx) => {
    await lockScopes(tx, ['default']);
    const first = takenIn(newNumber());
    const waits = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await until('somebody new waits for the scope', async () => (await database.pool.query(waits)).rowCount !== 0);
    return { first, answers: Promise.allSettled(ask()) };
  });
  await first;
  return answers;
}

it('what is seen anew at a time is taken in by one transaction, and each is told who theirs is', async () => {
  const people = [newNumber(), newNumber(), newNumber()];
  const answers = await askedMeanwhile(() => people.map((number) => takenIn(number)));
  const { rows } = await database.pool.query<{ contact_id: string; transaction: string }>(
    'select contact_id, xmin::text as transaction from contact where pin_identifier = any($1) order by pin_identifier',
    [people],
  );
  expect(answers).toEqual(rows.map(({ contact_id }) => ({ status: 'fulfilled', value: contact_id })));
  expect([rows.length, new Set(rows.map(({ transaction }) => transaction)).size]).toEqual([3, 1]);
});

it('what is wrong with one is their own', async () => {
  const unwritable = { cause: { actor: 'system:test', reason: '\u0000' } };
  const answers = await askedMeanwhile(() => [takenIn(newNumber()), takenIn(newNumber(), unwritable), takenIn(newNumber())]);
  expect(answers).toMatchObject([
    { status: 'fulfilled', value: expect.any(String) },
    { status: 'rejected', reason: { code: 'store.data' } },
    { status: 'fulfilled', value: expect.any(String) },
  ]);
});

it('who believes a WABA to be where it was has to start over, and nobody else', async () => {
  await database.pool.query("insert into waba_scope (waba_id, scope) values ('moved', 'portfolio')");
  const wabaId = 'moved';
  const answers = await askedMeanwhile(() => [
    takenIn(newNumber(), { wabaId, scope: 'default' }),
    takenIn(newNumber(), { wabaId, scope: 'portfolio' }),
  ]);
  expect(answers).toMatchObject([
    { status: 'rejected', reason: { code: 'batch.contact_moved' } },
    { status: 'fulfilled', value: expect.any(String) },
  ]);
});

it('what another took in while the scope was waited for is known then, and neither written nor locked again', async () => {
  const number = newNumber();
  const fact = scopedFact(toResolve({ type: 'item', carried: [number], at: 10 }), 'default') as ScopedFact;
  const { waiting, holder } = await transact(database.pool, async (tx) => {
    const settled = await settleFacts(tx, [fact], NOW, newContactId);
    const waiting = takenIn(number);
    waiting.catch(() => {}); // told below
    const waits = "select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'";
    await until('it waits for the scope', async () => (await database.pool.query(waits)).rowCount !== 0);
    return { waiting, holder: settled.holderOf('default', number, 10) };
  });
  expect(await waiting).toBe(holder);
  const { rows } = await database.pool.query('select xmax::text from directory_link where head = $1', [number]);
  expect(rows).toEqual([{ xmax: '0' }]);
});
