import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { message, until } from '@keyturn/testkit';
import { type GateWorld, gateWorld, OURS } from './gate.fixture.ts';

let world: GateWorld;
beforeAll(async () => {
  world = await gateWorld({ GATE_ALLOWS_KEPT: '0' });
});
afterAll(() => world.stop());
beforeEach(() => world.current());

let people = 491_730_000_000;
const NOW = () => Math.floor(Date.now() / 1000);
const wrote = (waId: string, identityKeyHash: string, ago: number) =>
  message({ waId, phoneNumberId: OURS, identityKeyHash, at: NOW() - ago, wamid: `wamid.${waId}.${ago}` });
/** Somebody who is blocked. */
const blocked = async () => {
  const waId = String(people++);
  await world.says(wrote(waId, 'h1', 60), wrote(waId, 'h2', 50));
  return waId;
};
const template = (to: string) => ({
  ...{ messaging_product: 'whatsapp', to, type: 'template' },
  template: { name: 'login_code', language: { code: 'en' } },
});
type Row = { decision: string; contact_id: string | null; door: string; category: string | null; template: string | null; actor: string };
const rowsOf = async (contactId: string | null) =>
  (
    await world.pool.query<Row & { reasons: string[]; phone_number_id: string }>(
      `select decision, contact_id, phone_number_id, category, template, door, actor, reasons from gate_decision
       where contact_id is not distinct from $1 order by decided_at, decision_id`,
      [contactId],
    )
  ).rows;
const denied = (contactId: string | null, door: string, more: object) => ({
  ...{ decision: 'deny', contact_id: contactId, phone_number_id: OURS, door, template: null, actor: expect.stringMatching(/^key:\w+$/) },
  ...more,
});

it('has every denial with all reasons, at each door, and who asked', async () => {
  const waId = await blocked();
  const { body } = await world.decide({ phoneNumberId: OURS, to: waId, category: 'marketing', template: 'offer' });
  await world.send(template(waId), { headers: { 'x-keyturn-category': 'authentication' } });
  await world.send(template(waId), { path: `/v25.0/${OURS}/marketing_messages` });
  await until('all are kept', async () => (await rowsOf(body.contactId)).length === 3);
  expect(await rowsOf(body.contactId)).toEqual([
    denied(body.contactId, 'decisions', { category: 'marketing', template: 'offer', reasons: body.reasons.map(({ code }) => code) }),
    denied(body.contactId, 'messages', {
      category: 'authentication',
      template: 'login_code',
      reasons: expect.arrayContaining(['identity_blocked']),
    }),
    denied(body.contactId, 'marketing_messages', { category: 'marketing', template: 'login_code', reasons: expect.any(Array) }),
  ]);
  expect(body.reasons.length).toBeGreaterThan(1);
});

it('names nobody by number: neither whom nobody knows nor whom two are', async () => {
  await world.decide({ items: [491_799, 491_798].map((to) => ({ phoneNumberId: OURS, to: String(to), category: 'utility' })) });
  await until('both are kept', async () => (await rowsOf(null)).length === 2);
  const { rows } = await world.pool.query<{ row: string }>('select gate_decision::text as row from gate_decision');
  for (const { row } of rows) expect(row).not.toMatch(/49179|49173/);
});

it('counts what is allowed and keeps none of it, unless told to', async () => {
  const waId = String(people++);
  await world.says(wrote(waId, 'h1', 60));
  const counted = async () => {
    const { rows } = await world.pool.query<{ sends: string }>(
      `select sum(sends) as sends from gate_day where decision = 'allow' and category = 'utility' and phone_number_id = $1`,
      [OURS],
    );
    return Number(rows[0]?.sends ?? 0);
  };
  const before = await counted();
  const asked = { phoneNumberId: OURS, to: waId, category: 'utility' };
  const { contactId } = (await world.decide(asked)).body;
  await world.decide({ items: [asked, asked] });
  await until('all are counted', async () => (await counted()) === before + 3);
  expect(await rowsOf(contactId)).toEqual([]);
});

it('has what was decided while the database could not take it', async () => {
  const waId = await blocked();
  await world.pool.query(
    `create function away() returns trigger language plpgsql as $$ begin raise exception using errcode = '57P01'; end $$`,
  );
  await world.pool.query('create trigger away before insert on gate_decision execute function away()');
  const { contactId } = (await world.decide({ phoneNumberId: OURS, to: waId, category: 'service' })).body;
  await world.pool.query('drop trigger away on gate_decision');
  await until('it is kept', async () => (await rowsOf(contactId)).length === 1);
});

it('loses no other for one that the database refuses', async () => {
  const waId = await blocked();
  await world.pool.query(`alter table gate_decision add constraint no_such check (template <> 'refused')`);
  const ask = (name: string) => ({ phoneNumberId: OURS, to: waId, category: 'utility', template: name });
  const names = ['a', 'b', 'refused', 'c', 'd'];
  const { body } = await world.decide({ items: names.map(ask) });
  const contactId = body.items[0]?.contactId ?? null;
  await until('the others are kept', async () => (await rowsOf(contactId)).length === 4);
  expect((await rowsOf(contactId)).map((row) => row.template)).toEqual(['a', 'b', 'c', 'd']);
});

it('keeps what is allowed where that is asked for', async () => {
  const other = await gateWorld({ GATE_ALLOWS_KEPT: '1' });
  const waId = String(people++);
  await other.says(wrote(waId, 'h1', 60));
  await other.decide({ phoneNumberId: OURS, to: waId, category: 'utility' });
  await other.stopGate();
  const { rows } = await other.pool.query<Row>('select decision, door from gate_decision');
  expect(rows).toEqual([{ decision: 'allow', door: 'decisions' }]);
  await other.stop();
});
