import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { account, consumerTopics, webhooks } from '@keyturn/contracts';
import { T0 } from '@keyturn/testkit';
import { type Line, startLine } from './line.ts';

let line: Line;
beforeAll(async () => {
  line = await startLine();
});
afterAll(() => line.stop());

type Json = Record<string, unknown>;
const LONE = '\ud800';
const pair = (key: string, value: unknown): Json => Object.fromEntries([[key, value]]); // `{ __proto__: … }` would say something else
const evil = { ...pair('__proto__', { wa_id: '1' }), constructor: { prototype: { hash: 'h9' } }, toString: 'x', hasOwnProperty: 1 };
/** Stands for a nest that `JSON.stringify` itself can't write. */
const DEEP = '@deep';
const written = (value: Json): string => JSON.stringify(value).replace(`"${DEEP}"`, '['.repeat(100_000) + ']'.repeat(100_000));
const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
let people = 0;
const nextWaId = () => `4915300${String(++people).padStart(6, '0')}`;
const message = (waId: string, more: Json = {}): Json => ({
  from: waId,
  id: `wamid.${waId}`,
  timestamp: String(T0),
  type: 'text',
  text: { body: 'x' },
  ...more,
});
const contact = (waId: string, hash: unknown, more: Json = {}): Json => ({
  wa_id: waId,
  identity_key_hash: hash,
  profile: { name: 'Ada' },
  ...more,
});
type Odd = { message?: Json; contact?: Json; value?: Json; metadata?: Json; entry?: Json; root?: Json };
const body = (waId: string, odd: Odd = {}, beside = nextWaId()): Json => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '200000000000001',
      changes: [
        {
          field: 'messages',
          value: {
            metadata: { display_phone_number: '12025550199', phone_number_id: '100000000000001', ...odd.metadata },
            contacts: [contact(waId, 'h1', odd.contact), contact(beside, 'h1')],
            messages: [message(waId, odd.message), message(beside)],
            ...odd.value,
          },
        },
      ],
      ...odd.entry,
    },
  ],
  ...odd.root,
});

/** One field each that cannot be. Whatever it is, the neighbour in the same body counts; whether the item itself does, is the third. */
const fields: [string, Odd, boolean][] = [
  ['a number with NUL', { message: { from: '49153\u000000' }, contact: { wa_id: '49153\u000000' } }, false],
  ['a number that is an object', { message: { from: evil }, contact: { wa_id: evil } }, false],
  ['a number of a million digits', { message: { from: '1'.repeat(1e6) }, contact: { wa_id: '1'.repeat(1e6) } }, false],
  ['a BSUID with NUL', { message: { from_user_id: 'US.\u0000' } }, true],
  ['a BSUID with half a surrogate pair', { message: { from_user_id: `US.${LONE}` } }, true],
  ['a BSUID called __proto__', { message: { from_user_id: '__proto__' } }, true],
  ['a hash with NUL', { contact: { identity_key_hash: 'h\u0000' } }, true],
  ['a hash with half a surrogate pair', { contact: { identity_key_hash: LONE } }, true],
  ['a hash called __proto__', { contact: { identity_key_hash: '__proto__' } }, true],
  ['a hash of 3,000 characters', { contact: { identity_key_hash: 'h'.repeat(3_000) } }, true],
  ['a message id with NUL', { message: { id: 'wamid.\u0000' } }, true],
  ['a message id of 100,000 characters', { message: { id: LONE.repeat(1e5) } }, true],
  ['a time before WhatsApp', { message: { timestamp: '-62135596800' } }, false],
  ['a time that is negative', { message: { timestamp: -1 } }, false],
  ['a time in the year 33658', { message: { timestamp: '999999999999' } }, false],
  ['a time that is no number', { message: { timestamp: '1e400' } }, false],
  ['a time beyond all numbers', { message: { timestamp: 1e300 } }, false],
  ['a name with NUL and half a pair', { contact: { profile: { name: `A\u0000${LONE}da` }, username: `@\u0000${LONE}` } }, true],
  ['a name of a million characters', { contact: { profile: { name: '\u{1f600}'.repeat(5e5) } } }, true],
  ['a name that is deep', { contact: { profile: { name: deep(1_000) } } }, true],
  ['a type called __proto__', { message: { type: '__proto__', system: evil } }, true],
  ['a type with NUL', { message: { type: 'text\u0000' } }, true],
  ['a type called constructor', { message: { type: 'constructor' } }, true],
  ['a group with half a pair', { message: { group_id: `g${LONE}\u0000` } }, true],
  ['an answer to NUL', { message: { context: { id: '\u0000', from: '\u0000' } } }, true],
  ['a referral of NUL', { message: { referral: { source_type: '\u0000', source_id: LONE, ctwa_clid: '\u0000' } } }, true],
  ['an identity block of NUL', { message: { identity: { hash: '\u0000', created_timestamp: '\u0000', acknowledged: LONE } } }, true],
  ['prototype keys in the message', { message: { ...evil, context: evil, identity: evil, text: evil } }, true],
  ['prototype keys everywhere', { message: evil, contact: evil, value: evil, metadata: evil, entry: evil, root: evil }, true],
  ['a text nested 100,000 deep', { message: { text: DEEP } }, true],
  ['100,000 keys in the message', { message: Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`k${i}`, i])) }, true],
  ['100,000 keys beside the messages', { value: Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`k${i}`, []])) }, true],
];
const isKnown = async (waId: string) =>
  (await line.query('select 1 from identifier_period p join identity_state using (contact_id) where p.identifier = $1', [`w:${waId}`]))
    .length > 0;

it('a field that cannot be silences itself, and neither its item nor what stands beside it', async () => {
  const neighbours: string[] = [];
  const applied: string[] = [];
  for (const [name, odd, counts] of fields) {
    const [waId, beside] = [nextWaId(), nextWaId()];
    expect([name, await line.post(written(body(waId, odd, beside)))]).toEqual([name, 200]);
    neighbours.push(beside);
    if (counts) applied.push(waId);
  }
  await line.settled();
  for (const waId of [...neighbours, ...applied]) expect([waId, await isKnown(waId)]).toEqual([waId, true]);
});

it.each<[string, Json]>([
  ['__proto__', { phone_number_id: '__proto__' }],
  ['constructor', { phone_number_id: 'constructor' }],
  ['with NUL', { phone_number_id: '1\u0000' }],
  ['of 10,000 characters', { phone_number_id: '1'.repeat(10_000) }],
])('a number of ours that cannot be (%s) is kept, and decides nothing', async (_case, metadata) => {
  const waId = nextWaId();
  expect(await line.post(JSON.stringify(body(waId, { metadata })))).toBe(200);
  await line.settled();
  expect(await isKnown(waId)).toBe(false);
});

const one = JSON.stringify(body(nextWaId()));
const many = (count: number, item: (i: number) => string) => `[${Array.from({ length: count }, (_, i) => item(i)).join(',')}]`;
const inValue = (value: string) =>
  `{"entry":[{"id":"2","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1"},${value}}}]}]}`;
it.each<[string, string | Buffer]>([
  ['no JSON', one.slice(0, -7)],
  [
    'no UTF-8',
    Buffer.concat([Buffer.from(one.slice(0, 40)), Buffer.from([0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80]), Buffer.from(one.slice(40))]),
  ],
  ['UTF-16', Buffer.from(one, 'utf16le')],
  ['all NUL', Buffer.alloc(10_000)],
  ['1,500,000 brackets', '['.repeat(1_500_000) + ']'.repeat(1_500_000)],
  ['3,000,000 brackets that never close', '['.repeat(3_000_000)],
  ['1,000,000 keys that are one', `{${Array(500_000).fill('"":1').join(',')}}`],
  ['250,000 keys', `{${Array.from({ length: 250_000 }, (_, i) => `"${i.toString(36)}z":1`).join(',')}}`],
  ['1,000,000 entries', `{"entry":${many(1_000_000, () => '{}')}}`],
  ['60,000 contacts that no item takes', inValue(`"contacts":${many(60_000, (i) => `{"wa_id":"${12e8 + i}","identity_key_hash":"h"}`)}`)],
  [
    'more in its events than a publish has room',
    inValue(
      `"contacts":[{"wa_id":"12025550101","profile":{"name":"${'\\u0001'.repeat(512)}"},"username":"${'\\u0001'.repeat(256)}"}],
       "messages":${many(15_000, (i) => `{"id":"w${i}","from":"12025550101","timestamp":"${T0}","type":"text"}`)}`,
    ),
  ],
])('a body of %s is kept, and so is the next', async (_case, bytes) => {
  const waId = nextWaId();
  expect(await line.post(bytes)).toBe(200);
  expect(await line.post(JSON.stringify(body(waId)))).toBe(200);
  await line.settled();
  expect(await isKnown(waId)).toBe(true);
});

it('each record ended once in each group, none as a dead letter, and every body is kept', async () => {
  for (const [group, topics] of Object.entries(consumerTopics)) {
    for (const topic of topics) {
      const { outcomes, records } = await line.ended(group, topic.name);
      const sum = Object.values(outcomes).reduce((total, count) => total + count, 0);
      expect([group, topic.name, sum, outcomes.dead_lettered ?? 0]).toEqual([group, topic.name, records, 0]);
    }
  }
  expect((await line.read(webhooks.name)).length).toBe(fields.length + 4 + 2 * 11);
  const reasons = (await line.read(account.name)).map(({ value }) => (JSON.parse(String(value)) as { reason?: string }).reason);
  expect(reasons.filter((reason) => reason === 'contacts_without_item')).toHaveLength(1);
  expect(reasons.filter((reason) => reason === 'events_too_large')).toHaveLength(1);
});
