import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DecisionPreviewJson } from '@keyturn/contracts';
import { until } from '@keyturn/testkit';
import { changedNumber, consoleWorld, holdSlice, message, type World } from './console.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const NOW = Math.floor(Date.now() / 1_000);
const T = NOW - 7_200;
let numbers = 4915600000;
async function blocked(options: { bsuid?: string } = {}) {
  const waId = String(numbers++);
  await world.says(message({ waId, at: T, hash: 'A=', name: 'Rania' }), message({ waId, ...options, at: T + 60, hash: 'B=' }));
  const contact = await world.find(waId);
  return { waId, contact, contactId: contact.contactId, seen: { keyHash: contact.identity.keyHash, version: contact.identity.version } };
}
async function preview(contactId: string, seen: object) {
  const { status, body } = await world.call('POST', `/v1/contacts/${contactId}/identity/preview`, seen);
  return { status, body: body as unknown as DecisionPreviewJson & typeof body };
}
const decide = (contactId: string, seen: object, verdict: string) =>
  world.call('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, { ...seen, verdict, reason: 'called back' });
/** All that a decision could write. */
async function everything(): Promise<string> {
  const tables = [
    'identity_state',
    'contact_state',
    'consent_state',
    'contact',
    'identifier_period',
    'directory_split',
    'journal',
    'outbox',
  ];
  const counts = await Promise.all(
    [...tables, 'identity_decision', 'consumer_offset', 'verification_due'].map(async (table) => {
      const { rows } = await world.pool.query(`select count(*), md5(string_agg(t::text, ',' order by t::text)) from ${table} t`);
      return JSON.stringify(rows);
    }),
  );
  return counts.join();
}

it('says of each verdict what the decision then does, to the last field, and does nothing', async () => {
  for (const verdict of ['same_person', 'different_person'] as const) {
    const { contactId, seen, waId } = await blocked({ bsuid: `BS.${verdict}` });
    await until('the block was held against the rules of verification', async () => {
      const { rows } = await world.pool.query('select count(*)::int as count from verification_due');
      return rows[0].count === 0;
    });
    const before = await everything();
    const { status, body } = await preview(contactId, seen);
    expect(status).toBe(200);
    expect(await everything()).toBe(before);
    const outcome = body[verdict].outcome;
    const made = await decide(contactId, seen, verdict);
    await world.follow();
    const holder = await world.find(waId);
    const known = (await world.call('GET', `/v1/contacts/${made.body.contactId}`)).body;
    expect(outcome?.known).toEqual(known);
    expect({ ...outcome?.holder, contactId: holder.contactId }).toEqual(holder);
  }
});

it('opt-ins and windows end with another person, and stay with the same', async () => {
  const { contactId, seen } = await blocked();
  const { same_person: same, different_person: different } = (await preview(contactId, seen)).body;
  const optedIn = ['utility', 'authentication', 'service'];
  expect(same).toMatchObject({ refused: null, outcome: { released: true, optIns: { stay: optedIn, end: [] }, businessBlocked: false } });
  expect(same.outcome?.holder.contactId).toBe(contactId);
  expect(different).toMatchObject({ refused: null, outcome: { released: true, serviceWindows: { stay: ['P1'], end: [] } } });
  expect(different.outcome?.holder).toMatchObject({ identity: { status: 'clear', keyHash: 'B=' } });
  expect(different.outcome?.known.identifiers.every(({ validTo }) => validTo !== null)).toBe(true);
});

it('opt-outs of the person we knew stay with that person', async () => {
  const waId = String(numbers++);
  await world.says(message({ waId, at: T, hash: 'A=' }), { ...message({ waId, at: T + 10, hash: 'A=' }), optOut: 'keyword' });
  await world.says(message({ waId, at: T + 60, hash: 'B=' }));
  const { contactId, identity } = await world.find(waId);
  const { body } = await preview(contactId, { keyHash: 'B=', version: identity.version });
  const stopped = body.same_person.outcome?.optOuts.stay ?? [];
  expect(stopped).not.toEqual([]);
  expect(body.different_person.outcome?.optOuts).toEqual({ stay: [], end: stopped });
});

it('a verdict that can’t be given says why, and the other still shows', async () => {
  const [before, after] = [String(numbers++), String(numbers++)];
  await world.says(message({ waId: before, at: T, hash: 'A=' }), changedNumber(T + 60, before, after));
  const { contactId, identity } = await world.find(after);
  const { status, body } = await preview(contactId, { keyHash: identity.keyHash, version: identity.version });
  expect({ status, released: body.same_person.outcome?.released }).toEqual({ status: 200, released: true });
});

it('of a change that moved on, or is decided, it is refused like the decision, with the state now', async () => {
  const { contactId, seen, contact } = await blocked();
  const moved = await preview(contactId, { ...seen, version: seen.version - 1 });
  expect(moved).toMatchObject({ status: 409, body: { code: 'identity.conflict', reason: 'moved_on', identity: contact.identity } });
  const decision = await decide(contactId, { ...seen, version: seen.version - 1 }, 'same_person');
  expect(decision.body.detail).toBe(moved.body.detail);
  await decide(contactId, seen, 'same_person');
  expect(await preview(contactId, seen)).toMatchObject({ status: 409, body: { reason: 'not_blocked' } });
  expect((await preview('01900000-0000-7000-8000-000000000001', seen)).status).toBe(404);
  expect((await preview(contactId, { version: 1 })).status).toBe(422);
});

it('waits for nobody’s rows for long: while a decision is being taken it says so, or shows what came of it', async () => {
  const { contactId, seen } = await blocked();
  const row = await holdSlice(world, contactId);
  const asked = preview(contactId, seen);
  await row.waiting(1);
  await row.release();
  expect((await asked).status).toBe(200);
});
