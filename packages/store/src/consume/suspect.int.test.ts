import { expect, it } from '@jest/globals';
import { contactEvents } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import { v7 } from 'uuid';
import { NOW, ownDatabase, take } from '../directory/directory.fixture.ts';
import { applyBatch } from './apply-batch.ts';
import { identity } from './identity-consumer.fixture.ts';
import type { Run } from './run.ts';
import { stopRule } from './stop-rule.ts';

const database = ownDatabase();

let partition = 0;
const runOf = (record: IncomingRecord): Run => ({
  ...{ topic: contactEvents, partition: ++partition, records: [record], from: null, to: 1n, caughtUpAt: NOW, attempt: 1 },
});
const recordFor = (key: string, value: string): IncomingRecord => ({
  offset: 0n,
  key,
  value: Buffer.from(value),
  headers: {},
  timestamp: 0,
});
const shell = () => ({ pool: database.pool, now: () => NOW, newContactId: v7, stopRule: stopRule('identity') });
const statusOf = async (contactId: string) =>
  (await database.pool.query<{ status: string }>('select status from identity_state where contact_id = $1', [contactId])).rows[0]?.status;

it('an event of the directory that cannot be read is dead-lettered, and its contact blocked until somebody has looked', async () => {
  const [somebody] = await take(database, [{ type: 'item', carried: ['w:4915300000001'], at: 10 }]);
  const contactId = somebody?.contactId as string;
  expect(await applyBatch(shell(), identity, runOf(recordFor(contactId, '{')))).toMatchObject([
    { kind: 'dead_lettered', about: contactId },
  ]);
  expect(await statusOf(contactId)).toBe('blocked');
});

it('nor is one that the database refuses lost on those whom it names', async () => {
  const [somebody] = await take(database, [{ type: 'item', carried: ['w:4915300000002'], at: 10 }]);
  const contactId = somebody?.contactId as string;
  const told = await database.pool.query<{ value: Buffer }>('select value from outbox where key = $1', [contactId]);
  const run = { ...runOf(recordFor(contactId, String(told.rows[0]?.value))), refused: new Error('refused') };
  expect(await applyBatch(shell(), identity, run)).toMatchObject([{ kind: 'dead_lettered' }]);
  expect(await statusOf(contactId)).toBe('blocked');
});

it('one about nobody we know blocks nobody', async () => {
  expect(await applyBatch(shell(), identity, runOf(recordFor('nobody', '{')))).toMatchObject([{ kind: 'dead_lettered' }]);
  expect(await applyBatch(shell(), identity, runOf(recordFor(v7(), '{')))).toMatchObject([{ kind: 'dead_lettered' }]);
});
