import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConsentEntryJson, ConsentItem, ConsentRecordedJson } from '@keyturn/contracts';
import { at, optIn, optOut, T } from './consents.fixture.ts';
import { changedNumber, consoleWorld, holdSlice, message, type World } from './console.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

let numbers = 4918200000;
const newNumber = () => String(numbers++);
/** Somebody who wrote at `T`. */
async function known(): Promise<{ waId: string; contactId: string }> {
  const waId = newNumber();
  await world.says(message({ waId, at: T }));
  return { waId, contactId: (await world.find(waId)).contactId };
}
const path = (contactId: string) => `/v1/contacts/${contactId}/consents`;
const record = (contactId: string, body: object) => world.call('POST', path(contactId), body);
const recordMany = async (items: readonly (Partial<ConsentItem> | object)[], phoneNumberId = 'P1') => {
  const { status, body } = await world.call('POST', '/v1/consents', { phoneNumberId, items });
  return { status, body, items: (body.items ?? []) as unknown as ConsentRecordedJson[] };
};
const ledger = async (contactId: string, query = '') => {
  const { body } = await world.call('GET', `${path(contactId)}${query}`);
  return { items: body.items as unknown as ConsentEntryJson[], nextCursor: body.nextCursor };
};
const marketing = async (contactId: string) => (await world.call('GET', `/v1/contacts/${contactId}`)).body.consent.marketing?.status;
async function told(contactId: string) {
  const { rows } = await world.pool.query<{ event: Record<string, unknown>; state: Record<string, unknown> }>(
    `select convert_from(value, 'UTF8')::jsonb as event, convert_from(state, 'UTF8')::jsonb as state from outbox
     where key = $1 and headers->>'event-type' like 'consent.%' order by position`,
    [contactId],
  );
  return rows;
}

describe('of a contact', () => {
  it('an opt-in is on the contact, in the ledger with its evidence and who recorded it, in the journal, and told downstream', async () => {
    const { contactId, waId } = await known();
    const said = optIn(60);
    const optedIn = { status: 'opted_in', source: 'web_form', occurredAt: at(60) };
    expect(await record(contactId, said)).toMatchObject({
      status: 200,
      body: { contactId, outcome: 'recorded', consent: { marketing: optedIn } },
    });
    expect((await world.find(waId)).consent.marketing).toEqual(optedIn);
    const identifier = { kind: 'wa_id', value: waId };
    expect((await ledger(contactId)).items).toMatchObject([
      { ...said, identifier, phoneNumberId: null, actor: 'key:bootstrap' },
      { kind: 'thread', source: 'customer_thread', phoneNumberId: 'P1', actor: 'system:consent' },
    ]);
    const { event, state } = (await told(contactId)).at(-1) ?? {};
    expect(event).toMatchObject({
      type: 'consent.status_changed',
      version: 2,
      occurredAt: at(60),
      fact: said,
      cause: { actor: 'key:bootstrap' },
    });
    expect(state).toMatchObject({ version: 2, consent: { marketing: optedIn } });
    const [entry] = (await world.call('GET', `/v1/contacts/${contactId}/timeline`)).body.items;
    expect(entry).toMatchObject({ type: 'consent.status_changed', actor: 'key:bootstrap', cause: { reason: 'web_form' } });
  });

  it('the same again, many at once and worded in another order, is recorded once', async () => {
    const { contactId } = await known();
    const said = optIn(60, { categories: ['marketing', 'utility'] });
    const other = {
      ...said,
      categories: ['utility', 'marketing'],
      evidence: Object.fromEntries(Object.entries(said.evidence).toReversed()),
    };
    const answers = await Promise.all([said, other, said, other, said].map((one) => record(contactId, one)));
    expect(answers.map(({ body }) => (body as unknown as ConsentRecordedJson).outcome).sort()).toEqual([
      'recorded',
      ...Array<string>(4).fill('unchanged'),
    ]);
    expect((await ledger(contactId)).items.filter(({ kind }) => kind === 'explicit')).toHaveLength(1);
    expect((await told(contactId)).filter(({ event }) => event.type !== 'consent.regrouped')).toHaveLength(2);
  });

  it.each([
    ['a stop after an opt-in', [optIn(60), optOut(120)], 'opted_out'],
    ['a stop that is told late, of before the opt-in', [optIn(120), optOut(60)], 'opted_in'],
    ['an opt-in that is told late, of before the stop', [optOut(120), optIn(60)], 'opted_out'],
    ['both in one second', [optIn(60), optOut(60)], 'opted_out'],
    ['a stop of something else', [optIn(60), optOut(120, { categories: ['service'] })], 'opted_in'],
  ] as const)('%s counts by when it was said', async (_what, said, expected) => {
    const { contactId } = await known();
    for (const one of said) await record(contactId, one);
    expect(await marketing(contactId)).toBe(expected);
  });

  it('a stop by WhatsApp that came before the opt-in was known counts after it', async () => {
    const { contactId, waId } = await known();
    await world.says({ ...message({ waId, at: T + 120 }), optOut: 'keyword' });
    await record(contactId, optIn(60));
    expect(await marketing(contactId)).toBe('opted_out');
  });

  it('the ledger is paged, and each row is on one page', async () => {
    const { contactId } = await known();
    for (const seconds of [60, 120, 120]) await record(contactId, optIn(seconds, { evidence: { submission: Math.random() } }));
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { items, nextCursor } = await ledger(contactId, `?limit=2${cursor}`);
      seen.push(...items.map(({ factId, occurredAt }) => `${occurredAt} ${factId}`));
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(seen).toEqual(seen.toSorted().toReversed());
    expect(new Set(seen).size).toBe(4);
  });

  it.each<[string, object, number, string]>([
    ['an opt-in without evidence', { evidence: {} }, 422, 'evidence'],
    ['no category', { categories: [] }, 422, 'categories'],
    ['a category that there is not', { categories: ['news'] }, 422, 'categories.0'],
    ['a source that only WhatsApp tells of', { source: 'opt_out_message' }, 422, 'source'],
    ['a kind that is no decision', { kind: 'thread' }, 422, 'kind'],
    ['an opt-in of tomorrow', { occurredAt: new Date(Date.now() + 86_400_000).toISOString() }, 422, 'occurredAt'],
    ['a stop of the year 3000', { kind: 'stop', occurredAt: '3000-01-01T00:00:00Z' }, 422, 'occurredAt'],
    ['a date that was missing', { occurredAt: '1970-01-01T00:00:00Z' }, 422, 'occurredAt'],
    ['evidence with a name of every object', { evidence: JSON.parse('{"__proto__":"x"}') }, 422, 'evidence'],
    ['evidence with NUL in its name', { evidence: { 'a\u0000': 'x' } }, 422, 'name it by a line of text'],
    ['evidence with half a pair in its name', { evidence: { 'a\ud800': 'x' } }, 422, 'name it by a line of text'],
    ['a number that would be rounded', { evidence: { submission: 12345678901234567000 } }, 422, 'send it as text'],
    ['evidence in evidence', { evidence: { form: { url: 'x' } } }, 422, 'evidence.form'],
    ['a text that can’t be kept', { evidence: { wording: 'a\u0000b' } }, 422, 'wording'],
    ['something else', { more: 1 }, 422, 'more'],
  ])('%s is refused', async (_what, differs, status, says) => {
    const { contactId } = await known();
    const { status: answered, body } = await record(contactId, { ...optIn(60), ...differs });
    expect(answered).toBe(status);
    expect(body.detail).toContain(says);
    expect((await ledger(contactId)).items).toHaveLength(1);
  });

  it('nobody is 404', async () => {
    for (const nobody of ['01900000-0000-7000-8000-000000000001', 'x'])
      expect(await record(nobody, optIn(0))).toMatchObject({ status: 404 });
  });
});

describe('by number or BSUID', () => {
  it('whoever never wrote becomes a contact, and their first message finds them', async () => {
    await known();
    const [waId, bsuid] = [newNumber(), `XX.${newNumber()}`];
    const { status, items } = await recordMany([
      { waId: `+${waId.slice(0, 2)} ${waId.slice(2)}`, ...optIn(60, { source: 'ivr' }) },
      { bsuid, ...optOut(60) },
      { waId, ...optIn(90, { categories: ['utility'], source: 'qr' }) },
    ]);
    expect(status).toBe(200);
    expect(items.map(({ outcome }) => outcome)).toEqual(['recorded', 'recorded', 'recorded']);
    const contact = await world.find(waId);
    expect([contact.contactId, contact.contactId]).toEqual([items[0]?.contactId, items[2]?.contactId]);
    expect(contact.consent).toMatchObject({
      marketing: { status: 'opted_in', source: 'ivr' },
      utility: { source: 'qr' },
      service: { status: 'none' },
    });
    expect(contact.firstSeenAt).toBeNull();
    await world.says(message({ waId, bsuid, at: T + 3600 }));
    const both = await world.find(waId);
    expect(both.consent.marketing?.status).toBe('opted_out'); // at 60 both said so: a stop
    expect((await ledger(both.contactId)).items.map(({ source }) => source)).toEqual(
      expect.arrayContaining(['ivr', 'qr', 'customer_thread']),
    );
  });

  it('a list that was cut off, sent again and sent by two at a time is recorded once', async () => {
    await known();
    const items = Array.from({ length: 60 }, (_, i) => ({ waId: newNumber(), ...optIn(i, { source: 'import' }) }));
    await recordMany(items.slice(0, 25));
    const answers = await Promise.all([recordMany(items), recordMany(items.toReversed()), recordMany(items)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const outcomes = answers.flatMap((answer) => answer.items.map(({ outcome }) => outcome));
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(35);
    const contactIds = new Set(answers.flatMap((answer) => answer.items.map(({ contactId }) => contactId)));
    expect(contactIds.size).toBe(60);
    const { rows } = await world.pool.query('select count(*)::int as count from consent_ledger where contact_id = any($1)', [
      [...contactIds],
    ]);
    expect(rows).toEqual([{ count: 60 }]);
  });

  it.each<[string, object, string]>([
    ['a national number', { waId: '0171 2345678' }, 'items.1.waId'],
    ['a number of a spreadsheet', { waId: '4917123456.0' }, 'items.1.waId'],
    ['a number in powers of ten', { waId: '4.91712E+11' }, 'items.1.waId'],
    ['nobody', { waId: undefined }, 'waId'],
    ['two', { bsuid: 'XX.1' }, 'waId'],
    ['an opt-in of tomorrow', { occurredAt: '3000-01-01T00:00:00Z' }, 'items.1.occurredAt'],
  ])('of a list with %s nothing is recorded, and the answer names it', async (_what, differs, says) => {
    await known();
    const waId = newNumber();
    const { status, body } = await recordMany([
      { waId, ...optIn(60) },
      { waId: newNumber(), ...optIn(60), ...differs },
    ]);
    expect(status).toBe(422);
    expect(body.detail).toContain(says);
    expect(await world.find(waId)).toBeUndefined();
  });

  it('a number of ours that nobody knows is 404, too many items are 422', async () => {
    expect((await recordMany([{ waId: newNumber(), ...optIn(60) }], 'P9')).status).toBe(404);
    expect((await recordMany(Array(1001).fill({ waId: '4915', ...optIn(60) }))).status).toBe(422);
  });
});

describe('a stranger inherits nothing', () => {
  it('what is told of the number counts for whoever held it when it was said', async () => {
    const { waId, contactId } = await known();
    const next = newNumber();
    await world.says(changedNumber(T + 3600, waId, next), message({ waId, at: T + 7200 }));
    const stranger = (await world.find(waId)).contactId;
    expect(stranger).not.toBe(contactId);
    const { items } = await recordMany([
      { waId, ...optIn(60) },
      { waId, ...optIn(7300, { categories: ['utility'] }) },
    ]);
    expect(items.map((item) => item.contactId)).toEqual([contactId, stranger]);
    expect(await marketing(stranger)).toBe('none');
    expect(await marketing(contactId)).toBe('none'); // it was of the number that was left behind
    expect(await record(stranger, optIn(60))).toMatchObject({
      status: 409,
      body: { code: 'consent.conflict', reason: 'held_nothing_then' },
    });
    expect(await record(contactId, optOut(60))).toMatchObject({ status: 200 }); // a stop goes along
    expect(await marketing(contactId)).toBe('opted_out');
  });

  it('an opt-in of before a change that is learned later stays behind, and its evidence with whom it was of', async () => {
    const { waId, contactId } = await known();
    const next = newNumber();
    await record(contactId, optIn(60));
    await record(contactId, optIn(7200, { evidence: { submission: 'of the newcomer' } }));
    await world.says(changedNumber(T + 3600, waId, next), message({ waId, at: T + 7200 }));
    const stranger = (await world.find(waId)).contactId;
    expect(await marketing(stranger)).toBe('opted_in'); // by their own, of after the change
    expect(await marketing(contactId)).toBe('none');
    const explicit = async (of: string) =>
      (await ledger(of)).items.filter(({ kind }) => kind === 'explicit').map(({ occurredAt }) => occurredAt);
    expect([await explicit(contactId), await explicit(stranger)]).toEqual([[at(60)], [at(7200)]]);
  });

  it('whose number goes to somebody else while it is recorded is looked up again', async () => {
    const { waId, contactId } = await known();
    const row = await holdSlice(world, contactId, 'consent');
    const recording = recordMany([{ waId, ...optIn(7200) }]);
    await row.waiting(1);
    const learning = world.says(changedNumber(T + 3600, waId, newNumber()));
    await row.waiting(2);
    await row.release();
    const { items } = await recording;
    await learning;
    expect(items).toMatchObject([{ outcome: 'recorded', consent: { marketing: { status: 'opted_in' } } }]);
    expect(items[0]?.contactId).toBe((await world.find(waId)).contactId);
    expect(items[0]?.contactId).not.toBe(contactId);
    expect(await marketing(contactId)).toBe('none');
  });

  it('a WABA that moves to another scope takes ledger and evidence along, and what comes again is known', async () => {
    const bsuid = `XX.${newNumber()}`;
    await world.says(message({ bsuid, at: T, on: 'P7', waba: 'waba-7' }));
    const [before] = (await recordMany([{ bsuid, ...optIn(60) }], 'P7')).items;
    const moved = await world.call('POST', '/v1/scope-moves', { wabaId: 'waba-7', scope: 'acme', reason: 'its portfolio', preview: false });
    expect(moved.status).toBe(200);
    await world.follow();
    const [after] = (await recordMany([{ bsuid, ...optIn(60) }], 'P7')).items;
    expect(after).toMatchObject({ contactId: before?.contactId, outcome: 'unchanged', consent: { marketing: { status: 'opted_in' } } });
    expect((await ledger(before?.contactId ?? '')).items.map(({ source, identifier }) => [source, identifier.value])).toEqual([
      ['web_form', bsuid],
      ['customer_thread', bsuid],
    ]);
  });

  it('once it was somebody else, opt-ins of before are the old one’s, also such as are told late', async () => {
    const waId = newNumber();
    await world.says(message({ waId, at: T, hash: 'A=' }), message({ waId, at: T + 60, hash: 'B=' }));
    const { contactId, identity } = await world.find(waId);
    await record(contactId, optIn(30));
    const decided = await world.call('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, {
      ...{ keyHash: 'B=', version: identity.version, verdict: 'different_person', reason: 'branch' },
    });
    await world.follow();
    const newcomer = decided.body.decision.newContactId as string;
    const late = await recordMany([{ waId, ...optIn(40) }]);
    expect(late.items[0]?.contactId).toBe(contactId);
    expect(await marketing(newcomer)).toBe('none');
    expect(await record(newcomer, optIn(30))).toMatchObject({ status: 409 });
    expect(await record(newcomer, optIn(90))).toMatchObject({ status: 200, body: { consent: { marketing: { status: 'opted_in' } } } });
  });
});
