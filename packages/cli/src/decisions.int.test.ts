import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { GateDecisionJson } from '@keyturn/contracts';
import { countDecisions, type JournaledDecision, recordDecisions } from '@keyturn/store';
import { ADMIN_KEY, changedNumber, consoleWorld, message, type World } from '../../../services/console/src/console.fixture.ts';
import { inProcess } from './command-line.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const T = Math.floor(Date.now() / 1000) - 3_600;
let numbers = 4915610000;
let ids = 0;
const newId = () => `01900000-0000-7000-8000-${String(ids++).padStart(12, '0')}`;
const denied = (contactId: string | null, at: number, more: Partial<JournaledDecision> = {}): JournaledDecision => ({
  ...{ decisionId: newId(), decidedAt: new Date((T + at) * 1000), decision: 'deny', contactId, phoneNumberId: 'P1', category: 'utility' },
  ...{
    template: null,
    door: 'messages',
    reasons: ['identity_blocked', 'no_opt_in'],
    shadowed: ['identity_unproven'],
    actor: 'key:1',
    ...more,
  },
});
type Answer = { items: GateDecisionJson[]; nextCursor: string | null };
const get = async (query: string) => {
  const { status, body } = await world.call('GET', `/v1/decisions${query}`);
  return { status, ...(body as unknown as Answer) };
};
const keyturn = (...args: string[]) => inProcess(args, { env: { KEYTURN_URL: world.url, KEYTURN_API_KEY: ADMIN_KEY } });
async function somebody(): Promise<{ waId: string; contactId: string }> {
  const waId = String(numbers++);
  await world.says(message({ waId, at: T, hash: 'A=' }));
  return { waId, contactId: (await world.find(waId)).contactId };
}

it('answers why something was not sent, newest first, page by page, of one contact', async () => {
  const { contactId } = await somebody();
  const other = await somebody();
  const rows = [1, 2, 2, 3].map((at) => denied(contactId, at));
  await recordDecisions(world.pool, [...rows, denied(other.contactId, 9)]);
  const first = await get(`?contactId=${contactId}&limit=3`);
  const second = await get(`?contactId=${contactId}&limit=3&cursor=${first.nextCursor}`);
  const found = [...first.items, ...second.items];
  expect(found.map(({ decisionId }) => decisionId)).toEqual([rows[3], rows[2], rows[1], rows[0]].map((row) => row?.decisionId));
  expect(second.nextCursor).toBeNull();
  expect(found[0]).toMatchObject({
    ...{ contactId, decision: 'deny', phoneNumberId: 'P1', category: 'utility', door: 'messages', actor: 'key:1' },
    reasons: [{ code: 'identity_blocked', message: { en: expect.any(String), ar: expect.any(String) } }, { code: 'no_opt_in' }],
    shadowed: [{ code: 'identity_unproven' }],
  });
});

it('what was to go to whoever is the same person now is there too', async () => {
  const [left, taken] = [await somebody(), await somebody()];
  await recordDecisions(world.pool, [denied(left.contactId, 1), denied(taken.contactId, 2)]);
  await world.says(changedNumber(T + 100, left.waId, taken.waId));
  await world.follow();
  const person = await world.find(taken.waId);
  const { items } = await get(`?contactId=${person.contactId}`);
  expect(items.length).toBeGreaterThanOrEqual(1);
  expect(items.every(({ contactId }) => [left.contactId, taken.contactId].includes(contactId ?? ''))).toBe(true);
});

it('of anybody it has those whom nobody knew, too; a code of a later release is left out', async () => {
  await recordDecisions(world.pool, [denied(null, 3_000, { reasons: ['contact_unknown', 'of_a_later_release'] })]);
  const { items } = await get('?limit=1');
  expect(items.map(({ contactId, reasons }) => [contactId, reasons.map(({ code }) => code)])).toEqual([[null, ['contact_unknown']]]);
});

it.each([
  ['an unknown contact', '?contactId=01900000-0000-7000-8000-00000000ffff', 404],
  ['no contactId', '?contactId=4915600000', 422],
  ['a cursor of another route', `?cursor=${Buffer.from('"7"').toString('base64url')}`, 422],
])('%s is refused', async (_case, query, expected) => expect((await get(query)).status).toBe(expected));

it('keyturn decisions says it in words, each reason once', async () => {
  const { waId, contactId } = await somebody();
  await recordDecisions(world.pool, [denied(contactId, 1, { template: 'parcel\u001b[31m' }), denied(contactId, 2, { category: null })]);
  const { code, out } = await keyturn('decisions', `+${waId}`);
  expect(code).toBe(0);
  expect(out).toContain('identity_blocked, no_opt_in (identity_unproven)');
  expect(out.match(/Verify the person and acknowledge the change\./g)).toHaveLength(1);
  expect(out).not.toContain('\u001b[31m');
  expect((await keyturn('decisions')).out).toContain(contactId);
});

it('counts add up, however they come, and each flush of a gate counts once', async () => {
  const one = { day: '2026-11-28', phoneNumberId: 'P1', category: 'utility', decision: 'allow', sends: 2 } as const;
  const [gateId, another] = [newId(), newId()];
  const first = { gateId, flush: 1, counts: [one, { ...one, sends: 3 }, { ...one, decision: 'deny' as const }] };
  const second = { gateId, flush: 2, counts: [one] };
  for (const flush of [first, first, second, second, { ...second, gateId: another }]) await countDecisions(world.pool, flush);
  const { rows } = await world.pool.query('select decision, sends::int from gate_day order by 1');
  expect(rows).toEqual([
    { decision: 'allow', sends: 9 },
    { decision: 'deny', sends: 2 },
  ]);
});
