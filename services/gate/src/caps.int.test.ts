import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { message, numberChanged, status, until } from '@keyturn/testkit';
import { type GateWorld, gateWorld, OURS } from './gate.fixture.ts';
import { start } from './start.ts';

const MAX = 3;
const policy = {
  frequency: { marketing: { max: MAX, withinHours: 24 }, utility: { max: 1, withinHours: 1 } },
  categories: { utility: { frequency_cap: 'shadow' }, marketing: { no_opt_in: 'off', number_unreachable: 'enforce' } },
};
let dir: string;
let world: GateWorld;
let second: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'keyturn-caps-'));
  const file = path.join(dir, 'policy.json');
  writeFileSync(file, JSON.stringify(policy));
  world = await gateWorld({ GATE_POLICY_FILE: file });
  second = await start({ DATABASE_URL: world.databaseUrl, GATE_PORT: '0', GATE_GRAPH_URL: world.platform.url, GATE_POLICY_FILE: file });
});
afterAll(async () => {
  await second.stop();
  await world.stop();
  rmSync(dir, { recursive: true });
});
beforeEach(() => world.current());

let people = 491_650_000_000;
const NOW = () => Math.floor(Date.now() / 1000);
const wrote = (waId: string, more = {}) =>
  message({ waId, phoneNumberId: OURS, identityKeyHash: 'h1', at: NOW() - 60, wamid: `wamid.${waId}`, ...more });
async function somebody(): Promise<string> {
  const waId = String(people++);
  await world.says(wrote(waId));
  return waId;
}
const template = (to: string) => ({ messaging_product: 'whatsapp', to, type: 'template', template: { name: `t${to}` } });
const as = (category: string) => ({ headers: { 'x-keyturn-category': category } });
const send = (to: string, category = 'marketing', url?: string) => world.send(template(to), { ...as(category), ...(url ? { url } : {}) });
const reasonsOf = (answer: Awaited<ReturnType<typeof send>>) =>
  answer.status === 200 ? 'sent' : answer.body.error.error_data.keyturn.reasons.map(({ code }) => code).join();
const decision = async (to: string, category: string) => (await world.decide({ phoneNumberId: OURS, to, category })).body;
const sentTo = (to: string) => world.platform.requests.filter(({ body }) => (body as { to?: string } | undefined)?.to === to).length;

describe('a cap on a category', () => {
  it('lets so many through, in whatever spelling, and no more; the next category has its own', async () => {
    const person = await somebody();
    for (const to of [person, `+${person}`, `00${person}`]) expect(reasonsOf(await send(to))).toBe('sent');
    expect(reasonsOf(await send(person))).toBe('frequency_cap');
    expect(await decision(person, 'marketing')).toMatchObject({ decision: 'deny', reasons: [{ code: 'frequency_cap' }] });
    expect((await decision(person, 'authentication')).decision).toBe('allow');
  });

  it('holds for whatever comes at once, through two gates', async () => {
    const person = await somebody();
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, i) => send(person, 'marketing', i % 2 === 0 ? second.url : undefined)),
    );
    expect(Map.groupBy(answers.map(reasonsOf), (one) => one).get('sent')).toHaveLength(MAX);
    expect(sentTo(person)).toBe(MAX);
  });

  it('lets go of what is over', async () => {
    const person = await somebody();
    for (let i = 0; i < MAX; i++) await send(person);
    await world.pool.query(`update send_count set sent_at[2] = now() - interval '24 hours 1 second' where category = 'marketing'`);
    expect([reasonsOf(await send(person)), reasonsOf(await send(person))]).toEqual(['sent', 'frequency_cap']);
  });

  it('does not count what the platform refused, nor what was denied', async () => {
    const person = await somebody();
    world.platform.world.refusals.set(person, { status: 400, code: 131_049, message: '(#131049)' });
    for (let i = 0; i < 2 * MAX; i++) {
      expect((await send(person)).status).toBe(400);
      await until('it is taken back', async () => (await decision(person, 'marketing')).decision === 'allow');
    }
    world.platform.world.refusals.delete(person);
    for (let i = 0; i < MAX; i++) expect(reasonsOf(await send(person))).toBe('sent');
  });

  it('nothing goes out while it can’t be counted, and what was counted too late is taken back', async () => {
    const person = await somebody();
    const holder = await world.pool.connect();
    await holder.query('set idle_in_transaction_session_timeout = 0');
    await holder.query('begin');
    await holder.query('lock table send_count in share row exclusive mode');
    const { status, body } = await send(person).finally(() => holder.release(true)); // with its lock
    expect([status, body.error.code, sentTo(person)]).toEqual([503, 990_002, 0]);
    for (let i = 0; i < MAX; i++) await until('there is room again', async () => reasonsOf(await send(person)) === 'sent');
    expect(reasonsOf(await send(person))).toBe('frequency_cap');
  });

  it('in shadow says so, and denies nothing', async () => {
    const person = await somebody();
    for (let i = 0; i < 3; i++) expect(reasonsOf(await send(person, 'utility'))).toBe('sent');
    expect(await decision(person, 'utility')).toMatchObject({ decision: 'allow', shadowed: [{ code: 'frequency_cap' }] });
  });

  it('a template of a category that nobody knows counts as each that is capped', async () => {
    const person = await somebody();
    for (let i = 0; i < MAX; i++) await world.send({ ...template(person), template: { name: 'nobody knows it' } });
    expect(reasonsOf(await send(person))).toBe('frequency_cap');
  });

  it('counts what went to both who turn out to be one', async () => {
    const [number, bsuid] = [String(people++), `DE.${people++}`];
    await world.says(
      wrote(number),
      message({ bsuid, phoneNumberId: OURS, identityKeyHash: 'h1', at: NOW() - 50, wamid: `wamid.${bsuid}` }),
    );
    for (let i = 0; i < 2; i++) await send(number);
    const { to: _, ...without } = template(number);
    expect((await world.send({ ...without, recipient: bsuid }, as('marketing'))).status).toBe(200);
    await world.says(
      message({ waId: number, bsuid, phoneNumberId: OURS, identityKeyHash: 'h1', at: NOW() - 40, wamid: `wamid.both.${number}` }),
    );
    expect(reasonsOf(await send(number))).toBe('frequency_cap');
  });
});

describe('a number that could not be reached', () => {
  const said = (waId: string, word: string, at: number, more = {}) =>
    status({ waId, phoneNumberId: OURS, wamid: `wamid.out.${waId}.${at}`, status: word, at: NOW() + at, ...more });
  const failed = (waId: string, at: number, code = 131_026) => said(waId, 'failed', at, { errorCodes: [code] });
  const reasons = async (to: string) => (await decision(to, 'marketing')).reasons.map(({ code }) => code);

  it.each<[guarantee: string, (waId: string) => Parameters<GateWorld['says']>, against: string[]]>([
    ['is denied', (waId) => [failed(waId, -10)], ['number_unreachable']],
    ['by other failures it is none', (waId) => [failed(waId, -10, 131_049)], []],
    ['nor once something was delivered since', (waId) => [failed(waId, -10), said(waId, 'delivered', -5)], []],
    ['but what was delivered before says nothing', (waId) => [said(waId, 'delivered', -20), failed(waId, -10)], ['number_unreachable']],
    ['and what was only sent does not either', (waId) => [failed(waId, -10), said(waId, 'sent', -5)], ['number_unreachable']],
    ['nor once the person wrote since', (waId) => [failed(waId, -10), wrote(waId, { at: NOW() - 5, wamid: `wamid.later.${waId}` })], []],
    ['of two failures the later counts', (waId) => [failed(waId, -10), failed(waId, -20), said(waId, 'read', -15)], ['number_unreachable']],
  ])('%s', async (_guarantee, events, against) => {
    const person = await somebody();
    await world.says(...events(person));
    expect(await reasons(person)).toEqual(against);
  });

  it('is the next holder’s concern no more', async () => {
    const [old, next] = [await somebody(), String(people++)];
    await world.says(failed(old, -30));
    await world.says(numberChanged({ at: NOW() - 20, phoneNumberId: OURS, waId: old, previous: { waId: old }, current: { waId: next } }));
    await world.says(wrote(old, { at: NOW() - 10, wamid: `wamid.new.${old}` }));
    expect(await reasons(old)).not.toContain('number_unreachable');
  });
});
