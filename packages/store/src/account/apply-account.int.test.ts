import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { account, consumerTopics, type InboundEvent, inbound, type Topic } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import { inboundRecord, iso, message, status, T0 } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { applyBatch } from '../consume/apply-batch.ts';
import type { Ended, Shell } from '../consume/run.ts';
import { stopRule } from '../consume/stop-rule.ts';
import type { Database } from '../database.ts';
import { directoryDatabase } from '../directory/directory.fixture.ts';
import { applyAccount } from './apply-account.ts';
import { countChecks, listNumbers, readNumber } from './read-numbers.ts';
import { listTemplates } from './read-templates.ts';

const consumer = { group: 'account', topics: consumerTopics.account, apply: applyAccount } as const;
const NOW = new Date((T0 + 3_600) * 1_000);
let databases: Database[];
let close: () => Promise<void>;
beforeAll(async () => {
  ({ databases, close } = await directoryDatabase(2));
});
afterAll(() => close());

const poolOf = (index = 0) => (databases[index] as Database).pool;
const shellOf = (index = 0): Shell => ({ pool: poolOf(index), now: () => NOW, newContactId: v7, stopRule: stopRule('account') });
const offsets = new Map<string, bigint>();
async function live(topic: Topic, records: readonly IncomingRecord[], partition = 0, index = 0): Promise<Ended[]> {
  const key = `${topic.name} ${partition}`;
  const from = offsets.get(key) ?? null;
  const numbered = records.map((record, i) => ({ ...record, offset: (from ?? 0n) + BigInt(i) }));
  const to = (from ?? 0n) + BigInt(records.length);
  offsets.set(key, to);
  return applyBatch(shellOf(index), consumer, { topic, partition, records: numbered, from, to, caughtUpAt: NOW, attempt: 1 });
}
const says = (...events: object[]) =>
  live(
    account,
    events.map((event) => ({ offset: 0n, key: 'waba', value: Buffer.from(JSON.stringify(event)), headers: {}, timestamp: 0 })),
  );
const wrote = (...events: InboundEvent[]) =>
  live(
    inbound,
    events.map((event) => inboundRecord(event, 0n)),
  );

let said = 0;
const about = (type: string, displayNumber: string, at: number, fields: object) => ({
  ...{ id: `event-${said++}`, type, wabaId: `waba-${displayNumber}`, displayNumber, occurredAt: iso(at), receivedAt: iso(at) },
  ...{ source: { webhookId: 'w', path: '/entry/0' }, ...fields },
});
const flagged = (displayNumber: string, at: number) =>
  about('phone_number.quality_changed', displayNumber, at, { event: 'FLAGGED', limit: 'TIER_1K' });
const to = (phoneNumberId: string, displayNumber: string, at: number, hash?: string) =>
  message({
    at,
    waId: '4915700000001',
    phoneNumberId,
    displayNumber,
    wabaId: `waba-${displayNumber}`,
    ...(hash ? { identityKeyHash: hash } : {}),
  });
const kinds = (ended: readonly Ended[]) => ended.map((one) => (one.kind === 'skipped' ? one.reason : one.kind));

describe('a number', () => {
  it.each([
    ['said of before somebody writes to it', ['1001', '100100'], false],
    ['said of after', ['1002', '100200'], true],
  ] as const)('is one by its id and by the number itself, %s', async (_when, [id, digits], later) => {
    const [say, write] = [() => says(flagged(digits, T0)), () => wrote(to(id, digits, T0 + 5, 'h'))];
    for (const step of later ? [write, say] : [say, write]) await step();
    expect(await readNumber(poolOf(), id, NOW)).toMatchObject({
      ...{ phoneNumberId: id, displayNumber: digits, wabaId: `waba-${digits}` },
      ...{ quality: { status: 'flagged', at: iso(T0) }, messagingLimit: { limit: 'TIER_1K' } },
      history: [{ about: 'number', type: 'phone_number.quality_changed', detail: { event: 'FLAGGED', limit: 'TIER_1K' } }],
    });
    const listed = (await listNumbers(poolOf(), 100, null, NOW)).filter(({ displayNumber }) => displayNumber === digits);
    expect(listed.map(({ phoneNumberId }) => phoneNumberId)).toEqual([id]);
  });

  it('that nobody wrote to is listed by the number itself', async () => {
    await says(flagged('100300', T0));
    const listed = (await listNumbers(poolOf(), 100, null, NOW)).filter(({ displayNumber }) => displayNumber === '100300');
    expect(listed).toMatchObject([{ phoneNumberId: null, quality: { status: 'flagged' } }]);
  });

  it('has what happened to its account: a restriction, a ban, what it may do', async () => {
    const of = { displayNumber: undefined, wabaId: 'waba-100400' };
    await says(
      about('account.updated', '', T0, {
        ...of,
        event: 'ACCOUNT_RESTRICTION',
        restrictions: [{ restriction: 'RESTRICTED_BIZ_INITIATED_MESSAGING' }],
      }),
      about('account.updated', '', T0 + 1, { ...of, event: 'DISABLED_UPDATE', banState: 'SCHEDULE_FOR_DISABLE' }),
      about('business_capability.changed', '', T0 + 2, { ...of, limit: 'TIER_2K', phoneNumbersMax: 25 }),
    );
    await wrote(to('1004', '100400', T0));
    const number = await readNumber(poolOf(), '1004', NOW);
    expect(number?.account).toMatchObject({
      restrictions: [{ restriction: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiresAt: null, since: iso(T0) }],
      ...{ ban: { state: 'SCHEDULE_FOR_DISABLE' }, capability: { limit: 'TIER_2K', phoneNumbersMax: 25 } },
    });
    expect(number?.history.map(({ about: whom, type }) => [whom, type])).toEqual([
      ['account', 'business_capability.changed'],
      ['account', 'account.updated'],
      ['account', 'account.updated'],
    ]);
  });

  it('has how its quality and its limit went, whichever of its names they were said of', async () => {
    const quality = (at: number, event: string, limit?: string) =>
      about('phone_number.quality_changed', '100450', at, { event, ...(limit === undefined ? {} : { limit }) });
    await says(quality(T0 + 30, 'UNFLAGGED', 'TIER_250'), quality(T0 + 10, 'UPGRADE', 'TIER_1K'));
    await wrote(to('10045', '100450', T0));
    await says(quality(T0 + 20, 'FLAGGED', 'TIER_1K'), { ...quality(T0 + 25, 'FLAGGED', 'TIER_1K'), phoneNumberId: '10045' });
    expect((await readNumber(poolOf(), '10045', NOW))?.course).toEqual({
      quality: [
        { status: 'flagged', at: iso(T0 + 20) },
        { status: 'unflagged', at: iso(T0 + 30) },
      ],
      limit: [
        { limit: 'TIER_1K', at: iso(T0 + 10) },
        { limit: 'TIER_250', at: iso(T0 + 30) },
      ],
      limitOf: 'number',
    });
    await says(about('business_capability.changed', '', T0, { displayNumber: undefined, wabaId: 'waba-100460', limit: 'TIER_2K' }));
    await wrote(to('10046', '100460', T0));
    expect((await readNumber(poolOf(), '10046', NOW))?.course).toEqual({
      quality: [],
      limit: [{ limit: 'TIER_2K', at: iso(T0) }],
      limitOf: 'account',
    });
  });

  it('pages have every number exactly once', async () => {
    const all = (await listNumbers(poolOf(), 1_000, null, NOW)).map(({ place }) => place);
    const paged: typeof all = [];
    for (let after: (typeof all)[number] | null = null; ; after = paged.at(-1) ?? null) {
      const rows = await listNumbers(poolOf(), 2, after, NOW);
      if (rows.length === 0) break;
      paged.push(...rows.map(({ place }) => place));
    }
    expect(paged).toEqual(all);
  });
});

describe('once', () => {
  it('what is said again, in another batch or the same, changes nothing', async () => {
    const one = flagged('100500', T0);
    expect(kinds(await says(one, one))).toEqual(['applied', 'known']);
    expect(kinds(await says(one))).toEqual(['known']);
  });

  it('what has no time is not later for being said again', async () => {
    const untimed = { ...about('phone_number.security_reported', '100600', T0, { event: 'PIN_CHANGED' }), flags: ['time_impossible'] };
    const next = { ...about('phone_number.security_reported', '100600', T0 + 5, { event: 'PIN_RESET_REQUEST' }) };
    await says(untimed, next, { ...untimed, occurredAt: iso(T0 + 99) });
    await wrote(to('1006', '100600', T0));
    expect((await readNumber(poolOf(), '1006', NOW))?.security).toMatchObject({ event: 'PIN_RESET_REQUEST' });
  });

  it('a message counts once, however often it comes, on its own day', async () => {
    const messages = [
      to('1007', '100700', T0 - 86_400, 'h'),
      to('1007', '100700', T0, 'h'),
      to('1007', '100700', T0 + 1),
      to('1007', '100700', T0 + 2),
    ];
    await wrote(...messages);
    await live(
      inbound,
      [...messages, ...messages].reverse().map((event) => inboundRecord(event, 0n)),
      1,
    );
    const number = await readNumber(poolOf(), '1007', NOW);
    expect(number?.coverage).toEqual([
      { day: '2026-11-20', messages: 3, withHash: 1, share: 1 / 3, exact: true },
      { day: '2026-11-19', messages: 1, withHash: 1, share: 1, exact: true },
    ]);
    expect(number?.identityCheck).toEqual({
      status: 'on',
      newest: { messages: 4, withHash: 2 },
      lastMessageAt: iso(T0 + 2),
      lastHashAt: iso(T0),
    });
  });

  it('two members that say something of one number at a time wait for each other', async () => {
    await wrote(to('1012', '101200', T0));
    const holder = await poolOf().connect();
    await holder.query('begin');
    await holder.query(`select from account_state where kind = 'number' and id = '1012' for update`);
    const both = [1, 2].map((i) => live(inbound, [inboundRecord(to('1012', '101200', T0 + i), 0n)], 20 + i, i % 2));
    for (let waiting = 0; waiting < 2; ) {
      const locked = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      waiting = (await poolOf().query(locked)).rowCount ?? 0;
    }
    await holder.query('commit');
    holder.release();
    await Promise.all(both);
    expect((await readNumber(poolOf(), '1012', NOW))?.identityCheck.newest).toEqual({ messages: 3, withHash: 0 });
  });

  it('two members that count for one number at a time lose nothing', async () => {
    const many = (from: number) =>
      Array.from({ length: 200 }, (_, i) => inboundRecord(to('1008', '100800', T0 + from + i, i % 2 ? 'h' : undefined), 0n));
    await Promise.all([0, 1, 2, 3].map((i) => live(inbound, many(i * 200), 10 + i, i % 2)));
    const number = await readNumber(poolOf(), '1008', NOW);
    expect(number?.coverage).toEqual([{ day: '2026-11-20', messages: 800, withHash: 400, share: 0.5, exact: true }]);
  });
});

it('each record ends as one thing, and what is no JSON is a dead letter', async () => {
  const ended = await live(inbound, [
    inboundRecord(to('1009', '100900', T0), 0n),
    inboundRecord(status({ at: T0, waId: '4915700000001' }), 0n),
    inboundRecord({ ...to('1009', '100900', T0), flags: ['person_missing'] }, 0n),
    inboundRecord({ ...to('1009', '100900', T0), messageType: 'system' }, 0n),
    { ...inboundRecord(to('1009', '100900', T0), 0n), value: Buffer.from('{') },
  ]);
  expect(kinds(ended)).toEqual(['touched', 'no_message', 'flagged', 'no_message', 'dead_lettered']);
  expect(kinds(await says(about('link.clicked', '1', T0, { action: 'click' })))).toEqual(['not_kept']);
});

it('what the database refuses is one dead letter, and its neighbours are kept', async () => {
  const bad = { ...about('phone_number.security_reported', '101000', T0, { event: 'PIN\u0000' }) };
  expect(kinds(await says(flagged('101000', T0), bad, flagged('101000', T0 + 1)))).toEqual(['applied', 'dead_lettered', 'applied']);
});

it('templates are known by their id, and listed by account', async () => {
  const of = { templateId: '77', name: 'order_update', language: 'en_US', displayNumber: undefined, wabaId: 'waba-t' };
  await says(
    about('template.status_changed', '', T0, { ...of, status: 'PAUSED', category: 'UTILITY', reason: 'LOW_QUALITY' }),
    about('template.quality_changed', '', T0, { ...of, quality: 'RED', previousQuality: 'YELLOW' }),
    about('template.status_changed', '', T0, { ...of, templateId: undefined, language: undefined, status: 'APPROVED' }),
  );
  const list = (wabaId: string | null) => listTemplates(poolOf(), { wabaId, limit: 10, after: null });
  expect(await list('waba-t')).toMatchObject([
    {
      templateId: '77',
      status: { status: 'PAUSED', reason: 'LOW_QUALITY' },
      category: { category: 'UTILITY' },
      quality: { quality: 'RED' },
    },
    { templateId: null, name: 'order_update', language: null, status: { status: 'APPROVED' } },
  ]);
  expect(await list('another')).toEqual([]);
});

it('counts how many numbers stand how with the identity check', async () => {
  await wrote(...[0, 1, 2].map((i) => to('1011', '101100', T0 + i)));
  expect((await countChecks(poolOf(), NOW)).get('off')).toBeGreaterThanOrEqual(1);
});
