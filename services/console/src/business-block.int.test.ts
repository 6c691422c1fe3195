import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changedNumber, consoleWorld, message, type World } from './console.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
const at = (seconds: number) => new Date((T + seconds) * 1000).toISOString();
let numbers = 4917100000;
const newNumber = () => String(numbers++);
/** Somebody who wrote once, and was then blocked by choice. */
async function blocked(ids: { waId?: string; bsuid?: string } = { waId: newNumber() }) {
  await world.says(message({ ...ids, at: T }));
  const [contact] = (await world.call('POST', '/v1/contacts/search', ids.bsuid ? { bsuid: ids.bsuid } : { waId: ids.waId })).body.items;
  const contactId = contact?.contactId as string;
  expect(await set(contactId)).toMatchObject({ status: 200 });
  return { ...ids, waId: ids.waId as string, contactId };
}
const path = (contactId: string) => `/v1/contacts/${contactId}/business-block`;
const set = (contactId: string, body: object = { reason: 'fraud' }) => world.call('PUT', path(contactId), body);
const lift = (contactId: string, body: object = { reason: 'settled' }) => world.call('DELETE', path(contactId), body);
const isBlocked = async (contactId: string) => (await world.call('GET', `/v1/contacts/${contactId}`)).body.businessBlocked;
/** What contact.events.v1 was told of blocks, with what the state record beside each says. */
async function told(contactId: string) {
  const { rows } = await world.pool.query<{ event: Record<string, unknown>; state: { version: number; contact: object } }>(
    `select convert_from(value, 'UTF8')::jsonb as event, convert_from(state, 'UTF8')::jsonb as state from outbox
     where key = $1 and headers->>'event-type' like '%block%' order by position`,
    [contactId],
  );
  return rows;
}
const types = async (contactId: string) => (await told(contactId)).map(({ event }) => event.type);

describe('set and lift', () => {
  it('says so everywhere: answer, contact, list, history, event and state', async () => {
    const { contactId, waId } = await blocked();
    const { body } = await world.call('GET', `/v1/contacts/${contactId}`);
    expect(body).toMatchObject({ businessBlocked: true, businessBlock: { reason: 'fraud', actor: 'key:bootstrap', wroteAt: null } });
    const { items } = (await world.call('GET', '/v1/business-blocks?limit=1')).body;
    expect(items).toMatchObject([{ contactId, identifiers: [{ value: waId }], businessBlock: body.businessBlock }]);
    const decision = { reason: 'fraud', actor: 'key:bootstrap', decidedAt: body.businessBlock?.blockedAt };
    expect(await told(contactId)).toMatchObject([
      {
        event: { type: 'contact.business_blocked', version: 3, decision, cause: { actor: 'key:bootstrap', reason: 'fraud' } },
        state: { version: 3, contact: { businessBlock: body.businessBlock } },
      },
    ]);
    expect(await lift(contactId, { reason: 'settled', note: 'case 7' })).toMatchObject({
      status: 200,
      body: { contactId, businessBlock: null },
    });
    expect((await world.call('GET', path(contactId))).body).toMatchObject({
      contactId,
      businessBlock: null,
      items: [
        { type: 'contact.business_unblocked', reason: 'settled', note: 'case 7', actor: 'key:bootstrap' },
        { type: 'contact.business_blocked', reason: 'fraud', note: null, actor: 'key:bootstrap' },
      ],
      nextCursor: null,
    });
    const [, unblocked] = await told(contactId);
    expect(unblocked?.state.contact).not.toHaveProperty('businessBlock');
    expect(await isBlocked(contactId)).toBe(false);
  });

  it('the same again changes nothing, and of many at once one is told', async () => {
    const { contactId } = await blocked();
    await Promise.all(Array.from({ length: 5 }, () => set(contactId)));
    expect(await types(contactId)).toEqual(['contact.business_blocked']);
    const lifts = await Promise.all(Array.from({ length: 5 }, () => lift(contactId)));
    expect(lifts.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    expect(lifts.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'business_block.conflict',
      reason: 'not_blocked',
      businessBlock: null,
    });
  });

  it('the history is paged, the list too, and each block is on one page', async () => {
    const { contactId } = await blocked();
    await lift(contactId);
    const first = (await world.call('GET', `${path(contactId)}?limit=1`)).body;
    const second = (await world.call('GET', `${path(contactId)}?limit=1&cursor=${first.nextCursor}`)).body;
    expect([first, second].flatMap(({ items }) => items.map(({ type }) => type))).toEqual([
      'contact.business_unblocked',
      'contact.business_blocked',
    ]);
    const some = [await blocked(), await blocked(), await blocked()].map((one) => one.contactId);
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { items, nextCursor } = (await world.call('GET', `/v1/business-blocks?limit=2${cursor}`)).body;
      seen.push(...items.map((item) => item.contactId));
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(seen.slice(0, 3)).toEqual(some.toReversed());
    expect(new Set(seen).size).toBe(seen.length);
  });

  it.each([
    ['PUT', { note: 'no reason' }, 422],
    ['DELETE', { reason: ' ' }, 422],
    ['DELETE', undefined, 400],
    ['PUT', { reason: 'x', more: 1 }, 422],
  ])('%s of %j is refused with %d', async (method, body, status) =>
    expect(await world.call(method, path('01900000-0000-7000-8000-000000000001'), body)).toMatchObject({ status }),
  );

  it('nobody is 404', async () => {
    for (const nobody of ['01900000-0000-7000-8000-000000000001', 'x']) expect(await set(nobody)).toMatchObject({ status: 404 });
  });
});

describe('with the person', () => {
  it('a new number is blocked, what comes from it and late from the old one is told, and whoever takes the old one is free', async () => {
    const { contactId, waId } = await blocked();
    const next = newNumber();
    await world.says(message({ waId: next, at: T + 3600 * 24 })); // before the change is known: a stranger
    expect(await types(contactId)).toEqual(['contact.business_blocked']);
    await world.says(changedNumber(T + 3600, waId, next));
    expect((await world.find(next)).contactId).toBe(contactId);
    await world.says(message({ waId, at: T + 60 }), message({ waId: next, at: T + 3600 * 24 + 60 }));
    await world.says(message({ waId, at: T + 7200 }));
    expect(await isBlocked((await world.find(waId)).contactId)).toBe(false);
    expect(await world.find(next)).toMatchObject({ businessBlocked: true, businessBlock: { wroteAt: at(3600 * 24 + 60) } });
    const wrote = (await told(contactId))
      .filter(({ event }) => event.type === 'contact.blocked_person_wrote')
      .map(({ event }) => event.wrote);
    expect(wrote).toEqual([
      { at: at(3600 * 24), identifier: { kind: 'wa_id', value: next }, phoneNumberId: 'P1' },
      { at: at(60), identifier: { kind: 'wa_id', value: waId }, phoneNumberId: 'P1' },
    ]);
    const queue = (await world.call('GET', '/v1/business-blocks?wrote=true')).body.items;
    expect(queue.map((item) => item.contactId)).toEqual([contactId]);
  });

  it('somebody known by id alone stays blocked once the number shows, whichever side was blocked', async () => {
    const bsuid = `XX.${newNumber()}`;
    const [one, waId] = [await blocked({ bsuid }), newNumber()];
    await world.says(message({ waId, at: T }));
    const other = await world.find(waId);
    await world.says(message({ waId, bsuid, at: T + 60 }));
    const both = await world.find(waId);
    expect(both.businessBlocked).toBe(true);
    expect([one.contactId, other.contactId]).toContain(both.contactId);
    expect((await world.call('GET', path(one.contactId))).body).toMatchObject({
      contactId: both.contactId,
      businessBlock: { reason: 'fraud' },
    });
    expect(await lift(one.contactId)).toMatchObject({ status: 200, body: { contactId: both.contactId } });
    expect(await isBlocked(both.contactId)).toBe(false);
  });

  it('of one person that was blocked as two, a lift lifts both', async () => {
    const bsuid = `XX.${newNumber()}`;
    const [one, other] = [await blocked({ bsuid }), await blocked()];
    await world.says(message({ waId: other.waId, bsuid, at: T + 60 }));
    expect(await lift(one.contactId)).toMatchObject({ status: 200 });
    expect(await lift(other.contactId)).toMatchObject({ status: 409 });
  });

  it('once it was somebody else, the one we knew keeps the block, and the new holder of the number starts free', async () => {
    const waId = newNumber();
    await world.says(message({ waId, at: T, hash: 'A=' }), message({ waId, at: T + 60, hash: 'B=' }));
    const { contactId, identity } = await world.find(waId);
    await set(contactId);
    const decided = await world.call('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, {
      ...{ keyHash: 'B=', version: identity.version, verdict: 'different_person', reason: 'branch' },
    });
    await world.follow();
    const newcomer = decided.body.decision.newContactId as string;
    expect([await isBlocked(contactId), await isBlocked(newcomer)]).toEqual([true, false]);
    expect((await world.find(waId)).contactId).toBe(newcomer);
  });
});
