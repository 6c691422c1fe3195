import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { InboundEvent } from '@keyturn/contracts';
import { iso, message, status, T0, until } from '@keyturn/testkit';
import type { Database } from '../database.ts';
import { gateDaysOf } from '../gate-journal/gate-days.ts';
import { exposureOf } from '../queries/exposure.ts';
import { openChanges } from '../queries/open-changes.ts';
import { type Consumers, lineWithDatabase } from './exposure.fixture.ts';
import { recordSent } from './record-sent.ts';
import { settleUngated } from './settle-ungated.ts';

let database: Database;
let line: Consumers;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ database, line, close } = await lineWithDatabase());
});
afterAll(() => close());

let count = 0;
let on: string;
let waId: string;
beforeEach(() => {
  on = `P${++count}`;
  waId = `4915950${String(count).padStart(6, '0')}`;
});
const DAY = iso(T0).slice(0, 10);
const wrote = (at: number, identityKeyHash: string) =>
  message({ waId, at: T0 + at, identityKeyHash, phoneNumberId: on, wamid: `in.${waId}.${at}` });
const went = (wamid: string, at: number, said = 'sent', more = {}) =>
  status({ waId, at: T0 + at, wamid: `${wamid}.${on}`, phoneNumberId: on, status: said, ...more });
const echoed = (wamid: string, at: number, sentFrom: 'business_app' | 'standby') => {
  const { subject: _, status: __, ...event } = went(wamid, at);
  return { ...event, id: `${wamid}.${on}`, type: 'message.echoed', messageType: 'text', sentFrom } as InboundEvent;
};
/** The gate says that it sent this. */
const gated = (wamid: string, at: number, now = T0 + at) =>
  recordSent(
    database.pool,
    [
      {
        ...{ wamid: `${wamid}.${on}`, waId, sentAt: new Date((T0 + at) * 1000), phoneNumberId: on, contactId: null, keyHash: null },
        ...{ category: null, template: null, actor: 'key:1' },
      },
    ],
    new Date(now * 1000),
  );
/** As long passes as it takes until the gate must have said what it sent. */
const settled = async () => {
  await database.pool.query(`update ungated_candidate set due_at = due_at - interval '61 s'`);
  const { ungated } = await settleUngated(database.pool);
  return ungated.filter((one) => one.phone_number_id === on).map(({ source, blocked, messages }) => ({ source, blocked, messages }));
};
const days = () => gateDaysOf(database.pool, on, new Date((T0 + 3_600) * 1000));
const day = (ungated: number) => [{ day: DAY, allowed: 0, denied: 0, ungated }];

it('a number that never sent through the gate has none', async () => {
  await line.take([wrote(1, 'h1'), went('a', 10), echoed('b', 11, 'business_app')]);
  expect(await settled()).toEqual([]);
  expect(await days()).toEqual([]);
});

it('from its first send through the gate on, what the gate does not know is counted, by which way it went, each message once', async () => {
  await line.take([wrote(1, 'h1'), went('before', 5)]);
  await gated('through', 10);
  const past = [
    went('api', 20),
    echoed('app', 21, 'business_app'),
    echoed('agent', 22, 'standby'),
    went('standby', 23, 'sent', { standby: true }),
  ];
  await line.take([
    went('through', 10),
    went('through', 12, 'delivered'),
    ...past,
    went('api', 25, 'delivered'),
    went('late-read', 30, 'read'),
  ]);
  expect(await settled()).toEqual([
    { source: 'api', blocked: false, messages: 1 },
    { source: 'business_app', blocked: false, messages: 1 },
    { source: 'standby', blocked: false, messages: 2 },
  ]);
  expect(await days()).toEqual(day(4));
  await line.take(past);
  expect(await settled()).toEqual([]);
  expect(await days()).toEqual(day(4));
});

it('is not judged before the gate must have said what it sent', async () => {
  await line.take([wrote(1, 'h1')]);
  await gated('first', 5);
  await line.take([went('mine', 20)]);
  expect((await settleUngated(database.pool)).ungated).toEqual([]);
  await gated('mine', 20);
  expect(await settled()).toEqual([]);
  expect(await days()).toEqual([]);
});

it('is taken back where the gate says so later still', async () => {
  await line.take([wrote(1, 'h1')]);
  await gated('first', 5);
  await line.take([went('slow', 20), went('past', 21)]);
  await settled();
  expect(await days()).toEqual(day(2));
  await gated('slow', 20, T0 + 20 + 600);
  await gated('slow', 20, T0 + 20 + 600);
  expect(await days()).toEqual(day(1));
});

it('is taken back, too, where the gate says so while it is being settled', async () => {
  await line.take([wrote(1, 'h1')]);
  await gated('first', 5);
  await line.take([went('slow', 20)]);
  const inTheWay = await database.pool.connect();
  const waiting = (count: number) =>
    until(`${count} wait`, async () => {
      const { rows } = await database.pool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length === count;
    });
  await inTheWay.query('begin');
  await inTheWay.query('insert into ungated_day (phone_number_id, day, messages) values ($1, $2, 0)', [on, DAY]);
  const settling = settled();
  await waiting(1);
  const told = gated('slow', 20, T0 + 20 + 60);
  await waiting(2);
  await inTheWay.query('rollback');
  inTheWay.release();
  expect(await settling).toEqual([{ source: 'api', blocked: false, messages: 1 }]);
  await told;
  expect(await days()).toEqual([]);
  const { rows } = await database.pool.query('select from outbound_ungated where wamid = $1', [`slow.${on}`]);
  expect(rows).toEqual([]);
});

it('one that the gate says late, before it was judged, is none', async () => {
  await line.take([wrote(1, 'h1')]);
  await gated('first', 5);
  await line.take([went('slow', 20)]);
  await gated('slow', 20, T0 + 20 + 45);
  const { rows } = await database.pool.query('select from ungated_candidate where wamid = $1', [`slow.${on}`]);
  expect(rows).toEqual([]);
});

it('to somebody who is blocked it is evidence: on the queue, and on the exposure, from the block on', async () => {
  await line.take([wrote(1, 'h1')]);
  await gated('first', 5);
  await line.take([went('before-block', 20), wrote(30, 'h2'), went('a', 40), echoed('b', 50, 'business_app')]);
  expect(await settled()).toEqual([
    { source: 'api', blocked: false, messages: 1 },
    { source: 'api', blocked: true, messages: 1 },
    { source: 'business_app', blocked: true, messages: 1 },
  ]);
  const contactId = (await line.holder(`w:${waId}`, T0 + 60)) as string;
  const expected = { messages: 2, lastAt: iso(T0 + 50), phoneNumberIds: [on] };
  const mine = (await openChanges(database.pool, 200, null)).filter((change) => change.contactId === contactId);
  expect(mine.map(({ ungated }) => ungated)).toEqual([expected]);
  expect((await exposureOf(database.pool, contactId, 1, null)).ungated).toEqual(expected);
});

it('who is blocked, and got nothing past the gate, has no such evidence', async () => {
  await line.take([wrote(1, 'h1')]);
  await gated('first', 5);
  await line.take([wrote(30, 'h2')]);
  await gated('allowed', 40);
  await line.take([went('allowed', 40)]);
  await settled();
  const contactId = (await line.holder(`w:${waId}`, T0 + 60)) as string;
  expect(await exposureOf(database.pool, contactId, 1, null)).not.toHaveProperty('ungated');
  const mine = (await openChanges(database.pool, 200, null)).filter((change) => change.contactId === contactId);
  expect(mine.map((change) => 'ungated' in change)).toEqual([false]);
});
