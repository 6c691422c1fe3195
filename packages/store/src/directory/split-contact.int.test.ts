import { expect, it } from '@jest/globals';
import type { Carried } from '@keyturn/domain';
import { says } from '@keyturn/testkit/directory-facts';
import { transact } from '../database.ts';
import { NOW, newContactId, ownDatabase, take } from './directory.fixture.ts';
import { splitContact } from './split-contact.ts';
import { expectAsFromScratch } from './stored-directory.fixture.ts';
import { whereabouts, whoAre } from './whereabouts.ts';

const database = ownDatabase();
const split = (carried: Carried, at: number) =>
  transact(database.pool, (tx) =>
    splitContact(tx, {
      ...{ scope: 'default', carried, at, now: NOW, newContactId },
      ...{ cause: { actor: 'key:1', reason: 'different_person' }, occurredAt: NOW.toISOString() },
    }),
  );

it('a split gives the number to a new contact from its instant on; a repeat changes nothing', async () => {
  const [W, U] = ['w:491510', 'u:a:split'] as const;
  const [old] = await take(database, [says(10, W, U), says(40, W, U)]);
  const { newContactId: created, contactIds } = await split([W, U], 40);
  expect(created).not.toBe(old?.contactId);
  expect([...contactIds].sort()).toEqual([old?.contactId as string, created].sort());
  expect(await split([W, U], 40)).toEqual({ newContactId: created, contactIds: [] });
  await expectAsFromScratch(database, [says(10, W, U), says(40, W, U), { type: 'split', carried: [W, U], at: 40 }], [W, U]);
  const who = await whoAre(database.pool, [old?.contactId as string, created]);
  expect(who.get(created)?.holdings).toEqual([
    { identifier: U, from: 40, to: Number.POSITIVE_INFINITY },
    { identifier: W, from: 40, to: Number.POSITIVE_INFINITY },
  ]);
  expect(who.get(old?.contactId as string)?.holdings.map(({ to }) => to)).toEqual([40, 40]);
});

it('a split told names the moves that follow, and why', async () => {
  const W = 'w:491520';
  const [old] = await take(database, [says(10, W), says(60, W)]);
  const { newContactId: created } = await split([W], 50);
  const { rows } = await database.pool.query<{ event: { type: string; moves: unknown; cause: unknown } }>(
    `select convert_from(value, 'UTF8')::jsonb as event from outbox where key = $1 order by position desc limit 1`,
    [old?.contactId],
  );
  expect(rows[0]?.event).toMatchObject({
    type: 'contact.split',
    cause: { actor: 'key:1' },
    moves: [
      { identifier: W, kind: 'wa_id', value: '491520', from: '1970-01-01T00:00:50.000Z', to: null, leaves: old?.contactId, joins: created },
    ],
  });
});

it('rolled back with the decision that it belongs to', async () => {
  const W = 'w:491530';
  const [old] = await take(database, [says(10, W)]);
  const before = await whoAre(database.pool, [old?.contactId as string]);
  const failing = transact(database.pool, async (tx) => {
    await splitContact(tx, {
      ...{ scope: 'default', carried: [W], at: 20, now: NOW, newContactId },
      ...{ cause: { actor: 'key:1' }, occurredAt: NOW.toISOString() },
    });
    throw new Error('the decision failed');
  });
  await expect(failing).rejects.toThrow('the decision failed');
  expect(await whoAre(database.pool, [old?.contactId as string])).toEqual(before);
});

it('whereabouts names everybody who ever held what a contact holds', async () => {
  const [W, U] = ['w:491540', 'u:a:where'] as const;
  const [old] = await take(database, [says(10, W, U)]);
  const { newContactId: created } = await split([W], 40);
  const { who, periods } = await whereabouts(database.pool, 'default', [created], []);
  expect([...who.keys()].sort()).toEqual([old?.contactId as string, created].sort());
  expect(periods.get(W)?.map(({ from, to, contactId }) => [from, to, contactId])).toEqual([
    [Number.NEGATIVE_INFINITY, 40, old?.contactId],
    [40, Number.POSITIVE_INFINITY, created],
  ]);
  const named = await whereabouts(database.pool, 'default', [], [U]);
  expect([...named.periods.keys()]).toEqual([U]);
});
