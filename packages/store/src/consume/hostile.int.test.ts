import { randomBytes } from 'node:crypto';
import { beforeEach, expect, it } from '@jest/globals';
import {
  consentEvents,
  consentState,
  contactEvents,
  contactState,
  type InboundEvent,
  identityEvents,
  identityState,
  inbound,
} from '@keyturn/contracts';
import { consentSlice, contactSlice, identitySlice, type Told } from '@keyturn/domain';
import type { IncomingRecord } from '@keyturn/runtime';
import { inboundRecord, message, T0 } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { NOW, ownDatabase } from '../directory/directory.fixture.ts';
import { consentRepository } from '../slices/consent-repository.ts';
import { contactRepository } from '../slices/contact-repository.ts';
import { identityRepository } from '../slices/identity-repository.ts';
import { applyBatch } from './apply-batch.ts';
import type { ConsumerDefinition } from './run.ts';
import { stopRule } from './stop-rule.ts';

const facets = ['hash', 'error', 'number', 'link', 'window', 'consent'] as const;
const consumers = [
  { group: 'contact', slice: contactSlice, repository: contactRepository, tells: { events: contactEvents, state: contactState } },
  { group: 'identity', slice: identitySlice, repository: identityRepository, tells: { events: identityEvents, state: identityState } },
  { group: 'consent', slice: consentSlice, repository: consentRepository, tells: { events: consentEvents, state: consentState } },
].map((one) => ({ ...one, topics: [inbound, contactEvents], facets }) as unknown as ConsumerDefinition<unknown, unknown, Told>);

const database = ownDatabase();
let partition = 0;
beforeEach(() => {
  partition += 1;
});

let people = 0;
const nextWaId = () => `4915900${String(++people).padStart(6, '0')}`;
const said = (more: Partial<InboundEvent> = {}): InboundEvent =>
  ({ ...message({ waId: nextWaId(), at: T0, identityKeyHash: 'h1', profileName: 'Ada' }), ...more }) as InboundEvent;
const record = (event: InboundEvent): IncomingRecord => inboundRecord(event, 1n);
const bytes = (value: string | Buffer, more: Partial<IncomingRecord> = {}): IncomingRecord => ({
  ...inboundRecord(said(), 1n),
  value: Buffer.from(value as string),
  ...more,
});

/** What no producer of ours writes, yet stands on the topic. */
it.each<[string, IncomingRecord, 'dead_lettered' | 'applied']>([
  ['NUL', bytes('\u0000'), 'dead_lettered'],
  ['text with NUL that is no JSON', bytes('{"type": \u0000"message.received"}'), 'dead_lettered'],
  ['bytes that are no UTF-8', bytes(Buffer.from([0xed, 0xa0, 0x80, 0xff])), 'dead_lettered'],
  ['pairs of surrogates that its error cuts', bytes(`{"a":${'\u{1f600}'.repeat(50)}`), 'dead_lettered'],
  ['brackets, 100,000 deep', bytes('['.repeat(100_000) + ']'.repeat(100_000)), 'dead_lettered'],
  ['a key with NUL', bytes('{}', { key: 'a\u0000b' }), 'dead_lettered'],
  ['a header with NUL', bytes('{}', { headers: { 'x\u0000': '\u0000' } }), 'dead_lettered'],
  ['prototype keys', bytes('{"__proto__":{"type":"message.received"},"constructor":1}'), 'dead_lettered'],
  ['a header called __proto__', bytes('{}', { headers: Object.fromEntries([['__proto__', 'x']]) }), 'dead_lettered'],
  ['a BSUID with NUL', record(said({ bsuid: 'US.\u0000' })), 'dead_lettered'],
  ['an id with NUL', record(said({ id: '\u0000', bsuid: 'US.\u0000' })), 'dead_lettered'],
  ['a hash with NUL', record(said({ identityKeyHash: '\u0000', wabaId: '\u0000' } as Partial<InboundEvent>)), 'dead_lettered'],
  ['a place with NUL', record(said({ source: { webhookId: '\u0000', path: '\u0000' } })), 'dead_lettered'],
  ['a number of ours called __proto__', record(said({ phoneNumberId: '__proto__' })), 'dead_lettered'],
  ['the year 0', record(said({ occurredAt: '0000-01-01T00:00:00Z' })), 'dead_lettered'],
  ['the year 9999', record(said({ occurredAt: '9999-12-31T23:59:59Z' })), 'applied'],
])('a record of %s ends alone; its neighbours are applied, and the consumer goes on', async (_case, hostile, kind) => {
  for (const consumer of consumers) {
    const neighbours = [inboundRecord(said(), 0n), inboundRecord(said(), 2n)] as const;
    const records = [neighbours[0], hostile, neighbours[1]];
    const shell = { pool: database.pool, now: () => NOW, newContactId: v7, stopRule: stopRule(consumer.group) };
    const run = { topic: inbound, partition, records, from: null, to: 3n, caughtUpAt: NOW, attempt: 1 };
    const ended = await applyBatch(shell, consumer, run);
    expect([consumer.group, ended.map((one) => one.kind)]).toEqual([consumer.group, ['applied', kind, 'applied']]);
    const { rows } = await database.pool.query<{ value: Buffer }>(
      'select value from outbox where topic = $1 order by position desc limit 1',
      [`${inbound.name}.${consumer.group}.dlt`],
    );
    if (kind === 'dead_lettered') expect(rows[0]?.value.equals(hostile.value)).toBe(true);
  }
});

it('an id that no index takes ends alone, too', async () => {
  const consent = consumers.find(({ group }) => group === 'consent') as (typeof consumers)[number];
  const id = randomBytes(8_000).toString('hex'); // what repeats itself would be compressed
  const records = [inboundRecord(said(), 0n), inboundRecord(said({ id }), 1n), inboundRecord(said(), 2n)];
  const shell = { pool: database.pool, now: () => NOW, newContactId: v7, stopRule: stopRule(consent.group) };
  const run = { topic: inbound, partition, records, from: null, to: 3n, caughtUpAt: NOW, attempt: 1 };
  const ended = await applyBatch(shell, consent, run);
  expect(ended).toMatchObject([{ kind: 'applied' }, { kind: 'dead_lettered', code: 'store.data' }, { kind: 'applied' }]);
});
