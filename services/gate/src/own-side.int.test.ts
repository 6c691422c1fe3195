import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { account, consumerTopics, inbound, type Topic } from '@keyturn/contracts';
import { applyAccount, applyBatch, stopRule } from '@keyturn/store';
import { GRAPH_TOKEN, message, until } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { type GateWorld, gateWorld, OURS } from './gate.fixture.ts';

let world: GateWorld;
beforeAll(async () => {
  world = await gateWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.current());

const PERSON = '491900000001';
const NOW = () => Math.floor(Date.now() / 1000);
const consumer = { group: 'account', topics: consumerTopics.account, apply: applyAccount } as const;
const offsets = new Map<string, bigint>();
/** The account consumer applies these. */
async function learns(topic: Topic, ...events: { type: string }[]): Promise<void> {
  const from = offsets.get(topic.name) ?? null;
  const records = events.map((event, i) => ({
    ...{ offset: (from ?? 0n) + BigInt(i), key: 'waba', value: Buffer.from(JSON.stringify(event)), timestamp: Date.now() },
    headers: { 'event-type': event.type },
  }));
  const to = (from ?? 0n) + BigInt(events.length);
  offsets.set(topic.name, to);
  const shell = { pool: world.pool, now: () => new Date(), newContactId: v7, stopRule: stopRule('account') };
  await applyBatch(shell, consumer, { topic, partition: 0, records, from, to, caughtUpAt: new Date(), attempt: 1 });
}
let said = 0;
const about = (type: string, fields: object) => {
  const at = new Date().toISOString();
  const envelope = {
    id: `told-${said++}`,
    type,
    wabaId: 'waba',
    occurredAt: at,
    receivedAt: at,
    source: { webhookId: 'w', path: '/entry/0' },
  };
  return { ...envelope, ...fields };
};
const wrote = (at: number, identityKeyHash?: string) =>
  message({
    waId: PERSON,
    wabaId: 'waba',
    phoneNumberId: OURS,
    displayNumber: '16315555555',
    at,
    wamid: `wamid.${at}`,
    ...(identityKeyHash ? { identityKeyHash } : {}),
  });
const decide = async (category: string) => {
  const { body } = await world.decide({ phoneNumberId: OURS, to: PERSON, category });
  return { reasons: body.reasons.map(({ code }) => code), shadowed: body.shadowed.map(({ code }) => code), unanswered: body.unanswered };
};
it('what nobody told of our number is unanswered; a check that is off, and people who flag it, speak against what they are about', async () => {
  await world.says(wrote(NOW() - 100, 'h1'));
  expect((await decide('authentication')).unanswered).toEqual(['identity_unchecked', 'number_restricted']);
  await learns(inbound, ...[5, 4, 3, 2].map((ago) => wrote(NOW() - ago)));
  await until('it is read anew', async () => (await decide('authentication')).reasons.includes('identity_unchecked'));
  expect(await decide('utility')).toMatchObject({ reasons: [], shadowed: ['identity_unchecked'] });
  await learns(account, about('phone_number.quality_changed', { displayNumber: '16315555555', event: 'FLAGGED', limit: 'TIER_1K' }));
  await until('it is read anew', async () => (await decide('marketing')).reasons.includes('number_restricted'));
  expect((await decide('utility')).shadowed).toEqual(['identity_unchecked']);
});

it('a template has the category that the platform told, whatever its sender says', async () => {
  const send = (category: string) => {
    const body = JSON.stringify({ messaging_product: 'whatsapp', to: PERSON, type: 'template', template: { name: 'offer' } });
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${GRAPH_TOKEN}`,
      'x-keyturn-key': world.key,
      'x-keyturn-category': category,
    };
    return fetch(`${world.url}/v25.0/${OURS}/messages`, { method: 'POST', headers, body }).then(({ status }) => status);
  };
  expect(await send('utility')).toBe(200);
  await learns(
    account,
    about('template.status_changed', { templateId: '1', name: 'offer', language: 'en', status: 'APPROVED', category: 'MARKETING' }),
  );
  await until('it is read anew', async () => (await send('utility')) === 403);
});

it('a number without its country code is whoever it is with that of our own number, too; the strictest counts', async () => {
  const [asWritten, atHome] = ['2025550199', '12025550199'];
  const says = (waId: string, identityKeyHash: string, ago: number) =>
    message({
      ...{ waId, wabaId: 'waba', phoneNumberId: OURS, identityKeyHash },
      at: NOW() - ago,
      wamid: `wamid.${waId}.${identityKeyHash}`,
    });
  const reasons = async (to: string) => {
    const { body } = await world.decide({ phoneNumberId: OURS, to, category: 'utility' });
    return body.reasons.map(({ code }) => code);
  };
  const sent = async (to: string) => (await world.send({ messaging_product: 'whatsapp', to, type: 'text', text: { body: 'x' } })).status;
  await learns(inbound, wrote(NOW()));
  await world.says(says(asWritten, 'h1', 90));
  expect([await reasons(asWritten), await sent(asWritten)]).toEqual([[], 200]);
  await world.says(says(atHome, 'h2', 80));
  await until('it is known whose number ours is', async () => (await reasons('202 555 0199')).length > 0);
  for (const to of [asWritten, '(202) 555-0199', '٢٠٢٥٥٥٠١٩٩'])
    expect([await reasons(to), await sent(to)]).toEqual([['two_contacts'], 403]);
  for (const to of [`+${asWritten}`, `00${asWritten}`, `+${atHome}`, atHome])
    expect([to, await reasons(to), await sent(to)]).toEqual([to, [], 200]);
  await world.says(says(atHome, 'h3', 70));
  expect(await reasons(asWritten)).toEqual(['two_contacts', 'identity_blocked']);
  expect([await reasons(`+${asWritten}`), await reasons(`+${atHome}`)]).toEqual([[], ['identity_blocked']]);
  expect(await reasons(`0${asWritten}`)).toEqual(['contact_unknown', 'identity_blocked']);
});

it('a number that is known as it is written is denied where it may be a stranger’s with our country code, unless a hash goes along', async () => {
  const abroad = '3545551234';
  const says = (more: object) =>
    message({ ...{ waId: abroad, wabaId: 'waba', phoneNumberId: OURS, at: NOW() - 20 }, wamid: 'wamid.is', ...more });
  const asked = async (to: string, category = 'utility') => {
    const { body } = await world.decide({ phoneNumberId: OURS, to, category });
    return { reasons: body.reasons.map(({ code }) => code), shadowed: body.shadowed.map(({ code }) => code) };
  };
  await learns(inbound, wrote(NOW()));
  await world.says(says({}));
  await until('it is known whose number ours is', async () => (await asked(abroad)).reasons.length > 0);
  expect((await asked(abroad)).reasons).toEqual(['number_ambiguous']);
  expect((await asked(abroad, 'service')).shadowed).toContain('number_ambiguous');
  for (const to of [`+${abroad}`, `00${abroad}`, '+354 555 12 34']) expect((await asked(to)).reasons).toEqual([]);
  await world.says(says({ identityKeyHash: 'h1', at: NOW() - 10, wamid: 'wamid.is.h1' }));
  expect((await asked(abroad)).reasons).toEqual([]);
});

describe('what is sent', () => {
  const text = (to: string) => ({ messaging_product: 'whatsapp', to, type: 'text', text: { body: 'Hello' } });
  const known = (waId: string, identityKeyHash: string, at = NOW()) =>
    message({ waId, bsuid: `DE.${waId}`, wabaId: 'waba', phoneNumberId: OURS, identityKeyHash, at, wamid: `wamid.${waId}.${at}` });
  const sentTo = (to: string) => world.platform.requests.filter(({ body }) => (body as { to?: string } | undefined)?.to === to);

  it('trap 33: is judged by `to` and by `recipient`, and goes to neither where they are two persons', async () => {
    const [one, other] = ['491900000033', '491900000034'];
    await world.says(known(one, 'h1'), known(other, 'h1'));
    const { status, body } = await world.send({ ...text(one), recipient: `DE.${other}` });
    expect([status, body.error.error_data.keyturn.reasons.map(({ code }) => code), sentTo(one)]).toEqual([403, ['two_contacts'], []]);
    expect((await world.send({ ...text(one), recipient: `DE.${one}` })).status).toBe(200);
  });

  it('trap 35: is judged when it comes, whatever was said of it while it waited in a queue', async () => {
    const person = '491900000035';
    await world.says(known(person, 'h1'));
    expect((await world.decide({ phoneNumberId: OURS, to: person, category: 'service' })).body.decision).toBe('allow');
    await world.says(known(person, 'h2', NOW() + 1));
    expect([(await world.send(text(person))).status, sentTo(person)]).toEqual([403, []]);
  });
});
