import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLog } from '@keyturn/runtime';
import { decide } from '@keyturn/store';
import { message, until } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { afterSend } from './after-send.ts';
import { type GateWorld, gateWorld, OURS } from './gate.fixture.ts';

let world: GateWorld;
beforeAll(async () => {
  world = await gateWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.current());

let people = 491_720_000_000;
const NOW = () => Math.floor(Date.now() / 1000);
const known = async (identityKeyHash = 'h1') => {
  const waId = String(people++);
  await world.says(message({ waId, phoneNumberId: OURS, identityKeyHash, at: NOW() - 60, wamid: `wamid.${waId}` }));
  return waId;
};
const text = (to: string) => ({ messaging_product: 'whatsapp', to, type: 'text', text: { body: 'Hello' } });
const reasons = async (to: string, category = 'service') =>
  (await world.decide({ phoneNumberId: OURS, to, category })).body.reasons.map(({ code }) => code);
const refuses = (to: string, code: number, more = {}) =>
  world.platform.world.refusals.set(to, { status: 400, code, message: `(#${code}) refused`, ...more });
type Row = { topic: string; key: string; value: Buffer; headers: Record<string, string> };
const enqueued = async (waId: string) =>
  (await world.pool.query<Row>(`select topic, key, value, headers from outbox where position(convert_to($1, 'UTF8') in value) > 0`, [waId]))
    .rows;

describe('what the platform refuses', () => {
  it('is in the outbox before the refusal goes back, as a webhook and its event, and goes back as it came', async () => {
    const person = await known();
    refuses(person, 137_000);
    const answer = await world.send(text(person));
    const rows = await enqueued(person);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 137_000, message: '(#137000) refused' } } });
    expect(rows.map(({ topic }) => topic)).toEqual(['whatsapp.webhooks.v1', 'whatsapp.inbound.v1']);
    const event = JSON.parse(String(rows[1]?.value));
    expect(event).toMatchObject({ type: 'status.reported', status: 'failed', waId: person, errorCodes: [137_000], sentUnder: 'h1' });
    expect(rows[0]?.key).toBe(event.source.webhookId);
  });

  it('blocks by 137000 as a status does, under another spelling too', async () => {
    await world.says(message({ waId: '5215550002222', phoneNumberId: OURS, identityKeyHash: 'h1', at: NOW() - 60, wamid: 'wamid.mx' }));
    refuses('525550002222', 137_000);
    await world.send(text('525550002222'));
    await world.follow();
    expect(await reasons('5215550002222')).toEqual(['identity_blocked']);
    expect((await world.send(text('5215550002222'))).status).toBe(403);
  });

  it('trap 32: once it was decided on unseen, a free answer goes out without a hash, which the platform would refuse again', async () => {
    const person = await known();
    refuses(person, 137_000);
    await world.send(text(person));
    await world.follow();
    const { contactId } = (await world.decide({ phoneNumberId: OURS, to: person, category: 'service' })).body;
    const { rows } = await world.pool.query('select version from identity_state where contact_id = $1', [contactId]);
    const decided = {
      decisionId: v7(),
      verdict: 'same_person',
      reason: 'called back',
      actor: 'test',
      decidedAt: new Date().toISOString(),
    } as const;
    await decide({ pool: world.pool, newContactId: v7 }, contactId ?? '', { ...decided, keyHash: null, version: rows[0].version });
    await world.follow();
    world.platform.world.refusals.delete(person);
    const sentBefore = world.platform.requests.length;
    expect((await world.send(text(person))).status).toBe(200);
    expect(world.platform.requests.slice(sentBefore).map(({ body }) => body)).toEqual([text(person)]);
  });

  it('stops marketing by 131050', async () => {
    const person = await known();
    refuses(person, 131_050);
    await world.send(text(person));
    await world.follow();
    expect(await reasons(person, 'marketing')).toContain('opted_out');
    expect(await reasons(person)).toEqual([]);
  });

  it('is read where it comes compressed', async () => {
    const person = await known();
    refuses(person, 137_000);
    world.platform.world.compresses = true;
    const answer = await world.send(text(person));
    world.platform.world.compresses = false;
    expect(answer.body.error.code).toBe(137_000);
    expect(await enqueued(person)).toHaveLength(2);
  });

  it.each([
    ['is about us alone', 131_048, 0],
    ['is longer than any', 137_000, 3_000_000],
  ])('goes back and is not told where it %s', async (_guarantee, code, bytes) => {
    const person = await known();
    refuses(person, code, { error_data: { details: 'x'.repeat(bytes) } });
    const { status, body } = await world.send(text(person));
    expect([status, body.error.code, body.error.error_data.details.length]).toEqual([400, code, bytes]);
    expect(await enqueued(person)).toEqual([]);
  });

  const ours = async () => Number((await world.pool.query('select coalesce(sum(webhooks), 0) as ours from webhook_ours')).rows[0].ours);
  it.each([
    ['before it is in the outbox', 'trigger', 'before insert on outbox'],
    ['before it is counted', 'trigger', 'before insert on webhook_ours'],
    ['at the commit', 'constraint trigger', 'after insert on outbox deferrable initially deferred for each row'],
  ])('goes back while the database is away, %s, and is told and counted as ours, once, when it is back', async (_when, kind, where) => {
    const person = await known();
    refuses(person, 137_000);
    const before = await ours();
    await world.pool.query(
      `create or replace function away() returns trigger language plpgsql as $$ begin raise exception using errcode = '57P01'; end $$`,
    );
    await world.pool.query(`create ${kind} away ${where} execute function away()`);
    const answer = await world.send(text(person));
    expect([answer.status, answer.body.error.code]).toEqual([400, 137_000]);
    expect([await enqueued(person), await ours()]).toEqual([[], before]);
    await world.pool.query(`drop trigger away on ${/on (\w+)/.exec(where)?.[1]}`);
    await until('it is told', async () => (await enqueued(person)).length === 2);
    expect(await ours()).toBe(before + 1);
  });
});

describe('what the platform takes', () => {
  type Sent = { wamid: string; contact_id: string; key_hash: string | null; category: string; template: string | null; actor: string };
  const remembered = async (keyHash: string) =>
    (
      await world.pool.query<Sent>('select wamid, contact_id, key_hash, category, template, actor from outbound_sent where key_hash = $1', [
        keyHash,
      ])
    ).rows;
  const wamidIn = (answer: unknown) => (answer as { messages: [{ id: string }] }).messages[0].id;

  it.each([
    ['as it comes', false],
    ['where it comes compressed', true],
  ])('is remembered with whom it was judged for, its hash and who sent it, %s', async (_how, compresses) => {
    const hash = `h${people}`;
    const person = await known(hash);
    const { contactId } = (await world.decide({ phoneNumberId: OURS, to: person, category: 'service' })).body;
    world.platform.world.compresses = compresses;
    const { body } = await world.send(text(person));
    world.platform.world.compresses = false;
    await until('it is written', async () => (await remembered(hash)).length > 0);
    const actor = expect.stringMatching(/^key:[0-9a-f]+$/);
    expect(await remembered(hash)).toEqual([
      { wamid: wamidIn(body), contact_id: contactId, key_hash: hash, category: 'service', template: null, actor },
    ]);
  });

  it('is written before the gate stops, however long the answer takes to be read', async () => {
    const { pool } = world;
    const database = { pool, schema: 'keyturn', close: async () => {} };
    const after = afterSend({ database, keptDays: 90, now: () => new Date(), log: createLog('test') });
    const send = { phoneNumberId: OURS, to: '491', recipient: null, group: false, category: null, identityKeyHash: null };
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const broken = Promise.reject<string | null>(new Error('broken off'));
    for (const answer of [promise, broken])
      after.took({ send, template: null, contactId: null, keyHash: 'read late', actor: 'key:0' }, answer);
    const stopped = after.stop();
    resolve(JSON.stringify({ messages: [{ id: 'wamid.read-late' }] }));
    await stopped;
    expect((await remembered('read late')).map(({ wamid }) => wamid)).toEqual(['wamid.read-late']);
  });

  it('is written before the gate stops, also what goes out while it waits for an answer', async () => {
    const { pool } = world;
    const database = { pool, schema: 'keyturn', close: async () => {} };
    const after = afterSend({ database, keptDays: 90, now: () => new Date(), log: createLog('test') });
    const send = { phoneNumberId: OURS, to: '491', recipient: null, group: false, category: null, identityKeyHash: null };
    const going = { send, template: null, contactId: null, keyHash: 'sent late', actor: 'key:0' };
    const [first, second] = [Promise.withResolvers<string | null>(), Promise.withResolvers<string | null>()];
    after.took(going, first.promise);
    const ended: string[] = [];
    const stopped = after.stop().then(() => void ended.push('stopped'));
    after.took(going, second.promise);
    first.resolve(null);
    await pool.query('select');
    expect(ended).toEqual([]);
    second.resolve(JSON.stringify({ messages: [{ id: 'wamid.sent-late' }] }));
    await stopped;
    expect((await remembered('sent late')).map(({ wamid }) => wamid)).toEqual(['wamid.sent-late']);
  });

  it('is written before the gate stops, also what is answered when nobody waits for it any more', async () => {
    const other = await gateWorld();
    const [waId, late] = [String(people++), String(people++)];
    await other.says(
      ...[waId, late].map((one) =>
        message({ waId: one, phoneNumberId: OURS, identityKeyHash: `h${one}`, at: NOW() - 60, wamid: `wamid.${one}` }),
      ),
    );
    const wamids = (await Promise.all(Array.from({ length: 20 }, () => other.send(text(waId))))).map(({ body }) => wamidIn(body));
    const { promise, resolve } = Promise.withResolvers<void>();
    other.platform.world.manners.set(late, { after: promise });
    const leaving = new AbortController();
    const left = other.send(text(late), { signal: leaving.signal }).catch(() => 'left');
    await until('the platform has it', () => other.platform.requests.length === 21);
    leaving.abort();
    expect(await left).toBe('left');
    const agent = new Agent({ keepAlive: true });
    const unused = once(agent, 'free');
    get(other.url, { agent }, (answer) => void answer.resume());
    const [socket] = (await unused) as [Socket];
    const stopped = other.stopGate();
    await once(socket, 'close'); // it waits for no caller any more
    await other.pool.query('select');
    resolve();
    await stopped;
    const { rows } = await other.pool.query<Sent>('select wamid, key_hash from outbound_sent order by key_hash');
    expect(rows.map(({ key_hash }) => key_hash)).toEqual([...Array(20).fill(`h${waId}`), `h${late}`]);
    expect(rows.map(({ wamid }) => wamid)).toEqual(expect.arrayContaining(wamids));
    await other.stop();
  });
});
