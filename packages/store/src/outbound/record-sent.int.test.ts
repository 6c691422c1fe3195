import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { iso, message, status, T0 } from '@keyturn/testkit';
import { v7 } from 'uuid';
import type { Database } from '../database.ts';
import { decide } from '../decide/decide.ts';
import { exposureOf } from '../queries/exposure.ts';
import { readIdentity } from '../queries/read-identity.ts';
import { type Consumers, lineWithDatabase } from './exposure.fixture.ts';
import { recordSent } from './record-sent.ts';

let database: Database;
let line: Consumers;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ database, line, close } = await lineWithDatabase());
});
afterAll(() => close());

let people = 0;
const newNumber = () => `4915900${String(++people).padStart(6, '0')}`;
const P1 = 'P1';
const wrote = (waId: string, at: number, identityKeyHash: string) =>
  message({ waId, at: T0 + at, identityKeyHash, phoneNumberId: P1, wamid: `in.${waId}.${at}` });
const refused = (waId: string, at: number, wamid: string, phoneNumberId = P1) =>
  status({ waId, at: T0 + at, wamid, phoneNumberId, status: 'failed', errorCodes: [137_000] });
const sent = (waId: string, at: number, wamid: string, keyHash: string | null, more = {}) =>
  recordSent(database.pool, [
    {
      ...{ wamid, waId, keyHash, sentAt: new Date((T0 + at) * 1000), phoneNumberId: P1, contactId: null },
      ...{ category: 'utility', template: null, actor: 'key:1', ...more },
    },
  ]);
const holderOf = async (waId: string) => (await line.holder(`w:${waId}`, T0 + 1_000)) as string;
const identityOf = async (contactId: string) => readIdentity(database.pool, contactId);

/** Blocked by a second hash, and decided to be the same person: `h1` is replaced by `h2`. */
async function replaced(): Promise<string> {
  const waId = newNumber();
  await line.take([wrote(waId, 10, 'h1'), wrote(waId, 20, 'h2')]);
  const contactId = await holderOf(waId);
  const { version } = await identityOf(contactId);
  const command = { keyHash: 'h2', version, verdict: 'same_person', reason: 'called back', actor: 'key:1' } as const;
  await decide({ pool: database.pool, newContactId: v7 }, contactId, { ...command, decisionId: v7(), decidedAt: iso(T0 + 50) });
  return waId;
}

it.each<[guarantee: string, keyHash: string | null, on: string | undefined, expected: string[]]>([
  ['under the hash that was replaced is old', 'h1', P1, ['before_decision']],
  ['under the accepted hash is news', 'h2', P1, ['applied']],
  ['that the gate sent without a hash is news', null, P1, ['applied']],
  ['that another number sent is news', 'h1', 'P2', ['applied']],
  ['that the gate never sent is news', 'h1', undefined, ['applied']],
])('a message that fails by its identity key after the decision, %s', async (_guarantee, keyHash, on, expected) => {
  const waId = await replaced();
  const wamid = `out.${waId}`;
  if (on !== undefined) await sent(waId, 15, wamid, keyHash, { phoneNumberId: on });
  expect(await line.identityEnds([refused(waId, 60, wamid)])).toEqual(expected);
});

it('trap 49: what the gate sent counts as sent though no status of it ever comes, and once when some have', async () => {
  const waId = newNumber();
  await line.take([wrote(waId, 10, 'h1'), wrote(waId, 20, 'h2')]);
  const contactId = await holderOf(waId);
  const counts = async () => {
    const { beforeBlock, afterBlock } = await exposureOf(database.pool, contactId, 50, null);
    return [beforeBlock, afterBlock].map(({ sent, delivered, byCategory }) => ({ sent, delivered, byCategory }));
  };
  await sent(waId, 15.4, `out.${waId}`, 'h1');
  await sent(waId, 15.4, `out.${waId}`, 'h1');
  expect(await counts()).toEqual([
    { sent: 1, delivered: 0, byCategory: { utility: 1 } },
    { sent: 0, delivered: 0, byCategory: {} },
  ]);
  await line.take(
    ['sent', 'delivered'].map((said, i) => status({ waId, at: T0 + 16 + i, wamid: `out.${waId}`, status: said, phoneNumberId: P1 })),
    'status',
  );
  expect(await counts()).toEqual([
    { sent: 0, delivered: 1, byCategory: { utility: 1 } },
    { sent: 0, delivered: 0, byCategory: {} },
  ]);
});

it('whom it was judged for and under which hash is kept, each message once; to a group, or of a number that nobody wrote to, too', async () => {
  const [waId, contactId] = [newNumber(), v7()];
  await sent(waId, 15, `one.${waId}`, 'h1', { contactId });
  await sent(waId, 15, `one.${waId}`, 'h1', { contactId });
  await sent(waId, 16, `two.${waId}`, null, { waId: undefined, phoneNumberId: 'never heard of', template: 'offer' });
  const { rows } = await database.pool.query(
    `select split_part(wamid, '.', 1) as wamid, contact_id, key_hash, phone_number_id, template, actor from outbound_sent where wamid like $1 order by 1`,
    [`%.${waId}`],
  );
  expect(rows).toEqual([
    { wamid: 'one', contact_id: contactId, key_hash: 'h1', phone_number_id: P1, template: null, actor: 'key:1' },
    { wamid: 'two', contact_id: null, key_hash: null, phone_number_id: 'never heard of', template: 'offer', actor: 'key:1' },
  ]);
});
